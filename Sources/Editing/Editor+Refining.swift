internal import Documents
internal import Infilling

// Keeping a passage and masking only what the model doubts, in rounds. Each round is a branch.

/// Rounds of weighing the words of a passage and filling the doubted ones anew.
struct Refinement: Sendable, Equatable {
  /// Rounds begun.
  var round = 0
  /// The question to the engine, and the words it is about.
  var inquiry: InquiryID?
  var words: [WeighedWord] = []
  /// The run of the present round.
  var run: RunID?
  /// Words that were masked: one that comes back, or stands elsewhere too, is not masked again.
  var tried: Set<String> = []
  /// What the rounds began with, and the run of each.
  var runs: [RunID] = []
  /// Time the rounds have taken.
  var milliseconds = 0.0
}

extension Command {
  static let refining: [Command] = [
    Command("refine", "Keep the passage, mask what the model doubts") { editor in
      editor.onPassage { $0.refine($1) }
    },
    Command("review-refine", "Mask what the model doubts, in rounds") {
      $0.reviewing { $0.refine($1) }
    },
  ]
}

extension Editor {
  /// Starts with what is shown, or where nothing has been tried with the original itself.
  mutating func refine(_ index: Int) {
    let fill = fills[index]
    if fill.branches.allSatisfy({ $0.state == .idle }) {
      let cells = InfillCell.drafts(of: String(decoding: fill.original, as: UTF8.self))
      let request = request(for: fill.span, settings: fill.branch.next, canvas: cells)
      var branch = Branch(fill.branch.id, request, cells: cells)
      branch.remark = "original"
      fills[index].restart(with: [branch], showing: 0)
    }
    guard fills[index].branch.trajectory != nil, fills[index].masksLeft == 0 else {
      return note("Masks are left: wait, or go to the last step")
    }
    withdrawQuestions(index)
    hold(index)
    fills[index].refinement = Refinement(runs: [fills[index].branch.id])
    weigh(index)
  }

  /// Asks how much the model doubts each word that is not pinned.
  private mutating func weigh(_ index: Int) {
    let fill = fills[index]
    let words = fill.weighedWords
    guard !words.isEmpty else { return endRefining(index, "No word to weigh") }
    let around = request(for: fill.span, settings: fill.branch.next)
    let start = around.prefix.utf8.count
    let inquiry = InquiryID.refinement(newNumber())
    fills[index].refinement?.inquiry = inquiry
    fills[index].refinement?.words = words
    emit(
      .weighWords(
        inquiry,
        DoubtRequest(
          text: around.prefix + fill.text + around.suffix,
          words: words.map { start + $0.range.lowerBound..<start + $0.range.upperBound })))
  }

  mutating func refinementReceived(_ inquiry: InquiryID, _ reply: InquiryReply) {
    guard let index = fills.firstIndex(where: { $0.refinement?.inquiry == inquiry }) else { return }
    switch reply {
    case .doubts(let doubts): doubted(index, doubts)
    case .failed(let reason):
      fills[index].refinement = nil
      warn("The words are not weighed: \(reason)")
    case .scores: break
    }
  }

  /// Masks what the model doubts and begins a round, or ends where there is nothing to mask.
  private mutating func doubted(_ index: Int, _ doubts: [WordDoubt]) {
    guard var refinement = fills[index].refinement else { return }
    refinement.inquiry = nil
    fills[index].refinement = refinement
    guard doubts.count == refinement.words.count else {
      return endRefining(index, "This model cannot tell which words it doubts")
    }
    noteConfidences(index, refinement.words, doubts)
    let doubted = Self.mostDoubted(refinement.words, doubts, besides: refinement.tried, settings)
    guard !doubted.isEmpty else { return endRefining(index, nil) }
    refinement.tried.formUnion(doubted.map(\.word.text))
    refinement.round += 1
    if doubted.contains(where: { $0.meant != nil }) {
      return mend(index, doubted, refinement)
    }
    var cells = fills[index].cells
    for slot in Set(doubted.flatMap(\.word.slots)).sorted(by: >) {
      cells.replaceSubrange(slot...slot, with: cells[slot].masked)
    }
    var next = fills[index].branch.next
    if case .budget(let total) = next.reveal {
      let left = total - Int(refinement.milliseconds)
      guard left > 0 else { return endRefining(index, nil) }
      next.reveal = .budget(milliseconds: left)
    }
    let own = fills[index].branch.next
    startBranch(index, from: cells, settings: next)
    fills[index].branch.next = own
    fills[index].branch.remark = "round \(refinement.round)"
    refinement.run = fills[index].branch.id
    refinement.runs.append(fills[index].branch.id)
    fills[index].refinement = refinement
    let words = doubted.count == 1 ? "1 word" : "\(doubted.count) words"
    note("Round \(refinement.round): \(words) doubted")
  }

