internal import Infilling

/// Candidates of a passage that are compared once all of them have come to an end.
struct Ranking: Sendable, Equatable {
  enum Event {
    /// A candidate of the passage has changed.
    case candidates([Candidate])
    /// A candidate continues as another one before its end.
    case superseded(RunID, by: RunID)
    case reply(InquiryReply)
    /// Nobody waits for the answer any more.
    case withdrawn
  }

  enum Action: Equatable {
    case ask(InquiryID, [String])
    case withdraw(InquiryID)
    /// Fewer than two came to a text: it is over.
    case nothingToCompare
    /// The answer, with the candidate that reads best: it is over.
    case scored([RunID: CandidateScore], best: RunID)
    /// The engine cannot compare texts: it is over.
    case cannotCompare
    /// The question came to nothing, and why: it is over.
    case failed(String)
  }

  /// Runs that were begun together.
  private(set) var runs: [RunID]
  /// What is noted of rounds of refinement, of which the best is shown, the first run being what
  /// they began with; nil for candidates, which are listed.
  let rounds: Message?
  private var asked: Asked?

  private struct Asked: Sendable, Equatable {
    var id: InquiryID
    var runs: [RunID]
  }

  init(runs: [RunID], rounds: Message? = nil) {
    self.runs = runs
    self.rounds = rounds
  }

  /// The question that the engine has not answered yet.
  var inquiry: InquiryID? { asked?.id }

  mutating func handle(_ event: Event, _ numbering: inout Numbering) -> Action? {
    switch event {
    case .candidates(let candidates): return compare(candidates, &numbering)
    case .superseded(let old, let new):
      if let place = runs.firstIndex(of: old) { runs[place] = new }
      return nil
    case .reply(let reply): return receive(reply)
    case .withdrawn:
      defer { asked = nil }
      return asked.map { .withdraw($0.id) }
    }
  }

  /// Asks which reads best as soon as all have come to an end.
  private mutating func compare(_ candidates: [Candidate], _ numbering: inout Numbering) -> Action?
  {
    guard asked == nil, candidates.allSatisfy({ !runs.contains($0.id) || $0.state.isOver }) else {
      return nil
    }
    let complete = candidates.compactMap { candidate -> (run: RunID, text: String)? in
      guard candidate.state.isOver, let cells = candidate.lastCells,
        !cells.contains(where: { $0.state == .open })
      else { return nil }
      let text = Passage.text(of: cells)
      return text.isEmpty ? nil : (candidate.id, text)
    }
    guard complete.count > 1 else { return .nothingToCompare }
    let id = InquiryID.ranking(numbering.take())
    asked = Asked(id: id, runs: complete.map(\.run))
    return .ask(id, complete.map(\.text))
  }

  private mutating func receive(_ reply: InquiryReply) -> Action? {
    guard let runs = asked?.runs else { return nil }
    asked = nil
    switch reply {
    case .scores(let scores):
      guard scores.count == runs.count, let best = CandidateScore.best(scores) else {
        return .cannotCompare
      }
      let pairs = zip(runs, scores)
      return .scored(Dictionary(pairs) { first, _ in first }, best: runs[best])
    case .failed(let reason): return .failed(reason)
    case .doubts: return .cannotCompare
    }
  }
}
