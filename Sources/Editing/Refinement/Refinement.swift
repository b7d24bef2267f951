internal import Infilling

/// Rounds of scoring the words of a passage and masking the unlikely ones. Each round is a
/// candidate.
struct Refinement: Sendable, Equatable {
  enum Event {
    /// The words of the shown text that are not pinned.
    case words([WeighedWord])
    /// `budget`: milliseconds that all rounds may take; nil for no limit.
    case reply(InquiryReply, budget: Int?)
    /// The candidate of a round: its run, or the one that holds mended typos.
    case round(RunID)
    /// The run of a round has come to its end, after so much time. `isWhole` unless something else
    /// is shown or it was stopped.
    case runEnded(RunID, milliseconds: Double, isWhole: Bool)
    /// Nobody waits for the answer any more.
    case withdrawn
  }

  enum Action: Equatable {
    case ask(InquiryID, [WeighedWord])
    case withdraw(InquiryID)
    /// The words have been scored; shown before the round that comes of it.
    case shade([WeighedWord], [WordDoubt])
    /// A round: mask the words and let the engine write others, within this many milliseconds; nil
    /// for no limit.
    case mask([WeighedWord], milliseconds: Int?)
    /// A round of typos: the engine has already named the words meant.
    case mend([Typo])
    /// Score the words of what is shown.
    case scoreWords
    case end(End)
  }

  /// Why no further round begins.
  enum End: Equatable {
    case noWords
    case cannotScore
    case failed(String)
    /// Nothing is left to do, or all rounds are done.
    case done
    /// Something else is shown.
    case abandoned
  }

  /// The words that may be masked.
  enum Scope: Sendable, Equatable {
    case passage
    /// The two words on either side of a slot, whose word was replaced.
    case beside(slot: Int)

    /// Of the words of a passage, in order, those in the scope.
    func within(_ words: [WeighedWord]) -> [WeighedWord] {
      guard case .beside(let slot) = self else { return words }
      let before = words.filter { $0.slots.allSatisfy { $0 < slot } }
      let after = words.filter { $0.slots.allSatisfy { $0 > slot } }
      return before.suffix(2) + after.prefix(2)
    }
  }

  struct Typo: Sendable, Equatable {
    var word: WeighedWord
    var meant: InfillAlternative
  }

  /// Rounds begun.
  private(set) var round = 0
  /// What the rounds began with, and the candidate of each.
  private(set) var runs: [RunID]
  /// The run of the present round.
  private(set) var run: RunID?
  /// The question that the engine has not answered yet.
  private(set) var inquiry: InquiryID?
  /// Time that the rounds have taken.
  private(set) var milliseconds = 0.0
  private var words: [WeighedWord] = []
  /// Words that were masked: one that comes back, or occurs elsewhere too, is not masked again.
  private var tried: Set<String> = []
  let scope: Scope
  private let threshold: Double
  private let limit: Int

  /// At most `limit` rounds, in which words are masked whose probability is below `threshold`.
  init(from run: RunID, below threshold: Double, limit: Int, in scope: Scope = .passage) {
    runs = [run]
    self.scope = scope
    self.threshold = threshold
    self.limit = limit
  }

  mutating func handle(_ event: Event, _ numbering: inout Numbering) -> [Action] {
    switch event {
    case .words(let all):
      let words = scope.within(all)
      guard !words.isEmpty else { return [.end(.noWords)] }
      let id = InquiryID.refinement(numbering.take())
      inquiry = id
      self.words = words
      return [.ask(id, words)]
    case .reply(let reply, let budget):
      inquiry = nil
      return receive(reply, left: budget.map { $0 - Int(milliseconds) })
    case .round(let id):
      runs.append(id)
      run = id
      return []
    case .runEnded(let id, let time, let isWhole):
      guard id == run else { return [] }
      run = nil
      milliseconds += time
      return isWhole ? next() : [.end(.abandoned)]
    case .withdrawn:
      defer { inquiry = nil }
      return inquiry.map { [.withdraw($0)] } ?? []
    }
  }

  private mutating func receive(_ reply: InquiryReply, left: Int?) -> [Action] {
    switch reply {
    case .failed(let reason): return [.end(.failed(reason))]
    case .doubts(let doubts) where doubts.count == words.count:
      return [.shade(words, doubts)] + begin(doubts, left: left)
    case .doubts, .scores: return [.end(.cannotScore)]
    }
  }

  private mutating func begin(_ doubts: [WordDoubt], left: Int?) -> [Action] {
    let chosen = chosen(doubts)
    guard !chosen.isEmpty else { return [.end(.done)] }
    let typos = chosen.compactMap { number in
      doubts[number].meant(by: words[number].text).map { Typo(word: words[number], meant: $0) }
    }
    if typos.isEmpty, let left, left <= 0 { return [.end(.done)] }
    round += 1
    tried.formUnion(chosen.map { words[$0].text })
    guard !typos.isEmpty else { return [.mask(chosen.map { words[$0] }, milliseconds: left)] }
    tried.formUnion(typos.map(\.meant.word))
    return [.mend(typos)] + next()
  }

  private func next() -> [Action] { round < limit ? [.scoreWords] : [.end(.done)] }

  /// The words of a round: typos alone if any, else the least likely, at most a fourth
  /// of all. No two are adjacent: a word is often unlikely only for its neighbour, and is
  /// scored again when that has changed. Names are kept.
  private func chosen(_ doubts: [WordDoubt]) -> [Int] {
    let candidates = words.indices
      .filter { number in
        let word = words[number].text
        return !tried.contains(word) && word.first?.isUppercase == false
          && doubts[number].level(of: word, below: threshold) != nil
      }
      .sorted { doubts[$0].probability < doubts[$1].probability }
    let typos = candidates.filter { doubts[$0].meant(by: words[$0].text) != nil }
    var chosen: [Int] = []
    for number in typos.isEmpty ? candidates : typos
    where chosen.count < max(1, words.count / 4)
      && !chosen.contains(where: { abs($0 - number) == 1 })
    {
      chosen.append(number)
    }
    return chosen
  }
}