  private typealias Doubted = (word: WeighedWord, meant: InfillAlternative?)

  /// The words of a round: slips alone where there are any, with what was meant, else the least
  /// likely, at most a fourth of all. None stands beside another: a word is often doubted only for
  /// its neighbour, and is weighed again when that has changed. Names are kept.
  private static func mostDoubted(
    _ words: [WeighedWord], _ doubts: [WordDoubt], besides tried: Set<String>,
    _ settings: EditorSettings
  ) -> [Doubted] {
    let candidates = words.indices
      .filter { number in
        let word = words[number].text
        return !tried.contains(word) && word.first?.isUppercase == false
          && doubts[number].level(of: word, below: settings.doubt) != nil
      }
      .sorted { doubts[$0].probability < doubts[$1].probability }
    let slips = candidates.filter { doubts[$0].meant(by: words[$0].text) != nil }
    var chosen: [Int] = []
    for number in slips.isEmpty ? candidates : slips
    where chosen.count < max(1, words.count / 4)
      && !chosen.contains(where: { abs($0 - number) == 1 })
    {
      chosen.append(number)
    }
    return chosen.map { (words[$0], doubts[$0].meant(by: words[$0].text)) }
  }

  /// A round of slips: the model has said already what it would read there.
  private mutating func mend(_ index: Int, _ slips: [Doubted], _ refinement: Refinement) {
    var refinement = refinement
    var cells = fills[index].cells
    for case (let word, let meant?) in slips {
      guard let first = word.slots.first else { continue }
      var text = word.slots.map { cells[$0].text }.joined()
      guard let place = text.firstRange(of: word.text) else { continue }
      let mended = meant.word
      text.replaceSubrange(place, with: mended)
      refinement.tried.insert(mended)
      for slot in word.slots { cells[slot] = InfillCell(state: .deleted, text: "") }
      cells[first] = InfillCell(state: .draft, text: text, confidence: meant.probability)
    }
    steer(index, cells)
    fills[index].branch.remark = "round \(refinement.round)"
    refinement.runs.append(fills[index].branch.id)
    fills[index].refinement = refinement
    guard refinement.round < settings.refineRounds else { return endRefining(index, nil) }
    note("Round \(refinement.round): \(slips.count == 1 ? "1 slip" : "\(slips.count) slips")")
    weigh(index)
  }

  /// Shades the words of a text that no run has made by what the model thinks of them.
  private mutating func noteConfidences(
    _ index: Int, _ words: [WeighedWord], _ doubts: [WordDoubt]
  ) {
    guard fills[index].branch.lastStep == 0, var cells = fills[index].branch.cells else { return }
    for (word, doubt) in zip(words, doubts) {
      for slot in word.slots { cells[slot].confidence = doubt.probability }
    }
    fills[index].branch.run.replaceCanvas(cells)
    fills[index].refresh()
  }

  /// Goes on with the next round when the run of the present one has come to its end.
  mutating func refineFurther(_ index: Int, after run: RunID) {
    guard let refinement = fills[index].refinement, refinement.run == run else { return }
    let branch = fills[index].branch
    guard branch.id == run, branch.state == .ended, branch.shownStep == branch.lastStep else {
      fills[index].refinement = nil
      return
    }
    let spent = branch.trajectory?.totalMilliseconds ?? 0
    fills[index].refinement?.run = nil
    fills[index].refinement?.milliseconds += spent
    guard refinement.round < settings.refineRounds else { return endRefining(index, nil) }
    weigh(index)
  }

  /// No further round begins; what the present one does is kept.
  mutating func endWeighing(_ index: Int) {
    if let inquiry = fills[index].refinement?.inquiry {
      emit(.withdraw(inquiry))
    }
    fills[index].refinement = nil
  }

  /// Says what has become of the passage, and asks which of several rounds reads best.
  private mutating func endRefining(_ index: Int, _ problem: String?) {
    let rounds = fills[index].refinement?.round ?? 0
    let runs = fills[index].refinement?.runs ?? []
    fills[index].refinement = nil
    if let problem { return note(problem) }
    guard rounds > 0 else { return note("The model doubts no word of it") }
    let original = String(decoding: fills[index].original, as: UTF8.self)
    let changed = WordDiff(original: original, draft: fills[index].text).addedCount
    let said =
      "\(rounds == 1 ? "1 round" : "\(rounds) rounds"), "
      + "\(changed == 1 ? "1 word" : "\(changed) words") changed. d shows where"
    note(said)
    if rounds > 1 {
      fills[index].ranking = Ranking(runs: runs, rounds: said)
      rankIfDone(index)
    }
  }
}

extension InfillCell {
  /// Masks in place of a slot: as many as the text of one without a token may be tokens.
  fileprivate var masked: [InfillCell] {
    Array(repeating: .open, count: token == nil ? max(1, (text.utf8.count + 2) / 5) : 1)
  }
}
