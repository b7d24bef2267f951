public import Infilling

/// Names a run of the engine in events and effects. Its case determines who gets the engine's
/// replies.
public enum RunID: Sendable, Hashable {
  /// The run of a candidate.
  case candidate(Int)
  /// The run of a lane of the race.
  case lane(Int)

  /// The document that gets the replies.
  public var document: DocumentID {
    switch self {
    case .candidate(let number), .lane(let number): Numbering.document(of: number)
    }
  }
}

/// What the engine replies to `Effect.beginRun`, `beginCandidates` and `stepRun`.
public enum RunReply: Sendable, Equatable {
  /// The canvas is made and the first step can be asked for. `notice` is what the reader must know
  /// about it, `unread` the pictures of the request that the model does not see.
  case began(canvas: [InfillCell], notice: String? = nil, unread: [UnreadPicture] = [])
  case step(InfillStep)
  /// No step is left.
  case ended
  /// The run ended early. One line that gives the reason.
  case failed(String)
}

/// Names a question to the engine. Its case identifies the part of the editor that asked it.
public enum InquiryID: Sendable, Hashable {
  /// Which of several candidates of a passage reads best.
  case ranking(Int)
  /// Which words of a passage a round of refinement masks.
  case refinement(Int)
  /// Which words of the visible text are unlikely.
  case doubtMap(Int)
  /// Which lane of the race reads best.
  case race(Int)

  /// The document that gets the answer.
  var document: DocumentID {
    switch self {
    case .ranking(let number), .refinement(let number), .doubtMap(let number), .race(let number):
      Numbering.document(of: number)
    }
  }
}

/// What the engine replies to `Effect.scoreTexts` and `weighWords`.
public enum InquiryReply: Sendable, Equatable {
  /// In the order of the texts; empty where the engine cannot compare texts.
  case scores([CandidateScore])
  /// In the order of the words; empty where the engine cannot score words.
  case doubts([WordDoubt])
  /// One line for the reader.
  case failed(String)
}
