import Editing
internal import Platform

/// Looks for matches in large documents and works out replacements, one at a time.
@MainActor
final class Finder {
  private let mailbox: Mailbox
  private var task: Task<Void, Never>?

  init(_ mailbox: Mailbox) { self.mailbox = mailbox }

  /// Drops the current work and searches for this.
  func find(_ request: FindRequest) {
    begin(request.id) { .found(request, request.result(progress: $0)) }
  }

  /// Drops the current work and computes this.
  func replace(_ request: ReplaceRequest) {
    begin(request.id) { .replaced(request, request.result(progress: $0)) }
  }

  private func begin(
    _ id: Int, _ work: @escaping @Sendable ((Double) -> Bool) -> Event
  ) {
    cancel()
    task = Task.detached(executorPreference: BackgroundThreads.shared) { [mailbox] in
      var last = 0
      let answer = work { progress in
        let percent = Int(progress * 100)
        if percent > last { mailbox.post(.event(.finding(id, progress: progress))) }
        last = max(last, percent)
        return !Task.isCancelled
      }
      if !Task.isCancelled { mailbox.post(.event(answer)) }
    }
  }

  func cancel() {
    task?.cancel()
    task = nil
  }
}
