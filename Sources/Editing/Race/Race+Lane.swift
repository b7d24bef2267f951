public import DecodingPolicies
internal import Infilling

extension Race {
  /// One mode and what it makes of the passage.
  public struct Lane: Sendable, Equatable {
    public let mode: DecodingMode
    /// The run: a passage that the editor does not list.
    public internal(set) var passage: Passage
    /// Why this model cannot run it.
    public internal(set) var absence: String?
    /// Its diffusion mode is a search among drafts.
    var isSearch = false

    /// The run that the lane shows.
    var id: RunID { passage.candidates[0].id }

    /// The mode in words: `diffusion`, `left to right`.
    public var name: String {
      switch mode {
      case .diffusion: isSearch ? "search" : "diffusion"
      case .search: "search"
      case .autoregressive: "left to right"
      case .selfSpeculation: "self-speculation"
      case .quadratic: "quadratic self-speculation"
      }
    }

    /// Engine time of its steps.
    public var milliseconds: Double { passage.candidate.trajectory?.totalMilliseconds ?? 0 }

    public var forwardPasses: Int { passage.candidate.trajectory?.steps.last?.forwardPasses ?? 0 }

    /// Tokens written so far.
    public var tokens: Int { passage.cells.count { $0.state == .draft || $0.state == .pinned } }

    public var tokensPerForward: Double {
      forwardPasses == 0 ? 0 : Double(tokens) / Double(forwardPasses)
    }

    /// How well what it made reads; nil before the race is over, and where the model cannot score
    /// it.
    var score: CandidateScore?

    /// −ln p a token of the text after the passage, the lower the better; nil where that is not
    /// known or there is none.
    public var join: Double? {
      guard let following = score?.following, following.tokens > 0 else { return nil }
      return -following.perToken
    }

    /// What a search under way is doing.
    public var stage: String? {
      guard isRunning else { return nil }
      return passage.candidate.trajectory?.steps.last?.search?.words
    }

    /// Slots that are decided, 0...1; nil for a search under way, whose end is not known.
    public var progress: Double? {
      if isFinished { return 1 }
      guard let trajectory = passage.candidate.trajectory, !passage.cells.isEmpty else { return 0 }
      if trajectory.isSearch { return nil }
      return Double(passage.cells.count - passage.masksLeft) / Double(passage.cells.count)
    }

    public var isFinished: Bool { passage.state == .ended }

    var isRunning: Bool { passage.state.isRunning }

    /// What it has made, as a candidate of the passage; nil before the first step.
    var result: Candidate? {
      guard passage.candidate.lastStep > 0 else { return nil }
      var candidate = passage.candidate
      candidate.label = name
      return candidate
    }

    /// What else its search has found.
    var siblings: ArraySlice<Candidate> { passage.candidates.dropFirst() }

    /// One line; nil unless the engine failed.
    public var failure: String? {
      if case .failed(let reason) = passage.state { reason } else { nil }
    }
  }
}
