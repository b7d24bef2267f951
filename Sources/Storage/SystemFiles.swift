internal import CPlatform
internal import Glibc

/// The real file system.
public struct SystemFiles: FileSystem {
  public init() {}

  public func open(_ path: String, _ mode: OpenMode) throws(SystemError) -> Int32 {
    let how: (Int32, UInt32) =
      switch mode {
      case .read: (Int32(CP_OPEN_READ), 0)
      case .write: (Int32(CP_OPEN_WRITE), 0)
      case .create(let permissions): (Int32(CP_OPEN_CREATE), permissions)
      case .append: (Int32(CP_OPEN_APPEND), 0o600)
      case .folder: (Int32(CP_OPEN_FOLDER), 0)
      }
    return try SystemError.check(unsafe cp_file_open(path, how.0, how.1))
  }

  public func close(_ file: Int32) throws(SystemError) {
    _ = try SystemError.check(cp_file_close(file))
  }

  public func read(_ file: Int32, upTo count: Int) throws(SystemError) -> [UInt8] {
    var result = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      result = unsafe cp_file_read(file, buffer.baseAddress, count)
      filled = max(0, result)
    }
    _ = try SystemError.check(result)
    return bytes
  }

  public func read(
    _ file: Int32, at offset: Int, upTo count: Int
  ) throws(SystemError) -> [UInt8] {
    var result = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      result = unsafe cp_file_read_at(file, buffer.baseAddress, count, Int64(offset))
      filled = max(0, result)
    }
    _ = try SystemError.check(result)
    return bytes
  }

  public func hold(_ file: Int32, copyingTo folder: String) throws(SystemError) -> FileHold {
    try FileHold(file, copyingTo: folder)
  }

  public func write(_ file: Int32, _ bytes: ArraySlice<UInt8>) throws(SystemError) -> Int {
    let result = unsafe bytes.withUnsafeBytes {
      unsafe cp_file_write(file, $0.baseAddress, $0.count)
    }
    return try SystemError.check(result)
  }

  public func synchronize(_ file: Int32) throws(SystemError) {
    _ = try SystemError.check(cp_file_sync(file))
  }

  public func synchronizeData(_ file: Int32) throws(SystemError) {
    _ = try SystemError.check(cp_file_sync_data(file))
  }

  public func synchronizeSystem(of file: Int32) throws(SystemError) {
    _ = try SystemError.check(cp_file_sync_system(file))
  }

  public func truncate(_ file: Int32, to size: Int) throws(SystemError) {
    _ = try SystemError.check(cp_file_truncate(file, Int64(size)))
  }

  public func reserve(_ file: Int32, size: Int) throws(SystemError) {
    let result = cp_file_reserve(file, Int64(size))
    // The file system cannot reserve space: writing will fail if it is full.
    if result == -EOPNOTSUPP || result == -ENOSYS { return }
    _ = try SystemError.check(result)
  }

  public func status(of file: Int32) throws(SystemError) -> FileStatus {
    var status = cp_file_status()
    _ = try SystemError.check(unsafe cp_file_status_of(file, &status))
    return FileStatus(status)
  }

  public func status(at path: String, followingLink: Bool) throws(SystemError) -> FileStatus {
    var status = cp_file_status()
    _ = try SystemError.check(unsafe cp_file_status_at(path, followingLink ? 1 : 0, &status))
    return FileStatus(status)
  }

  public func setOwner(_ file: Int32, user: UInt32, group: UInt32) throws(SystemError) {
    _ = try SystemError.check(cp_file_set_owner(file, user, group))
  }

  public func setMode(_ file: Int32, _ mode: UInt32) throws(SystemError) {
    _ = try SystemError.check(cp_file_set_mode(file, mode))
  }

  public func lock(_ file: Int32) throws(SystemError) -> Bool {
    let result = cp_file_lock(file)
    if result == -EWOULDBLOCK { return false }
    _ = try SystemError.check(result)
    return true
  }

  public func readLink(_ path: String) throws(SystemError) -> String {
    try text(try unsafe sized(4096) { unsafe cp_link_read(path, $0, $1) })
  }

  public func rename(
    _ path: String, to target: String, replacing: Bool
  ) throws(SystemError) {
    _ = try SystemError.check(unsafe cp_path_rename(path, target, replacing ? 1 : 0))
  }

  public func remove(_ path: String) throws(SystemError) {
    _ = try SystemError.check(unsafe cp_path_remove(path))
  }

  public func makeFolder(_ path: String) throws(SystemError) {
    _ = try SystemError.check(unsafe cp_folder_make(path, 0o700))
  }

  public func workingFolder() throws(SystemError) -> String {
    try text(try unsafe sized(4096) { unsafe cp_working_folder($0, $1) })
  }

  public func list(_ folder: String) throws(SystemError) -> [String] {
    let count = try SystemError.check(unsafe cp_folder_list(folder, nil, 0))
    let bytes = try unsafe sized(count) { unsafe cp_folder_list(folder, $0, $1) }
    return bytes.split(separator: 0).compactMap { String(validating: $0, as: UTF8.self) }
  }

  public func checkWritable(_ path: String) throws(SystemError) {
    _ = try SystemError.check(unsafe cp_path_writable(path))
  }

  // MARK: Extended attributes

  public func attributes(of file: Int32) throws(SystemError) -> [String: [UInt8]] {
    let count = cp_attribute_names(file, nil, 0)
    if count == -Int(EOPNOTSUPP) { return [:] }
    _ = try SystemError.check(count)
    var result: [String: [UInt8]] = [:]
    let bytes = try unsafe sized(count) { unsafe cp_attribute_names(file, $0, $1) }
    for name in bytes.split(separator: 0) {
      let name = try text(name)
      let size = try SystemError.check(unsafe cp_attribute_get(file, name, nil, 0))
      result[name] = try unsafe sized(size) { unsafe cp_attribute_get(file, name, $0, $1) }
    }
    return result
  }

  public func setAttribute(
    _ file: Int32, _ name: String, _ value: [UInt8]
  ) throws(SystemError) {
    let result = unsafe value.withUnsafeBytes {
      unsafe cp_attribute_set(file, name, $0.baseAddress, $0.count)
    }
    _ = try SystemError.check(result)
  }

  public func removeAttribute(_ file: Int32, _ name: String) throws(SystemError) {
    _ = try SystemError.check(unsafe cp_attribute_remove(file, name))
  }

  /// The bytes that `body` stores into a buffer of `capacity`; it returns how many, or -errno.
  private func sized(
    _ capacity: Int, _ body: (UnsafeMutablePointer<CChar>?, Int) -> Int
  ) throws(SystemError) -> [UInt8] {
    guard capacity > 0 else { return [] }
    var result = 0
    let characters = unsafe [CChar](unsafeUninitializedCapacity: capacity) { buffer, filled in
      result = unsafe body(buffer.baseAddress, capacity)
      filled = min(max(0, result), capacity)
    }
    _ = try SystemError.check(result)
    return characters.map { UInt8(bitPattern: $0) }
  }

  /// Throws for bytes that are not UTF-8: with some of them replaced they would name another file.
  private func text(_ bytes: some Sequence<UInt8>) throws(SystemError) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw SystemError(code: SystemError.notUTF8)
    }
    return text
  }
}

extension FileStatus {
  fileprivate init(_ status: cp_file_status) {
    let kind: Kind =
      switch status.mode & S_IFMT {
      case S_IFREG: .regular
      case S_IFDIR: .folder
      case S_IFLNK: .symbolicLink
      case S_IFIFO: .fifo
      case S_IFSOCK: .socket
      default: .device
      }
    self.init(
      kind: kind, device: status.device, inode: status.inode, links: Int(status.links),
      mode: status.mode & 0o7777, user: status.user, group: status.group, size: Int(status.size),
      modified: status.modified_seconds * 1_000_000_000 + status.modified_nanoseconds,
      changed: status.changed_seconds * 1_000_000_000 + status.changed_nanoseconds)
  }
}

extension SystemError {
  static let invalidArgument = EINVAL
  static let missing = ENOENT
  static let exists = EEXIST
  static let cancelled = ECANCELED
  static let tooLarge = EFBIG
  static let stale = ESTALE
  static let notUTF8 = EILSEQ

  /// The system does not let this user do it, or the file system cannot.
  var isRefusal: Bool { [EPERM, EACCES, EOPNOTSUPP].contains(code) }
}
