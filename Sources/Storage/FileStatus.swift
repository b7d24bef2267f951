/// What the system knows about a file.
public struct FileStatus: Sendable, Equatable {
  public enum Kind: Sendable, Equatable, CustomStringConvertible {
    case regular, folder, symbolicLink, fifo, socket, device

    public var description: String {
      switch self {
      case .regular: "a file"
      case .folder: "a folder"
      case .symbolicLink: "a symbolic link"
      case .fifo: "a fifo"
      case .socket: "a socket"
      case .device: "a device"
      }
    }
  }

  public var kind: Kind
  public var device: UInt64
  public var inode: UInt64
  /// Hard links.
  public var links: Int
  /// Permission bits, set-id and sticky bits included.
  public var mode: UInt32
  public var user: UInt32
  public var group: UInt32
  public var size: Int
  /// Nanoseconds since 1970.
  public var modified: Int64
}

/// Tells whether a file is still the one that was read: its place, size and time, and a hash of
/// its contents for when only the time has changed.
public struct FileIdentity: Sendable, Equatable {
  public var device: UInt64
  public var inode: UInt64
  public var size: Int
  public var modified: Int64
  /// `ContentHash` of the bytes.
  public var hash: UInt64

  init(_ status: FileStatus, hash: UInt64) {
    device = status.device
    inode = status.inode
    size = status.size
    modified = status.modified
    self.hash = hash
  }

  /// Whether nothing `stat` shows has changed.
  func matches(_ status: FileStatus) -> Bool {
    device == status.device && inode == status.inode && size == status.size
      && modified == status.modified
  }
}
