/// An open file that this process has locked. `remove` deletes it, `close` keeps it. Confined to
/// one thread.
public final class LockedFile {
  public let path: String
  let file: Int32
  private let files: any FileSystem
  private var isOpen = true

  init(path: String, file: Int32, files: any FileSystem) {
    self.path = path
    self.file = file
    self.files = files
  }

  deinit { close() }

  func remove() {
    guard isOpen else { return }
    try? files.remove(path)
    close()
  }

  /// Gives the lock back; the file stays.
  public func close() {
    guard isOpen else { return }
    isOpen = false
    try? files.close(file)
  }
}

extension FileSystem {
  /// Puts a new file with `bytes` at `path`, where none may be, locked before it is seen there.
  func createLocked(
    _ path: String, process: Int, isDurable: Bool, write bytes: [UInt8]
  ) throws(SystemError) -> LockedFile {
    let temporary = "\(path).\(process)\(EntryName.unfinished)"
    try? remove(temporary)
    let file = try open(temporary, .append)
    do throws(SystemError) {
      _ = try? lock(file)
      try writeAll(file, bytes)
      if isDurable { try synchronize(file) }
      try rename(temporary, to: path, replacing: false)
    } catch {
      try? close(file)
      try? remove(temporary)
      throw error
    }
    // The file exists. Without this it may be lost in a power cut.
    if isDurable { try? synchronizeFolder(Path.folder(of: path), of: file) }
    return LockedFile(path: path, file: file, files: self)
  }

  /// Takes the lock of a file; nil if another process has it or the file does not exist.
  func claim(_ path: String) -> LockedFile? {
    guard let file = try? open(path, .read) else { return nil }
    if let isFree = try? lock(file), !isFree {
      try? close(file)
      return nil
    }
    return LockedFile(path: path, file: file, files: self)
  }
}
