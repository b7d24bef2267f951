import Editing
internal import Platform
import Rendering

/// Writes recordings in the background, one after another.
@MainActor
final class ExportQueue {
  private let mailbox: Mailbox
  private var last: Task<Void, Never>?

  init(_ mailbox: Mailbox) { self.mailbox = mailbox }

  /// Writes a recording after those before it; the answer is `Event.exported`, to the document of `id`.
  func export(_ request: ExportRequest, for id: DocumentID, theme: Theme) {
    last = Task.detached(executorPreference: BackgroundThreads.shared) { [before = last, mailbox] in
      await before?.value
      let failure = ExportWriter.write(request, theme: theme)
      mailbox.post(.document(id, .exported(path: request.path, failure: failure)))
    }
  }

  /// Waits until all recordings are written.
  func finish() async { await last?.value }
}
