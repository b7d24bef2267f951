/// The file operations of storage, each a possible point of failure. Tests replace it and make any
/// of them fail.
public protocol FileSystem: Sendable {
  func open(_ path: String, _ mode: OpenMode) throws(SystemError) -> Int32
  func close(_ file: Int32) throws(SystemError)
  /// At most `count` bytes; none at the end of the file.
  func read(_ file: Int32, upTo count: Int) throws(SystemError) -> [UInt8]
  /// The same from `offset` on, independent of the file's position. From any thread.
  func read(_ file: Int32, at offset: Int, upTo count: Int) throws(SystemError) -> [UInt8]
  /// Keeps the contents unchanged for readers of this descriptor; a copy that this needs is an
  /// unnamed file in `folder`, or in memory.
  func hold(_ file: Int32, copyingTo folder: String) throws(SystemError) -> FileHold
  /// Writes some of `bytes`, at least one; returns how many.
  func write(_ file: Int32, _ bytes: ArraySlice<UInt8>) throws(SystemError) -> Int
  func synchronize(_ file: Int32) throws(SystemError)
  /// Contents and size only.
  func synchronizeData(_ file: Int32) throws(SystemError)
  /// Syncs the whole file system of the file.
  func synchronizeSystem(of file: Int32) throws(SystemError)
  func truncate(_ file: Int32, to size: Int) throws(SystemError)
  /// Makes sure of space for a file of `size` bytes and leaves its contents alone.
  func reserve(_ file: Int32, size: Int) throws(SystemError)
  func status(of file: Int32) throws(SystemError) -> FileStatus
  func status(at path: String, followingLink: Bool) throws(SystemError) -> FileStatus
  func setOwner(_ file: Int32, user: UInt32, group: UInt32) throws(SystemError)
  func setMode(_ file: Int32, _ mode: UInt32) throws(SystemError)
  /// Extended attributes, access control lists among them.
  func attributes(of file: Int32) throws(SystemError) -> [String: [UInt8]]
  func setAttribute(_ file: Int32, _ name: String, _ value: [UInt8]) throws(SystemError)
  func removeAttribute(_ file: Int32, _ name: String) throws(SystemError)
  /// Locks the file; returns whether this process now has the lock, which ends with the process.
  func lock(_ file: Int32) throws(SystemError) -> Bool
  /// Throws `SystemError.notUTF8` for a target that is not UTF-8, as does `workingFolder`.
  func readLink(_ path: String) throws(SystemError) -> String
  func rename(_ path: String, to target: String, replacing: Bool) throws(SystemError)
  func remove(_ path: String) throws(SystemError)
  func makeFolder(_ path: String) throws(SystemError)
  func workingFolder() throws(SystemError) -> String
  /// Names in a folder, in no order, without those that are not UTF-8.
  func list(_ folder: String) throws(SystemError) -> [String]
  /// Throws unless this user may write there.
  func checkWritable(_ path: String) throws(SystemError)
}

public enum OpenMode: Sendable, Equatable {
  case read
  /// An existing file; its contents stay until written over.
  case write
  /// A file that must not exist yet; permissions before the umask.
  case create(permissions: UInt32)
  /// Opens to read and append; created for the user alone if it does not exist.
  case append
  case folder
}

extension FileSystem {
  /// Calls `progress` with the bytes written so far, now and then.
  func writeAll(
    _ file: Int32, _ bytes: [UInt8], progress: (Int) throws(SystemError) -> Void = { _ in }
  ) throws(SystemError) {
    var written = 0
    while written < bytes.count {
      let end = min(written + Self.part, bytes.count)
      written += try write(file, bytes[written..<end])
      try progress(written)
    }
  }

  /// Writes all of `contents` and gives their hash. Calls `progress` like the above.
  func writeAll(
    _ file: Int32, _ contents: Contents, progress: (Int) throws(SystemError) -> Void = { _ in }
  ) throws(SystemError) -> UInt64 {
    var hasher = ContentHasher(count: contents.count)
    var total = 0
    try contents.forEachPart { part throws(SystemError) in
      hasher.add(part)
      var rest = part
      while !rest.isEmpty {
        let written = try write(file, rest.prefix(Self.part))
        rest = rest.dropFirst(written)
        total += written
        try progress(total)
      }
    }
    precondition(total == contents.count, "\(total) bytes of \(contents.count)")
    return hasher.hash
  }

  private static var part: Int { 4 << 20 }

  /// Makes the entry of the new or renamed `file` in `folder` durable. File systems that cannot
  /// sync folders fail with EINVAL; if the folder is not readable, its whole file system is synced.
  func synchronizeFolder(_ folder: String, of file: Int32) throws(SystemError) {
    do {
      let folder = try open(folder, .folder)
      defer { try? close(folder) }
      try synchronize(folder)
    } catch  where error.code == SystemError.invalidArgument {
      return
    } catch  where error.isRefusal {
      try synchronizeSystem(of: file)
    }
  }
}
