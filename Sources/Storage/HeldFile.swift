internal import Synchronization

/// A file whose contents stay as they were when it was opened, even if other processes write to it.
/// Its bytes are read on demand, from any thread.
public final class HeldFile: Sendable {
  private struct State {
    var hash: UInt64?
    var failure: SystemError?
  }

  public let count: Int
  private let file: Int32
  private let hold: FileHold
  private let files: any FileSystem
  private let state = Mutex(State())

  init(_ file: Int32, _ hold: FileHold, count: Int, files: any FileSystem) {
    self.file = file
    self.hold = hold
    self.count = count
    self.files = files
  }

  deinit {
    hold.end()
    try? files.close(file)
  }

  /// Throws on errors of the disk, and if another process has overwritten the file because no copy
  /// could be made in time. `failure` is then set for good.
  public func bytes(in range: Range<Int>) throws(SystemError) -> [UInt8] {
    do throws(SystemError) {
      var bytes = try files.read(file, at: range.lowerBound, upTo: range.count)
      while bytes.count < range.count {
        let more = try files.read(
          file, at: range.lowerBound + bytes.count, upTo: range.count - bytes.count)
        guard !more.isEmpty else { throw SystemError(code: SystemError.stale) }
        bytes += more
      }
      if hold.isLost { throw SystemError(code: SystemError.stale) }
      return bytes
    } catch {
      state.withLock { $0.failure = error }
      throw error
    }
  }

  /// Call before the process is stopped: others do not wait for a stopped process. Throws if there
  /// is no room for a copy. O(n) the first time.
  public func secure() throws(SystemError) { try hold.secure() }

  /// Why some of the bytes could not be read.
  public var failure: SystemError? { state.withLock { $0.failure } }

  /// `ContentHash` of the bytes, once computed.
  public var hash: UInt64? { state.withLock { $0.hash } }

  public func keep(hash: UInt64) { state.withLock { $0.hash = hash } }
}

extension FileSystem {
  /// A file's contents, left on disk if they are at least `size` bytes, and its status. Copies that
  /// other processes make necessary are unnamed files in `folder`. Throws `StorageError` or
  /// `SystemError`.
  func readOrHold(
    _ path: String, holdingFrom size: Int, copyingTo folder: String
  ) throws -> (contents: Contents, status: FileStatus) {
    for _ in 0..<3 {
      let file = try open(path, .read)
      var isHeld = false
      defer { if !isHeld { try? close(file) } }
      let before = try status(of: file)
      guard before.kind == .regular, before.size >= size else {
        let (bytes, status) = try readFile(path)
        return (Contents(bytes), status)
      }
      try? makeFolders(folder)
      guard let hold = try holdUnlessItChanges(file, copyingTo: folder) else { continue }
      guard try status(at: path, followingLink: true) == before else {
        hold.end()
        continue
      }
      isHeld = true
      return (Contents(HeldFile(file, hold, count: before.size, files: self)), before)
    }
    throw StorageError(path: path, reason: .changedOnDisk)
  }

  /// nil for a file that is written while it is copied.
  private func holdUnlessItChanges(
    _ file: Int32, copyingTo folder: String
  ) throws(SystemError) -> FileHold? {
    do {
      return try hold(file, copyingTo: folder)
    } catch  where error.code == SystemError.stale {
      return nil
    }
  }
}
