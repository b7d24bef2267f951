internal import Glibc

/// File operations and process facts without Foundation; errors name the operation and the path.
/// Documents are loaded and saved by `Storage`, step by step and durably.
package enum Files {
  package static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

  package static func isReadable(_ path: String) -> Bool { unsafe access(path, R_OK) == 0 }

  /// Size of a regular file in bytes; nil if it does not exist.
  package static func size(_ path: String) -> Int? {
    var status = stat()
    guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(status.st_size)
  }

  /// Size of a file in bytes and the time of its last change in nanoseconds since 1970.
  package static func stamp(
    _ path: String
  ) throws(PlatformError) -> (bytes: Int, nanoseconds: Int) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { throw PlatformError("Cannot read \(path)") }
    let time = Int(status.st_mtim.tv_sec) * 1_000_000_000 + Int(status.st_mtim.tv_nsec)
    return (Int(status.st_size), time)
  }

  package static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Names in a folder, sorted; none if it cannot be read.
  package static func names(in folder: String) -> [String] {
    guard let stream = unsafe opendir(folder) else { return [] }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) {
        unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// The same without names that begin with a dot.
  package static func visibleNames(in folder: String) -> [String] {
    names(in: folder).filter { !$0.hasPrefix(".") }
  }

  /// `root` and the folders at most `depth` levels below it, parents first.
  package static func folders(below root: String, depth: Int) -> [String] {
    let root = root.count > 1 && root.hasSuffix("/") ? String(root.dropLast()) : root
    guard depth > 0 else { return [root] }
    return [root]
      + visibleNames(in: root).map { "\(root)/\($0)" }.filter(isFolder).flatMap {
        folders(below: $0, depth: depth - 1)
      }
  }

  /// Bytes of all regular files in a folder and the folders in it.
  package static func totalSize(of folder: String) -> Int {
    names(in: folder).reduce(0) { total, name in
      let path = folder + "/" + name
      return total + (isFolder(path) ? totalSize(of: path) : size(path) ?? 0)
    }
  }

  /// Makes a folder and its parents, with `permissions` before the umask.
  package static func makeFolder(_ path: String, permissions: UInt32 = 0o755) throws(PlatformError)
  {
    if isFolder(path) { return }
    if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
      try makeFolder(String(path[..<slash]), permissions: permissions)
    }
    guard unsafe mkdir(path, permissions) == 0 || errno == EEXIST else {
      throw PlatformError("Cannot make the folder \(path)")
    }
  }

  /// Removes a file, or a folder with its contents; does nothing if it does not exist.
  package static func remove(_ path: String) {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      unsafe unlink(path)
      return
    }
    for name in names(in: path) { remove(path + "/" + name) }
    unsafe rmdir(path)
  }

  package static func rename(_ old: String, _ new: String) throws(PlatformError) {
    guard unsafe Glibc.rename(old, new) == 0 else {
      throw PlatformError("Cannot rename \(old) to \(new)")
    }
  }

  /// The whole file; nil if it cannot be read.
  package static func contents(_ path: String) -> [UInt8]? {
    try? read(path, upTo: .max)
  }

  /// At most `limit` bytes from the beginning of a file.
  package static func read(_ path: String, upTo limit: Int) throws(PlatformError) -> [UInt8] {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw PlatformError("Cannot read \(path)") }
    defer { close(file) }
    guard let bytes = Descriptor.read(file, upTo: limit) else {
      throw PlatformError("Cannot read \(path)")
    }
    return bytes
  }

  /// Passes the bytes of a file to `body` in parts of at most 1 MiB. Throws `PlatformError` and what
  /// `body` throws, which ends the reading.
  package static func readParts(of path: String, _ body: ([UInt8]) throws -> Void) throws {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw PlatformError("Cannot read \(path)") }
    defer { close(file) }
    while true {
      guard let part = Descriptor.read(file, upTo: 1 << 20) else {
        throw PlatformError("Cannot read \(path)")
      }
      if part.isEmpty { return }
      try body(part)
    }
  }

  /// Copies the contents of a file; `target` is complete or as before.
  package static func copy(_ source: String, to target: String) throws {
    try write(target) { sink in try readParts(of: source) { try sink.append($0) } }
  }

  /// Writes a temporary file and renames it. If anything fails, the file is as before.
  package static func write(_ path: String, _ body: (FileSink) throws -> Void) throws {
    let temporary = "\(path).\(getpid()).tmp"
    let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw PlatformError("Cannot write \(path)") }
    let sink = FileSink(path: path, descriptor: descriptor)
    do {
      try body(sink)
      guard sink.close() else { throw PlatformError("Cannot write \(path)") }
      try rename(temporary, path)
    } catch {
      _ = sink.close()
      unsafe unlink(temporary)
      throw error
    }
  }

  package static func write(_ bytes: [UInt8], to path: String) throws {
    try write(path) { try $0.append(bytes) }
  }

  /// Absolute path of this program, links resolved; nil if the kernel does not report it.
  package static func executable() -> String? {
    guard let path = unsafe realpath("/proc/self/exe", nil) else { return nil }
    defer { unsafe free(path) }
    return unsafe String(cString: path)
  }

  /// Syncs a file or folder to disk.
  package static func synchronize(_ path: String) {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return }
    fsync(file)
    close(file)
  }

  /// Free bytes on the file system of a folder; nil if it does not report them.
  package static func freeSpace(_ folder: String) -> Int? {
    var facts = statvfs()
    guard unsafe statvfs(folder, &facts) == 0 else { return nil }
    return Int(facts.f_bavail) * Int(facts.f_frsize)
  }

  /// A variable of the environment; nil if it is missing or empty.
  package static func environment(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    let text = unsafe String(cString: value)
    return text.isEmpty ? nil : text
  }
}

/// A file being written.
package final class FileSink {
  private let path: String
  private var descriptor: Int32

  init(path: String, descriptor: Int32) {
    self.path = path
    self.descriptor = descriptor
  }

  package func append(_ bytes: [UInt8]) throws(PlatformError) {
    guard Descriptor.write(bytes, to: descriptor) else {
      throw PlatformError("Cannot write \(path)")
    }
  }

  /// Whether all that was written is accepted; true for a file that is closed already.
  func close() -> Bool {
    guard descriptor >= 0 else { return true }
    defer { descriptor = -1 }
    return Glibc.close(descriptor) == 0
  }
}
