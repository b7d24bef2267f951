internal import CPlatform

/// Reports when files of some folders are created, removed or written. Confined to one thread.
public final class FolderWatch {
  /// Has something to read when that has happened.
  public let descriptor: Int32
  /// Watched folders, each with the system's number for it and how often it was added.
  private var folders: [String: (number: Int32, uses: Int)] = [:]

  /// nil if the system has no watch left.
  public init?() {
    descriptor = cp_watch_open()
    if descriptor < 0 { return nil }
  }

  deinit { cp_file_close(descriptor) }

  /// Watches a folder until it was removed as often as it was added. False, and nothing changed, if
  /// it does not exist, or the system has no watch left.
  @discardableResult
  public func add(_ folder: String) -> Bool {
    if let known = folders[folder] {
      folders[folder] = (known.number, known.uses + 1)
      return true
    }
    let number = unsafe cp_watch_add(descriptor, folder)
    if number < 0 { return false }
    folders[folder] = (number, 1)
    return true
  }

  public func remove(_ folder: String) {
    guard let known = folders[folder] else { return }
    folders[folder] = known.uses > 1 ? (known.number, known.uses - 1) : nil
    // Other names of the same folder have the same number.
    if !folders.values.contains(where: { $0.number == known.number }) {
      _ = cp_watch_remove(descriptor, known.number)
    }
  }

  /// The descriptor has nothing to read after this until something happens again.
  public func drain() { cp_watch_drain(descriptor) }
}
