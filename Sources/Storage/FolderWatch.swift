internal import CPlatform

/// Reports when files of a folder are created, removed or written.
public final class FolderWatch: Sendable {
  /// Has something to read when that has happened.
  public let descriptor: Int32

  /// nil if the folder does not exist, or the system has no watch left.
  public init?(_ folder: String) {
    descriptor = unsafe cp_folder_watch(folder)
    if descriptor < 0 { return nil }
  }

  deinit { cp_file_close(descriptor) }

  /// The descriptor has nothing to read after this until something happens again.
  public func drain() { cp_watch_drain(descriptor) }
}
