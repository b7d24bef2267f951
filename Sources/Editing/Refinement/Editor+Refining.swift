internal import DecodingPolicies
internal import Documents
internal import Infilling

// Keeping a passage and masking only its unlikely words, in rounds.

extension Command {
  static let refining: [Command] = [
    Command("refine", "Keep the passage, mask its unlikely words") { editor in
      editor.onPassage { $0.refine($1) }
    },
    reviewing("review-refine", "Mask unlikely words, in rounds") { $0.refine($1) },
  ]
}

extension Editor {
  /// Starts with what is shown, or where nothing has been tried with the original itself.
  mutating func refine(_ index: Int) {
    let passage = passages[index]
    if passage.candidates.allSatisfy({ $0.state == .idle }) {
      let cells = InfillCell.drafts(of: String(decoding: passage.original, as: UTF8.self))
      let request = request(for: passage.span, settings: passage.candidate.next, canvas: cells)
      var candidate = Candidate(passage.candidate.id, request, cells: cells)
      candidate.label = "original"
      passages[index].restart(with: [candidate], showing: 0)
    }
    guard passages[index].candidate.trajectory != nil, passages[index].masksLeft == 0 else {
      return show(.masksLeftToRefine)
    }
    withdrawQuestions(index)
    hold(index)
    passages[index].refinement = Refinement(
      from: passages[index].candidate.id, below: settings.doubt, limit: settings.refineRounds)
    refinementHandles(index, .words(passages[index].weighedWords))
  }

  /// After the word at a slot was replaced by another that the engine had considered: masks a word
  /// beside it that has become unlikely ("It am"), and lets the engine write another. A run that
  /// writes the rest of the replaced word ends first. Nothing happens where no word can be scored.
  mutating func makeAgree(_ index: Int, with slot: Int, from run: RunID) {
    let candidate = passages[index].candidate
    guard candidate.id != run else { return }
    var refinement = Refinement(
      from: run, below: settings.doubt, limit: 1, in: .beside(slot: slot))
    _ = refinement.handle(.round(candidate.id), &numbering)
    passages[index].refinement = refinement
    if passages[index].masksLeft == 0 { refineFurther(index, after: candidate.id) }
  }

  mutating func refinementReceived(_ inquiry: InquiryID, _ reply: InquiryReply) {
    guard let index = passages.firstIndex(where: { $0.refinement?.inquiry == inquiry }) else {
      return
    }
    var budget: Int?
    if case .budget(let milliseconds) = passages[index].candidate.next.unmasking {
      budget = Int(milliseconds)
    }
    refinementHandles(index, .reply(reply, budget: budget))
  }

  /// Goes on with the next round when the run of the present one has come to its end.
  mutating func refineFurther(_ index: Int, after run: RunID) {
    let candidate = passages[index].candidate
    let isWhole =
      candidate.id == run && candidate.state == .ended && candidate.shownStep == candidate.lastStep
    refinementHandles(
      index,
      .runEnded(
        run, milliseconds: candidate.trajectory?.totalMilliseconds ?? 0, isWhole: isWhole))
  }

  private mutating func refinementHandles(_ index: Int, _ event: Refinement.Event) {
    guard let actions = passages[index].refinement?.handle(event, &numbering) else { return }
    for action in actions {
      switch action {
      case .ask(let id, let words): ask(id, about: words, of: index)
      case .withdraw(let id): emit(.withdraw(id))
      case .shade(let words, let doubts): noteConfidences(index, words, doubts)
      case .mask(let words, let time): mask(index, words, milliseconds: time)
      case .mend(let typos): mend(index, typos)
      case .scoreWords: refinementHandles(index, .words(passages[index].weighedWords))
      case .end(let end): endRefining(index, end)
      }
    }
  }

  /// Asks how likely each word is.
  private mutating func ask(_ id: InquiryID, about words: [WeighedWord], of index: Int) {
    let passage = passages[index]
    let around = request(for: passage.span, settings: passage.candidate.next)
    let start = around.prefix.utf8.count
    emit(
      .weighWords(
        id,
        DoubtRequest(
          text: around.prefix + passage.text + around.suffix,
          words: words.map { start + $0.range.lowerBound..<start + $0.range.upperBound },
          pictures: around.pictures)))
  }

