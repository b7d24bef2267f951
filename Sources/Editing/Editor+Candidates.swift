internal import Documents
internal import Infilling

// Several tries at one passage side by side, and which of them reads best.

/// Tries that are compared once all of them have come to an end.
struct Ranking: Sendable, Equatable {
  /// Runs that were begun together.
  var runs: [RunID]
  /// The question to the engine, and the runs whose texts it is about.
  var inquiry: InquiryID?
  var asked: [RunID] = []
  /// What is said of rounds of refining, of which the best is shown, the first run being what they
  /// began with; nil for tries, which are listed.
  var rounds: String?
}

extension Command {
  static let candidates: [Command] = [
    Command("candidates", "Several tries at the selection at once") { editor in
      editor.onPassage { $0.tryCandidates($1, count: $0.settings.candidates) }
    },
    Command("review-candidates", "Several tries at once, the likeliest first") {
      $0.reviewing { $0.tryCandidates($1, count: $0.settings.candidates) }
    },
    Command("review-candidate-count", "As many tries at once as you say") {
      $0.reviewing { $0.ask(.candidates($0.fills[$1].id), text: "\($0.settings.candidates)") }
    },
  ]
}

extension Editor {
  /// Tries that can be begun at once.
  public static let mostCandidates = 16

  mutating func tryCandidates(_ index: Int, count text: String) {
    guard let count = Int(text), (2...Self.mostCandidates).contains(count) else {
      return warn("How many? A number from 2 to \(Self.mostCandidates)")
    }
    tryCandidates(index, count: count)
  }

  /// Begins `count` tries that differ in seed and length, of a search in seed; pinned words stay in
  /// all of them. What was there before is kept.
  mutating func tryCandidates(_ index: Int, count: Int) {
    withdrawQuestions(index)
    stop(index)
    fills[index].isPlaying = false
    let fill = fills[index]
    let pinned = fill.cells.contains { $0.state == .pinned }
    let canvas = pinned ? fill.cells.map { $0.state == .pinned ? $0 : .open } : nil
    var first = fill.branch.next
    let isFirst = fill.branches.allSatisfy { $0.state == .idle }
    if !isFirst { first.seed = (fill.branches.map(\.seed).max() ?? 0) &+ 1 }
    var others = first
    others.temperature = temperature(ofFurtherTriesAt: fill)
    // What has not been tried at all is tried as it would be alone, too.
    if !isFirst { first.temperature = others.temperature }
    var all = others.variations(count, slots: searches(first) ? nil : slots(of: fill))
    all[0] = first
    let starts = all.map { settings in
      RunStart(
        newRun(),
        request(
          for: fill.span, settings: settings, canvas: canvas,
          instruction: fill.branch.nextInstruction))
    }
    fills[index].branches.removeAll { $0.state == .idle }
    fills[index].shownBranch = fills[index].branches.count
    fills[index].branches += starts.map { Branch(opening: $0.run, $0.request) }
    fills[index].ranking = Ranking(runs: starts.map(\.run))
    fills[index].view = .draft
    fills[index].refresh()
    emit(.beginCandidates(starts))
    note("\(starts.count) tries at once. Tab goes through them, the likeliest are listed")
  }

  /// Whether tries with these settings are searches, which differ by seed; so are those of a model
  /// that is not known yet.
  func searches(_ infill: InfillSettings) -> Bool {
    guard infill.mode == .diffusion else { return false }
    if case .ready(let summary) = model { return summary.searches }
    return true
  }

  /// A search draws at any temperature; where the most probable token is taken, only another
  /// temperature makes another text.
  func temperature(ofFurtherTriesAt fill: Fill) -> Double {
    let next = fill.branch.next
    return fill.chosenTemperature
      ?? (searches(next) && isModelKnown ? next.temperature : settings.rerollTemperature)
  }

  var isModelKnown: Bool { if case .ready = model { true } else { false } }

  /// Slots that an engine would begin with: those it has begun with where that is known, else
  /// a guess from the length in bytes.
  func slots(of fill: Fill) -> Int {
    let plain = fill.branches.first { $0.request.canvas == nil && $0.request.settings.slots == nil }
    if let canvas = plain?.trajectory?.canvas { return canvas.count }
    let tokens = max(1, fill.original.count * 2 / 9)
    return tokens + max(4, tokens / 4)
  }

