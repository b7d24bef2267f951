import Editing
internal import Platform
import Storage

/// Lists the files of the working folder for a document, one walk at a time.
@MainActor
final class FolderLister {
  private let mailbox: Mailbox
  private var task: Task<Void, Never>?

  init(_ mailbox: Mailbox) { self.mailbox = mailbox }

  /// Number of files per delivery.
  private nonisolated static let part = 1000

  /// Cancels the current walk and starts another for the document `id`. Recently opened files come
  /// first.
  func list(for id: DocumentID, recent: [String]) {
    cancel()
    if !recent.isEmpty {
      mailbox.post(.document(id, .listed(FileListing.Part(recent, areRecent: true))))
    }
    task = Task.detached(executorPreference: BackgroundThreads.shared) { [mailbox] in
      var waiting: [String] = []
      let end = FileWalk(".").run { paths in
        waiting += paths
        if waiting.count >= Self.part {
          mailbox.post(.document(id, .listed(FileListing.Part(waiting))))
          waiting = []
        }
        return !Task.isCancelled
      }
      guard end != .stopped else { return }
      let part = FileListing.Part(waiting, end: end == .limited ? .tooMany : .complete)
      mailbox.post(.document(id, .listed(part)))
    }
  }

  func cancel() {
    task?.cancel()
    task = nil
  }
}