  /// A round of masks.
  private mutating func mask(_ index: Int, _ words: [WeighedWord], milliseconds: Int?) {
    guard var refinement = passages[index].refinement else { return }
    let own = passages[index].candidate.next
    var next = own
    if let milliseconds { next.unmasking = .budget(milliseconds: Double(milliseconds)) }
    var cells = passages[index].cells
    for slot in Set(words.flatMap(\.slots)).sorted(by: >) {
      cells.replaceSubrange(slot...slot, with: cells[slot].masked)
    }
    startCandidate(index, from: cells, settings: next)
    passages[index].candidate.next = own
    _ = refinement.handle(.round(passages[index].candidate.id), &numbering)
    passages[index].refinement = refinement
    switch refinement.scope {
    case .passage:
      passages[index].candidate.label = "round \(refinement.round)"
      show(.roundMasked(refinement.round, words: words.count))
    case .beside:
      passages[index].candidate.label = "agreeing"
      show(.makingAgree(words.map(\.text)))
    }
  }

  /// A round of typos: the engine has already named the words meant.
  private mutating func mend(_ index: Int, _ typos: [Refinement.Typo]) {
    guard var refinement = passages[index].refinement else { return }
    var cells = passages[index].cells
    for typo in typos {
      let word = typo.word
      guard let first = word.slots.first else { continue }
      var text = word.slots.map { cells[$0].text }.joined()
      guard let place = text.firstRange(of: word.text) else { continue }
      text.replaceSubrange(place, with: typo.meant.word)
      for slot in word.slots { cells[slot] = InfillCell(state: .deleted, text: "") }
      cells[first] = InfillCell(state: .draft, text: text, confidence: typo.meant.probability)
    }
    steer(index, cells)
    passages[index].candidate.label = "round \(refinement.round)"
    _ = refinement.handle(.round(passages[index].candidate.id), &numbering)
    passages[index].refinement = refinement
    show(.roundMended(refinement.round, typos: typos.count))
  }

  /// Shades the words of a text that no run has made by what the model thinks of them.
  private mutating func noteConfidences(
    _ index: Int, _ words: [WeighedWord], _ doubts: [WordDoubt]
  ) {
    guard passages[index].candidate.lastStep == 0, var cells = passages[index].candidate.cells
    else { return }
    for (word, doubt) in zip(words, doubts) {
      for slot in word.slots { cells[slot].confidence = doubt.probability }
    }
    passages[index].candidate.run.replaceCanvas(cells)
    passages[index].refresh()
  }

  /// No further round begins; what the present one does is kept.
  mutating func endRefinement(_ index: Int) {
    refinementHandles(index, .withdrawn)
    passages[index].refinement = nil
  }

  /// Reports what has become of the passage, and asks which of several rounds reads best.
  private mutating func endRefining(_ index: Int, _ end: Refinement.End) {
    guard let ended = passages[index].refinement else { return }
    passages[index].refinement = nil
    guard ended.scope == .passage else { return }
    switch end {
    case .noWords: return show(.noWordsToScore)
    case .cannotScore: return show(.cannotScoreWords)
    case .failed(let reason): return show(.wordsNotScored(reason))
    case .abandoned: return
    case .done: break
    }
    let rounds = ended.round
    guard rounds > 0 else { return show(.noUnlikelyWordsFound) }
    let original = String(decoding: passages[index].original, as: UTF8.self)
    let changed = WordDiff(original: original, draft: passages[index].text).addedCount
    let said = Message.roundsDone(rounds, changedWords: changed)
    show(said)
    if rounds > 1 {
      passages[index].ranking = Ranking(runs: ended.runs, rounds: said)
      rankingHandles(index, .candidates(passages[index].candidates))
    }
  }
}

extension InfillCell {
  /// Masks in place of a slot: as many as the text of one without a token may be tokens.
  fileprivate var masked: [InfillCell] {
    Array(repeating: .open, count: token == nil ? max(1, (text.utf8.count + 2) / 5) : 1)
  }
}
