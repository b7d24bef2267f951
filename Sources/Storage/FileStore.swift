internal import Glibc
public import Platform

/// Reads documents and writes them back such that a crash, a full disk or any failing call leaves
/// the old contents or the new, complete.
public struct FileStore: Sendable {
  /// Files above this many bytes are refused when they would be read into memory.
  public static let sizeLimit = 2 << 30

  let files: any FileSystem
  let recovery: RecoveryFolder

  /// Keeps copies for writing in place in `recovery`.
  public init(
    recovery: String = Directories.current().recovery, files: any FileSystem = SystemFiles()
  ) {
    self.files = files
    self.recovery = RecoveryFolder(recovery, files: files)
  }

  /// Opens a file. At or above `size` bytes it stays on disk, otherwise it is read. A file that
  /// does not exist gives an empty new document. Throws for folders, devices, fifos and sockets,
  /// and for a file above `sizeLimit` that would be read.
  public func load(
    _ path: String, holdingFrom size: Int = .max
  ) throws(StorageError) -> LoadedFile {
    let target = try resolve(path)
    do {
      guard let status = try statusIfPresent(target) else {
        return LoadedFile(
          path: target, contents: Contents([]), identity: nil, mode: nil, isReadOnly: false)
      }
      guard status.kind == .regular else {
        throw StorageError(path: path, reason: .notAFile(status.kind))
      }
      let (contents, after) = try files.readOrHold(
        target, holdingFrom: size, copyingTo: recovery.path)
      let hash = contents.held == nil ? try contents.hash() : nil
      return LoadedFile(
        path: target, contents: contents,
        identity: FileIdentity(after, hash: hash, now: Journal.now()),
        mode: after.mode,
        isReadOnly: !isWritable(target))
    } catch let error as SystemError {
      throw StorageError(path, "read", error)
    } catch let error as StorageError {
      throw error
    } catch {
      preconditionFailure("\(error)")
    }
  }

  /// `path` made absolute, symbolic links at its end followed as far as they lead, also to a file
  /// that does not exist.
  public func resolve(_ path: String) throws(StorageError) -> String {
    do throws(SystemError) {
      var current = path.hasPrefix("/") ? path : Path.join(try files.workingFolder(), path)
      for _ in 0..<40 {
        guard let status = try? files.status(at: current, followingLink: false),
          status.kind == .symbolicLink
        else { return current }
        current = Path.join(Path.folder(of: current), try files.readLink(current))
      }
      throw SystemError(code: ELOOP)
    } catch {
      if error.code == SystemError.notUTF8 {
        throw StorageError(path: path, reason: .leadsToNameNotUTF8)
      }
      throw StorageError(path, "follow the link", error)
    }
  }

  /// Whether `path` leads to the file of an identity, whatever its contents are now.
  public func leads(_ path: String, to identity: FileIdentity) -> Bool {
    guard let status = try? files.status(at: path, followingLink: true) else { return false }
    return status.device == identity.device && status.inode == identity.inode
  }

  func statusIfPresent(_ path: String) throws(SystemError) -> FileStatus? {
    do {
      return try files.status(at: path, followingLink: true)
    } catch  where error.code == SystemError.missing {
      return nil
    }
  }

  /// Whether the permissions of an existing file keep this user from writing it.
  func isForbidden(_ path: String) -> Bool {
    do throws(SystemError) {
      try files.checkWritable(path)
      return false
    } catch {
      return error.isRefusal
    }
  }

  func isWritable(_ path: String) -> Bool {
    (try? files.checkWritable(path)) != nil
  }
}
