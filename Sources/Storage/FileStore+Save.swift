/// Saving. A plain file is replaced by a new one that has its owner, permissions and attributes; if
/// that is not possible (hard links, a folder that is not writable, an owner that cannot be set),
/// it is written in place after a complete copy is safe in the recovery folder.
extension FileStore {
  /// Writes `contents` to the file that `path` leads to. If it throws, the file has the old
  /// contents, or the error names a complete copy of the new ones. `progress` is called with the
  /// bytes written so far; if the task is cancelled before the file is touched, the file is
  /// unchanged.
  @discardableResult
  public func save(
    _ contents: Contents, to path: String, expecting expectation: Expectation = .anything,
    progress: (Int) -> Void = { _ in }
  ) throws(StorageError) -> SavedFile {
    let target = try resolve(path)
    do {
      return try write(contents, to: target, expectation, progress)
    } catch let error as StorageError {
      throw error
    } catch let error as SystemError {
      throw StorageError(path, "save", error)
    } catch {
      preconditionFailure("\(error)")
    }
  }

  @discardableResult
  public func save(
    _ bytes: [UInt8], to path: String, expecting expectation: Expectation = .anything
  ) throws(StorageError) -> SavedFile {
    try save(Contents(bytes), to: path, expecting: expectation)
  }

  private func write(
    _ contents: Contents, to target: String, _ expectation: Expectation, _ progress: (Int) -> Void
  ) throws -> SavedFile {
    let status = try statusIfPresent(target)
    try check(expectation, target, status)
    guard let status else { return try create(target, contents, progress) }
    guard status.kind == .regular else {
      throw StorageError(path: target, reason: .notAFile(status.kind))
    }
    guard !isForbidden(target) else { throw StorageError(path: target, reason: .readOnly) }
    if status.links == 1, isWritable(Path.folder(of: target)) {
      if let saved = try replace(target, status, contents, progress) { return saved }
    }
    return SavedFile(identity: try writeInPlace(target, status, contents))
  }

  /// The saved file with bytes of `hash`, after `file` was renamed into its folder. The text is in
  /// place even if the folder cannot be synced.
  private func settle(_ file: Int32, _ target: String, _ status: FileStatus, _ hash: UInt64)
    -> SavedFile
  {
    let folder = Path.folder(of: target)
    var caution: StorageError?
    do throws(SystemError) {
      try files.synchronizeFolder(folder, of: file)
    } catch {
      caution = StorageError(
        folder, "sync \(Path.name(of: target)) to disk", error)
    }
    // Renaming has changed a time.
    let status = (try? files.status(of: file)) ?? status
    return SavedFile(identity: identity(status, hash), caution: caution)
  }

  private func identity(_ status: FileStatus, _ hash: UInt64) -> FileIdentity {
    FileIdentity(status, hash: hash, now: Journal.now())
  }

  private func check(
    _ expectation: Expectation, _ path: String, _ status: FileStatus?
  ) throws {
    switch (expectation, status) {
    case (.anything, _), (.missing, nil): return
    case (.missing, _): throw StorageError(path: path, reason: .appearedOnDisk)
    case (.unchanged, nil): throw StorageError(path: path, reason: .removedFromDisk)
    case (.unchanged(let identity), let status?):
      if identity.matches(status) { return }
      // Touched, or copied over with the same text: nothing would be lost. Or written over with as
      // many bytes.
      if status.kind == .regular, status.size == identity.size, let hash = identity.hash,
        try files.contentHash(path, count: status.size) == hash
      {
        return
      }
      throw StorageError(path: path, reason: .changedOnDisk)
    }
  }

  // MARK: A new file in place of the old

  private func write(
    _ contents: Contents, to temporary: TemporaryFile, _ progress: (Int) -> Void
  ) throws(SystemError) -> UInt64 {
    try files.writeAll(temporary.file, contents) { written throws(SystemError) in
      if Task.isCancelled { throw SystemError(code: SystemError.cancelled) }
      progress(written)
    }
  }

