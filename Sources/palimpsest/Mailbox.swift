import Editing
import Infilling
import Storage
import Synchronization

/// A message of another thread to the main loop.
enum Delivery: Sendable {
  case event(Event)
  /// An event of one document.
  case document(DocumentID, Event)
  /// The engine has answered a request for a step, which is not to be shown before `due`.
  case step(RunID, RunReply, due: ContinuousClock.Instant)
  /// The engine has opened a session.
  case session(RunID, any InfillSession)
  /// A save has ended.
  case saved(DocumentID, SaveOutcome)
  /// What has become of a document's file since it had an identity.
  case disk(DocumentID, FileChange, since: FileIdentity?)
  /// The answer to a question, unless the question was withdrawn.
  case answer(InquiryID, InquiryReply)

  /// Whether the user waits for it: it is then drawn as soon as a key.
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

  /// Everything posted since the last call.
  func take() -> [Delivery] {
    waiting.withLock { list in
      defer { list = [] }
      return list
    }
  }
}
