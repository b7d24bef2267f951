import Editing

/// Looks for matches in large documents, one at a time.
@MainActor
final class Finder {
  private let mailbox: Mailbox
  private var task: Task<Void, Never>?

  init(_ mailbox: Mailbox) { self.mailbox = mailbox }

  /// Gives up what it is at and looks for this.
  func find(_ request: FindRequest) {
    cancel()
    task = Task.detached { [mailbox] in
      var last = 0
      let result = request.result { progress in
        let percent = Int(progress * 100)
        if percent > last { mailbox.post(.event(.finding(request.id, progress: progress))) }
        last = max(last, percent)
        return !Task.isCancelled
      }
      if !Task.isCancelled { mailbox.post(.event(.found(request, result))) }
    }
  }

  func cancel() {
    task?.cancel()
    task = nil
  }
}
