/// A file as it was read.
public struct LoadedFile: Sendable {
  /// Absolute, with the last symbolic links followed: where saving will write.
  public var path: String
  public var contents: Contents
  /// nil for a file that does not exist yet.
  public var identity: FileIdentity?
  /// Permission bits; nil for a file that does not exist yet.
  public var mode: UInt32?
  /// Whether this user may not write the file.
  public var isReadOnly: Bool

  public var isNew: Bool { identity == nil }
}

/// A file as it was written.
public struct SavedFile: Sendable, Equatable {
  public var identity: FileIdentity
  /// The text is in the file; this step failed after that.
  public var caution: StorageError?
}

/// The expected state of the file on disk when saving.
public enum Expectation: Sendable, Equatable {
  /// Nothing: any file is replaced.
  case anything
  /// The file does not exist.
  case missing
  /// The file is the one that was read or written last.
  case unchanged(FileIdentity)
}
