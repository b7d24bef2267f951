import Editing
import Infilling
import Storage
import Synchronization

/// A message from another thread to the main loop.
enum Delivery: Sendable {
  case event(Event)
  /// An event of one document.
  case document(DocumentID, Event)
  /// The engine's reply to a request for a step, to be shown at `due` or later.
  case step(RunID, RunReply, due: ContinuousClock.Instant)
  /// The engine has opened a session.
  case session(RunID, any InfillSession)
  /// A save has ended.
  case saved(DocumentID, SaveOutcome)
  /// A change of a document's file since it had the given identity.
  case disk(DocumentID, FileChange, since: FileIdentity?)
  /// The answer to a question, unless the question was withdrawn.
  case answer(InquiryID, InquiryReply)

  /// Whether the user is waiting for it. It is then drawn without delay, like a key.
  var isAnswer: Bool {
    switch self {
    case .saved, .document(_, .found), .document(_, .replaced), .document(_, .exported),
      .document(_, .language), .document(_, .spelling), .document(_, .clipboard),
      .document(_, .history):
      true
    case .event, .document, .step, .disk, .session, .answer: false
    }
  }
}

/// Deliveries from any thread, taken by the main loop in the order of their arrival.
final class Mailbox: Sendable {
  private let waiting = Mutex<[Delivery]>([])
  private let wake: @Sendable () -> Void

  /// `wake` ends the main loop's wait; it is called from any thread.
  init(wake: @escaping @Sendable () -> Void) {
    self.wake = wake
  }

  func post(_ delivery: Delivery) {
    waiting.withLock { $0.append(delivery) }
    wake()
  }

  /// Removes and returns everything posted since the last call.
  func take() -> [Delivery] {
    waiting.withLock { list in
      defer { list = [] }
      return list
    }
  }
}
