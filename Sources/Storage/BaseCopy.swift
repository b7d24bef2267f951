internal import CPlatform
internal import Platform
internal import Synchronization

/// A text being copied into the recovery folder by its own task: too large to write before the
/// first edit returns.
final class BaseCopy: Sendable {
  enum State: Equatable {
    case running, done
    case failed(SystemError)
  }

  let task: Task<Void, Never>
  private let progress: Progress

  /// Shared with the task.
  private final class Progress: Sendable {
    let state = Mutex<State>(.running)
  }

  /// The file is at `path` once all of `contents` is in it, and before that nowhere. Nothing is
  /// written while `earlier`, a copy to the same place, is not through.
  init(
    _ contents: Contents, to path: String, after earlier: BaseCopy?, files: any FileSystem
  ) {
    let progress = Progress()
    self.progress = progress
    task = Task.detached(executorPreference: BackgroundThreads.shared, priority: .utility) {
      await earlier?.task.value
      do throws(SystemError) {
        try BaseCopy.write(contents, to: path, files)
        progress.state.withLock { $0 = .done }
      } catch {
        progress.state.withLock { $0 = .failed(error) }
      }
    }
  }

  private static func write(
    _ contents: Contents, to path: String, _ files: any FileSystem
  ) throws(SystemError) {
    let temporary = "\(path).\(cp_process_id())\(EntryName.unfinished)"
    try? files.remove(temporary)
    let file = try files.open(temporary, .create(permissions: 0o600))
    defer { try? files.close(file) }
    do throws(SystemError) {
      _ = try files.writeAll(file, contents) { _ throws(SystemError) in
        if Task.isCancelled { throw SystemError(code: SystemError.cancelled) }
      }
      // The process may die from here on; once it is durable, the machine.
      try files.rename(temporary, to: path, replacing: true)
      try files.synchronizeData(file)
    } catch {
      try? files.remove(temporary)
      throw error
    }
  }

  var state: State { progress.state.withLock { $0 } }

  /// Ends the work, complete or not.
  func cancel() { task.cancel() }
}
