import Editing
internal import Platform

/// Looks for matches in large documents and works out replacements, one at a time for each document.
@MainActor
final class Finder {
  private let mailbox: Mailbox
  private var tasks: [DocumentID: Task<Void, Never>] = [:]

  init(_ mailbox: Mailbox) { self.mailbox = mailbox }

  /// Drops the current work for a document and searches for this.
  func find(_ request: FindRequest, for id: DocumentID) {
    begin(request.id, for: id) { .found(request, request.result(progress: $0)) }
  }

  /// Drops the current work for a document and computes this.
  func replace(_ request: ReplaceRequest, for id: DocumentID) {
    begin(request.id, for: id) { .replaced(request, request.result(progress: $0)) }
  }

  private func begin(
    _ number: Int, for id: DocumentID, _ work: @escaping @Sendable ((Double) -> Bool) -> Event
  ) {
    cancel(for: id)
    tasks[id] = Task.detached(executorPreference: BackgroundThreads.shared) { [mailbox] in
      var last = 0
      let answer = work { progress in
        let percent = Int(progress * 100)
        if percent > last { mailbox.post(.document(id, .finding(number, progress: progress))) }
        last = max(last, percent)
        return !Task.isCancelled
      }
      if !Task.isCancelled { mailbox.post(.document(id, answer)) }
    }
  }

  /// Drops the current work for a document.
  func cancel(for id: DocumentID) { tasks.removeValue(forKey: id)?.cancel() }

  func cancelAll() {
    for task in tasks.values { task.cancel() }
    tasks = [:]
  }
}
