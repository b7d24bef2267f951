/// Why a file could not be read or written.
public struct StorageError: Error, Sendable, Equatable, CustomStringConvertible {
  public enum Reason: Sendable, Equatable {
    /// A system call failed; `action` names it in words.
    case system(action: String, SystemError)
    /// A folder, device, fifo or socket.
    case notAFile(FileStatus.Kind)
    case tooLarge(size: Int, limit: Int)
    /// The file's permissions forbid writing.
    case readOnly
    /// Since it was read, the file has been written by someone else.
    case changedOnDisk
    /// Since it was read, the file has been removed.
    case removedFromDisk
    /// A file exists where none was expected.
    case appearedOnDisk
    /// The folder it is relative to, or the file that it links to, has a name that is not UTF-8.
    case leadsToNameNotUTF8
    /// The text cannot be written as it is, and what to do.
    case unwritable(String)
    /// A journal, or a copy for recovery, that cannot be used.
    case damaged(String)
  }

  public var path: String
  public var reason: Reason
  /// Path of the complete new contents, if writing in place failed half way.
  public var copy: String?

  public init(path: String, reason: Reason, copy: String? = nil) {
    self.path = path
    self.reason = reason
    self.copy = copy
  }

  init(_ path: String, _ action: String, _ error: SystemError) {
    self.init(path: path, reason: .system(action: action, error))
  }

  /// Whether the file on disk is not the one that was read, so that the user must decide.
  public var isConflict: Bool {
    switch reason {
    case .changedOnDisk, .removedFromDisk, .appearedOnDisk: true
    default: false
    }
  }

  /// What is wrong, without the path.
  public var summary: String {
    switch reason {
    case .system(let action, let error) where error.code == SystemError.cancelled:
      "The file is unchanged: stopped before it could \(action)"
    case .system(let action, let error): "Cannot \(action): \(error)"
    case .notAFile(let kind): "This is \(kind.description), not a file"
    case .tooLarge(let size, let limit): "\(size) bytes, more than the limit of \(limit)"
    case .readOnly: "The file is read-only"
    case .changedOnDisk: "The file has changed on disk"
    case .removedFromDisk: "The file has been removed"
    case .appearedOnDisk: "The file already exists"
    case .leadsToNameNotUTF8:
      "This leads to a name that is not UTF-8; rename that file or folder first"
    case .damaged(let what), .unwritable(let what): what
    }
  }

  /// The reason, and then the path, which may be long.
  public var description: String {
    let text = "\(summary): \(path)"
    return copy.map { "\(text); the new text is in \($0)" } ?? text
  }
}
