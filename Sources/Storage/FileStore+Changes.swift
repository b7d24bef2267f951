/// What has become of a file since it was read or written.
public enum FileChange: Sendable {
  /// It has the same contents.
  case none
  /// It has the same contents, but was touched or replaced.
  case touched(FileIdentity)
  case removed
  case changed(LoadedFile)
  /// It has changed, or may have, and is too large to be read.
  case changedLarge(FileIdentity)
}

extension FileStore {
  /// Compares a file with what it was; `identity` is nil for one that did not exist. A file of at
  /// least `size` bytes is read only where a hash tells whether it has changed. O(1) unless its times have changed.
  public func change(
    of path: String, since identity: FileIdentity?, holdingFrom size: Int = .max
  ) throws(StorageError) -> FileChange {
    do throws(SystemError) {
      guard let status = try statusIfPresent(path) else {
        return identity == nil ? .none : .removed
      }
      if let identity {
        if identity.matches(status) { return .none }
        if status.kind == .regular, status.size == identity.size, let hash = identity.hash,
          try files.contentHash(path, count: status.size) == hash
        {
          return .touched(FileIdentity(status, hash: hash, now: Journal.now()))
        }
      }
      if status.kind == .regular, status.size >= size {
        return .changedLarge(FileIdentity(status, hash: nil, now: Journal.now()))
      }
    } catch {
      throw StorageError(path, "read", error)
    }
    let loaded = try load(path, holdingFrom: size)
    if loaded.isNew { return identity == nil ? .none : .removed }
    return .changed(loaded)
  }
}
