import Editing
internal import Platform

/// Looks for matches in a large document and works out replacements, one at a time.
@MainActor
final class Finder {
  private let id: DocumentID
  private let mailbox: Mailbox
  private var task: Task<Void, Never>?

  /// Answers go to the document of `id`.
  init(_ id: DocumentID, _ mailbox: Mailbox) {
    self.id = id
    self.mailbox = mailbox
  }

  /// Drops the current work and searches for this.
  func find(_ request: FindRequest) {
    begin(request.id) { .found(request, request.result(progress: $0)) }
  }

  /// Drops the current work and computes this.
  func replace(_ request: ReplaceRequest) {
    begin(request.id) { .replaced(request, request.result(progress: $0)) }
  }

  private func begin(
    _ number: Int, _ work: @escaping @Sendable ((Double) -> Bool) -> Event
  ) {
    cancel()
    task = Task.detached(executorPreference: BackgroundThreads.shared) { [id, mailbox] in
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

  func cancel() {
    task?.cancel()
    task = nil
  }
}
