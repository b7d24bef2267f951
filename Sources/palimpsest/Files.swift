internal import Glibc

/// The few file operations that the commands need, errors with the path in them.
enum Files {
  static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

  /// Size of a regular file, nil where there is none.
  static func size(_ path: String) -> Int? {
    var status = stat()
    guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(status.st_size)
  }

  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Names in a folder, sorted; empty where there is no folder.
  static func names(in folder: String) -> [String] {
    guard let stream = unsafe opendir(folder) else { return [] }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Bytes of all regular files in a folder and the folders in it.
  static func totalSize(of folder: String) -> Int {
    names(in: folder).reduce(0) { total, name in
      let path = folder + "/" + name
      return total + (isFolder(path) ? totalSize(of: path) : size(path) ?? 0)
    }
  }

  /// Makes a folder and those it lies in.
  static func makeFolder(_ path: String) throws(CommandFailure) {
    if isFolder(path) { return }
    if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
      try makeFolder(String(path[..<slash]))
    }
    guard unsafe mkdir(path, 0o755) == 0 || errno == EEXIST else {
      throw CommandFailure("Cannot make the folder \(path): \(systemMessage(errno)).")
    }
  }

  /// Removes a file, or a folder with all that is in it; nothing happens where there is neither.
  static func remove(_ path: String) {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      unsafe unlink(path)
      return
    }
    for name in names(in: path) { remove(path + "/" + name) }
    unsafe rmdir(path)
  }

  static func rename(_ old: String, _ new: String) throws(CommandFailure) {
    guard unsafe Glibc.rename(old, new) == 0 else {
      throw CommandFailure("Cannot rename \(old) to \(new): \(systemMessage(errno)).")
    }
  }

  /// Absolute path of this program, links followed; nil where the kernel does not tell.
  static func executable() -> String? {
    guard let path = unsafe realpath("/proc/self/exe", nil) else { return nil }
    defer { unsafe free(path) }
    return unsafe String(cString: path)
  }

  /// The whole file, nil where it cannot be read.
  static func contents(_ path: String) -> [UInt8]? {
    try? read(path, upTo: .max)
  }

  /// At most `limit` bytes from the beginning of a file.
  static func read(_ path: String, upTo limit: Int) throws(CommandFailure) -> [UInt8] {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else {
      throw CommandFailure("Cannot read \(path): \(systemMessage(errno)).")
    }
    defer { close(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count < limit {
      let count = unsafe buffer.withUnsafeMutableBytes { buffer in
        unsafe Glibc.read(file, buffer.baseAddress, min(buffer.count, limit - bytes.count))
      }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else {
        throw CommandFailure("Cannot read \(path): \(systemMessage(errno)).")
      }
      if count == 0 { break }
      bytes += buffer[..<count]
    }
    return bytes
  }

  /// Forces what was written to a file or folder onto the disk.
  static func synchronize(_ path: String) {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return }
    fsync(file)
    close(file)
  }

  /// Bytes that may still be written to the file system of a folder, nil where it does not tell.
  static func freeSpace(_ folder: String) -> Int? {
    var facts = statvfs()
    guard unsafe statvfs(folder, &facts) == 0 else { return nil }
    return Int(facts.f_bavail) * Int(facts.f_frsize)
  }
}