  /// Asks which try reads best as soon as all that were begun together have come to an end.
  mutating func rankIfDone(_ index: Int) {
    guard let ranking = fills[index].ranking, ranking.inquiry == nil,
      fills[index].branches.allSatisfy({ !ranking.runs.contains($0.id) || $0.state.isOver })
    else { return }
    let complete = fills[index].branches.compactMap { branch -> (run: RunID, text: String)? in
      guard branch.state.isOver, let cells = branch.lastCells,
        !cells.contains(where: { $0.state == .open })
      else { return nil }
      let text = Fill.text(of: cells)
      return text.isEmpty ? nil : (branch.id, text)
    }
    guard complete.count > 1 else {
      fills[index].ranking = nil
      return
    }
    let inquiry = InquiryID.ranking(newNumber())
    fills[index].ranking?.inquiry = inquiry
    fills[index].ranking?.asked = complete.map(\.run)
    let request = request(for: fills[index].span, settings: settings.infill)
    emit(.scoreTexts(inquiry, complete.map(\.text), request))
  }

  /// A try that was steered before its end is compared by what it goes on as.
  mutating func compare(_ index: Int, _ run: RunID, insteadOf old: Branch) {
    guard !old.state.isOver, let place = fills[index].ranking?.runs.firstIndex(of: old.id) else {
      return
    }
    fills[index].ranking?.runs[place] = run
  }

  mutating func rankingReceived(_ inquiry: InquiryID, _ reply: InquiryReply) {
    guard let index = fills.firstIndex(where: { $0.ranking?.inquiry == inquiry }),
      let ranking = fills[index].ranking
    else { return }
    switch reply {
    case .scores(let scores):
      fills[index].ranking = nil
      scored(index, ranking, scores)
    case .failed(let reason):
      fills[index].ranking = nil
      // Rounds stand for themselves with a model that cannot compare them.
      if let rounds = ranking.rounds {
        note(rounds)
      } else {
        warn("The tries are not compared: \(reason)")
      }
    case .doubts: break
    }
  }

  /// Notes the scores and lists the tries, the likeliest shown, unless something else is being done.
  private mutating func scored(_ index: Int, _ ranking: Ranking, _ scores: [CandidateScore]) {
    guard scores.count == ranking.asked.count, let best = CandidateScore.best(scores) else {
      return note("This model cannot tell which try reads best. b lists them")
    }
    for (run, score) in zip(ranking.asked, scores) {
      guard let branch = fills[index].branches.firstIndex(where: { $0.id == run }) else {
        continue
      }
      fills[index].branches[branch].score = score
    }
    refreshBranchList()
    if let said = ranking.rounds { return showBestRound(index, ranking, said) }
    let number = fills[index].branches.firstIndex { $0.id == ranking.asked[best] } ?? 0
    let shown = fills[index].branch
    guard focus == fills[index].id, mode == .review, ranking.runs.contains(shown.id),
      shown.shownStep == shown.lastStep, fills[index].view == .draft
    else { return note("Try \(number + 1) reads best. b lists the tries") }
    message = nil
    listBranches(index)
    picker?.selected = 0
    previewSelected()
  }

  private mutating func showBestRound(_ index: Int, _ ranking: Ranking, _ said: String) {
    let rounds = fills[index].branches.indices.filter {
      ranking.runs.dropFirst().contains(fills[index].branches[$0].id)
    }
    func value(_ branch: Int) -> Double { fills[index].branches[branch].score?.value ?? -.infinity }
    guard let best = rounds.max(by: { value($0) < value($1) }), mode == .review || mode == .text,
      rounds.contains(fills[index].shownBranch), best != fills[index].shownBranch
    else { return note(said) }
    show(branch: best, of: index)
    let name = fills[index].branches[best].remark ?? "this"
    note("Of \(rounds.count) rounds \(name) reads best. d shows what it changed")
  }

  /// Forgets what the engine was asked about a fill.
  mutating func withdrawQuestions(_ index: Int) {
    if let inquiry = fills[index].ranking?.inquiry { emit(.withdraw(inquiry)) }
    fills[index].ranking = nil
    endWeighing(index)
  }
}
