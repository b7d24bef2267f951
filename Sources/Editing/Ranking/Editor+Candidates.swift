internal import DecodingPolicies
internal import Documents
internal import Infilling

// Several candidates of one passage at once, and which of them reads best.

extension Command {
  static let candidates: [Command] = [
    Command("candidates", "Several candidates for the selection at once") { editor in
      editor.onPassage { $0.beginCandidates($1, count: $0.settings.candidates) }
    },
    reviewing("review-candidates", "Several candidates at once, the likeliest first") {
      $0.beginCandidates($1, count: $0.settings.candidates)
    },
    reviewing("review-candidate-count", "Choose how many candidates at once") {
      $0.askForCandidateCount($1)
    },
  ]
}

extension Editor {
  /// Candidates that can be begun at once.
  public static let mostCandidates = 16

  fileprivate mutating func askForCandidateCount(_ index: Int) {
    ask(about: index, "How many candidates at once: ", text: "\(settings.candidates)") {
      $0.beginCandidates($1, count: $2)
    }
  }

  mutating func beginCandidates(_ index: Int, count text: String) -> Message? {
    guard let count = Int(text), (2...Self.mostCandidates).contains(count) else {
      return .numberExpected(2...Self.mostCandidates)
    }
    beginCandidates(index, count: count)
    return nil
  }

  /// Begins `count` candidates that differ in seed and length, of a search in seed; pinned words
  /// stay in all of them. What was there before is kept.
  mutating func beginCandidates(_ index: Int, count: Int) {
    withdrawQuestions(index)
    stop(index)
    passages[index].isPlaying = false
    let passage = passages[index]
    var first = passage.candidate.next
    let isFirst = passage.candidates.allSatisfy { $0.state == .idle }
    if !isFirst { first.seed = passage.nextSeed }
    var others = first
    others.temperature = temperature(ofFurtherCandidatesOf: passage)
    // A passage that has no candidate yet gets the one it would get alone, too.
    if !isFirst { first.temperature = others.temperature }
    var all = others.variations(count, slots: searches(first) ? nil : slots(of: passage))
    all[0] = first
    let starts = all.map { settings in
      RunStart(
        newRun(),
        request(
          for: passage.span, settings: settings, canvas: passage.pinnedCanvas,
          instruction: passage.candidate.nextInstruction))
    }
    passages[index].candidates.removeAll { $0.state == .idle }
    passages[index].shownCandidate = passages[index].candidates.count
    passages[index].candidates += starts.map { Candidate(opening: $0.run, $0.request) }
    passages[index].ranking = Ranking(runs: starts.map(\.run))
    passages[index].view = .draft
    passages[index].refresh()
    emit(.beginCandidates(starts))
    show(.candidatesBegun(starts.count))
  }

  /// Whether candidates with these settings are searches, which differ by seed; so are those of a
  /// model that is not known yet.
  func searches(_ infill: DecodingConfiguration) -> Bool {
    knownModel?.searches(infill) ?? infill.allowsSearch
  }

  /// A search draws at any temperature; where the most probable token is taken, only another
  /// temperature makes another text.
  func temperature(ofFurtherCandidatesOf passage: Passage) -> Double {
    let next = passage.candidate.next
    return passage.chosenTemperature
      ?? (searches(next) && knownModel != nil ? next.temperature : settings.rerollTemperature)
  }

  /// Slots that an engine would begin with: those it has begun with where that is known, else
  /// a guess from the length in bytes.
  func slots(of passage: Passage) -> Int {
    let plain = passage.candidates.first {
      $0.request.canvas == nil && $0.request.settings.slots == nil
    }
    if let canvas = plain?.trajectory?.canvas { return canvas.count }
    let tokens = max(1, passage.original.count * 2 / 9)
    return tokens + max(4, tokens / 4)
  }

  mutating func rankingReceived(_ inquiry: InquiryID, _ reply: InquiryReply) {
    guard let index = passages.firstIndex(where: { $0.ranking?.inquiry == inquiry }) else { return }
    rankingHandles(index, .reply(reply))
  }

  mutating func rankingHandles(_ index: Int, _ event: Ranking.Event) {
    guard var ranking = passages[index].ranking else { return }
    let action = ranking.handle(event, &numbering)
    passages[index].ranking = ranking
    switch action {
    case nil: return
    case .ask(let id, let texts):
      let request = request(for: passages[index].span, settings: settings.infill)
      return emit(.scoreTexts(id, texts, request))
    case .withdraw(let id): return emit(.withdraw(id))
    case .nothingToCompare, .cannotCompare, .failed, .scored: passages[index].ranking = nil
    }
    switch action {
    case .scored(let scores, let best): scored(index, ranking, scores, best: best)
    case .cannotCompare: show(.cannotRank)
    case .failed(let reason):
      // Rounds need no comparison: the last one is shown.
      show(ranking.rounds ?? .notRanked(reason))
    case nil, .ask, .withdraw, .nothingToCompare: break
    }
  }

  /// Records the scores and lists the candidates, the likeliest shown, unless something else is
  /// being done.
  private mutating func scored(
    _ index: Int, _ ranking: Ranking, _ scores: [RunID: CandidateScore], best: RunID
  ) {
    for candidate in passages[index].candidates.indices {
      if let score = scores[passages[index].candidates[candidate].id] {
        passages[index].candidates[candidate].score = score
      }
    }
    refreshCandidateList()
    if let noted = ranking.rounds { return showBestRound(index, ranking, noted) }
    let number = passages[index].candidates.firstIndex { $0.id == best } ?? 0
    let shown = passages[index].candidate
    guard focus == passages[index].id, mode == .review, ranking.runs.contains(shown.id),
      shown.shownStep == shown.lastStep, passages[index].view == .draft
    else { return show(.readsBest(candidate: number + 1)) }
    message = nil
    listCandidates(index)
    picker?.selected = 0
    previewSelected()
  }

  /// A candidate that was steered before its end is compared by the one that continues it.
  mutating func compare(_ index: Int, _ run: RunID, insteadOf old: Candidate) {
    guard !old.state.isOver else { return }
    rankingHandles(index, .superseded(old.id, by: run))
  }

  private mutating func showBestRound(_ index: Int, _ ranking: Ranking, _ said: Message) {
    let rounds = passages[index].candidates.indices.filter {
      ranking.runs.dropFirst().contains(passages[index].candidates[$0].id)
    }
    func value(_ candidate: Int) -> Double {
      passages[index].candidates[candidate].score?.value ?? -.infinity
    }
    guard let best = rounds.max(by: { value($0) < value($1) }), mode == .review || mode == .text,
      rounds.contains(passages[index].shownCandidate), best != passages[index].shownCandidate
    else { return show(said) }
    show(candidate: best, of: index)
    let name = passages[index].candidates[best].label ?? "this"
    show(.bestRound(name, of: rounds.count))
  }

  /// Forgets what the engine was asked about a passage.
  mutating func withdrawQuestions(_ index: Int) {
    rankingHandles(index, .withdrawn)
    passages[index].ranking = nil
    endRefinement(index)
  }
}
