extension FileSystem {
  /// The bytes of a file and its status; reads again when the file changes meanwhile. Throws
  /// `StorageError` or `SystemError`. Memory is taken for the size the file has, not more.
  func readFile(
    _ path: String, limit: Int = FileStore.sizeLimit
  ) throws -> (bytes: [UInt8], status: FileStatus) {
    for _ in 0..<3 {
      let file = try open(path, .read)
      defer { try? close(file) }
      let before = try status(of: file)
      guard before.kind == .regular else {
        throw StorageError(path: path, reason: .notAFile(before.kind))
      }
      guard before.size <= limit else {
        throw StorageError(path: path, reason: .tooLarge(size: before.size, limit: limit))
      }
      let bytes = try readToEnd(file, path, sizeHint: before.size, limit: limit)
      let after = try status(of: file)
      if after == before { return (bytes, after) }
    }
    throw StorageError(path: path, reason: .changedOnDisk)
  }

  /// The `ContentHash` of a file of `count` bytes; nil when it has another size.
  func contentHash(_ path: String, count: Int) throws(SystemError) -> UInt64? {
    let file = try open(path, .read)
    defer { try? close(file) }
    var hasher = ContentHasher(count: count)
    var total = 0
    while true {
      let part = try read(file, upTo: 1 << 20)
      if part.isEmpty { return total == count ? hasher.hash : nil }
      hasher.add(part[...])
      total += part.count
    }
  }

  private func readToEnd(
    _ file: Int32, _ path: String, sizeHint: Int, limit: Int
  ) throws -> [UInt8] {
    // One byte more than the size, so that one call reads a file that does not grow.
    var bytes = try read(file, upTo: sizeHint + 1)
    while true {
      let more = try read(file, upTo: 1 << 16)
      if more.isEmpty { return bytes }
      bytes += more
      guard bytes.count <= limit else {
        throw StorageError(path: path, reason: .tooLarge(size: bytes.count, limit: limit))
      }
    }
  }
}
