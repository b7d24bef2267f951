/// Metadata of a file.
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
  /// Of contents or metadata; no program can set it. Nanoseconds since 1970.
  public var changed: Int64
}

/// Identifies the file that was read: device, inode, size and times, and a hash of its contents for
/// when these do not decide.
public struct FileIdentity: Sendable, Equatable {
  public var device: UInt64
  public var inode: UInt64
  public var size: Int
  public var modified: Int64
  public var changed: Int64
  /// `ContentHash` of the bytes; nil until a large file has been read completely.
  public var hash: UInt64?
  /// Another write may have followed so soon that the times do not show it.
  public var isRecent: Bool

  /// Kernels advance the times of files in ticks of up to 10 ms. Nanoseconds.
  private static let tick: Int64 = 20_000_000

  /// `now` is when the bytes were read or written, in nanoseconds since 1970.
  init(_ status: FileStatus, hash: UInt64?, now: Int64) {
    device = status.device
    inode = status.inode
    size = status.size
    modified = status.modified
    changed = status.changed
    self.hash = hash
    isRecent = now - status.changed < FileIdentity.tick
  }

  /// Whether both are the same file, with the same size and times.
  public func isSameState(as other: FileIdentity) -> Bool {
    device == other.device && inode == other.inode && size == other.size
      && modified == other.modified && changed == other.changed
  }

  /// Whether `stat` alone shows that nothing has changed.
  func matches(_ status: FileStatus) -> Bool {
    !isRecent && device == status.device && inode == status.inode && size == status.size
      && modified == status.modified && changed == status.changed
  }
}