  /// Creates the file, which must not exist, with the permissions the umask leaves.
  private func create(
    _ target: String, _ contents: Contents, _ progress: (Int) -> Void
  ) throws -> SavedFile {
    let temporary = try TemporaryFile(beside: target, permissions: 0o666, files)
    defer { temporary.remove() }
    let hash = try write(contents, to: temporary, progress)
    try files.synchronize(temporary.file)
    let status = try files.status(of: temporary.file)
    do {
      try files.rename(temporary.path, to: target, replacing: false)
    } catch  where error.code == SystemError.exists {
      throw StorageError(path: target, reason: .appearedOnDisk)
    }
    return settle(temporary.file, target, status, hash)
  }

  /// nil if the new file cannot be created with the owner and attributes of the old one.
  private func replace(
    _ target: String, _ old: FileStatus, _ contents: Contents, _ progress: (Int) -> Void
  ) throws -> SavedFile? {
    do {
      let temporary = try TemporaryFile(beside: target, permissions: 0o600, files)
      defer { temporary.remove() }
      let hash = try write(contents, to: temporary, progress)
      guard try makeAlike(temporary.file, target, old) else { return nil }
      try files.synchronize(temporary.file)
      let status = try files.status(of: temporary.file)
      guard try statusIfPresent(target) == old else {
        throw StorageError(path: target, reason: .changedOnDisk)
      }
      try files.rename(temporary.path, to: target, replacing: true)
      return settle(temporary.file, target, status, hash)
    } catch let error as SystemError {
      guard error.isRefusal else { throw error }
      return nil
    }
  }

  /// Gives `file` the owner, attributes and permissions of `target`; false when it may not.
  private func makeAlike(_ file: Int32, _ target: String, _ old: FileStatus) throws -> Bool {
    let original = try files.open(target, .read)
    defer { try? files.close(original) }
    do {
      let made = try files.status(of: file)
      if made.user != old.user || made.group != old.group {
        try files.setOwner(file, user: old.user, group: old.group)
      }
      let wanted = try files.attributes(of: original)
      let present = try files.attributes(of: file)
      for (name, value) in wanted where present[name] != value {
        try files.setAttribute(file, name, value)
      }
      for name in present.keys where wanted[name] == nil {
        try files.removeAttribute(file, name)
      }
      // Last: changing the owner clears the set-id bits.
      try files.setMode(file, old.mode)
      return try files.status(of: file).mode == old.mode
    } catch {
      guard error.isRefusal else { throw error }
      return false
    }
  }

  // MARK: In place

  private func writeInPlace(
    _ target: String, _ old: FileStatus, _ contents: Contents
  ) throws -> FileIdentity {
    guard contents.count <= FileStore.sizeLimit else {
      throw StorageError(
        path: target, reason: .tooLarge(size: contents.count, limit: FileStore.sizeLimit))
    }
    let copy = try recovery.keepCopy(of: try contents.bytes(), for: target)
    let file: Int32
    do {
      file = try openReserved(target, old, size: contents.count)
    } catch {
      copy.remove()
      throw error
    }
    defer { try? files.close(file) }
    do throws(SystemError) {
      let (status, hash) = try overwrite(file, old, contents)
      copy.remove()
      return identity(status, hash)
    } catch {
      copy.close()
      throw StorageError(path: target, reason: .system(action: "save", error), copy: copy.path)
    }
  }

  /// The file open to be written over, with space for `size` bytes; nothing of it has changed.
  private func openReserved(_ target: String, _ old: FileStatus, size: Int) throws -> Int32 {
    let file = try files.open(target, .write)
    do {
      guard try files.status(of: file) == old else {
        throw StorageError(path: target, reason: .changedOnDisk)
      }
      try files.reserve(file, size: size)
      return file
    } catch {
      try? files.close(file)
      throw error
    }
  }

  private func overwrite(
    _ file: Int32, _ old: FileStatus, _ contents: Contents
  ) throws(SystemError) -> (status: FileStatus, hash: UInt64) {
    let hash = try files.writeAll(file, contents)
    try files.truncate(file, to: contents.count)
    let mode = try files.status(of: file).mode
    // Writing by a user other than the owner clears the set-id bits permanently.
    if mode != old.mode { try? files.setMode(file, old.mode) }
    try files.synchronize(file)
    return (try files.status(of: file), hash)
  }
}
