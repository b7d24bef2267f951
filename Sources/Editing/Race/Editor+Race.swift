internal import DecodingPolicies
internal import Documents
internal import Infilling

// A race begins on the passage at hand and ends as drafts of it, or with nothing changed.

extension Command {
  static let racing: [Command] = [
    Command("race", "Race the modes of the model on this passage", in: [.text, .review]) {
      $0.startRace()
    },
    Command("race-take", "Take the lane as a draft", in: [.race]) { $0.takeLane() },
    Command("race-close", "End the race, change nothing", in: [.race]) { $0.closeRace() },
    Command("race-up", "Previous lane", in: [.race]) { $0.race?.select(by: -1) },
    Command("race-down", "Next lane", in: [.race]) { $0.race?.select(by: 1) },
    Command("race-again", "Race again with another seed", in: [.race]) { $0.raceAgain() },
  ]
}

extension Editor {
  mutating func startRace() {
    guard !isReplay else { return show(.recordingCannotRace) }
    guard let span = focusedPassage?.span ?? spanToRewrite() else { return show(.nothingToRace) }
    guard span.count <= settings.longestSpanBytes else {
      return show(.tooLong(bytes: settings.longestSpanBytes))
    }
    if let other = passages.first(where: { $0.span.overlaps(span) }), other.span != span {
      return show(.partUnderReview)
    }
    startRace(on: span, seed: settings.infill.seed)
  }

  private mutating func startRace(on span: Range<Int>, seed: UInt64) {
    let anchor = document.addAnchor(AnchoredRange(span))
    // A model with a decoder of its own may search as well.
    let searches = knownModel.map { $0.modes.contains(.search) && !$0.searches } ?? false
    let modes: [DecodingMode] =
      [.autoregressive, .diffusion] + (searches ? [.search] : []) + [.selfSpeculation]
    let lanes = modes.map { mode in
      var infill = settings.infill
      infill.mode = mode
      infill.seed = seed
      return Race.Lane(
        mode: mode,
        passage: Passage(
          id: newPassageID(), run: .lane(numbering.take()), span: span, anchor: anchor,
          original: document.text.bytes(in: span),
          columns: columns(of: span), request: request(for: span, settings: infill),
          selectionBefore: selection, revisionBefore: document.revision))
    }
    // The end of the line before, at a word, and the beginning of the one after.
    let start = max(document.text.lineStart(at: span.lowerBound), span.lowerBound - 80)
    let end = min(document.text.lineEnd(at: span.upperBound), span.upperBound + 80)
    var before = document.text.string(in: start..<span.lowerBound)
    if start > document.text.lineStart(at: span.lowerBound) {
      before = "…" + before.drop { !$0.isWhitespace }
    }
    var after = document.text.string(in: span.upperBound..<end)
    if end < document.text.lineEnd(at: span.upperBound), let blank = after.lastIndex(of: " ") {
      after = after[..<blank] + " …"
    }
    race = Race(
      span: span, before: before, after: after, lanes: lanes, selected: 1,
      scoring: request(for: span, settings: settings.infill))
    document.closeUndoGroup()
    raceHandles(.model(knownModel))
  }

  /// What is known about the model; nil while it is not loaded.
  var knownModel: ModelSummary? { if case .ready(let summary) = model { summary } else { nil } }

  mutating func raceHandles(_ event: Race.Event) {
    guard var present = race else { return }
    effects += present.handle(event, &numbering)
    race = present
  }

  // MARK: The mouse

  /// A click selects a lane; on the selected one it takes it.
  mutating func pressLane(column: Int, row: Int) {
    guard let race,
      let lane = race.lane(
        atColumn: column, row: row, columns: viewport.columns, rows: viewport.textRows)
    else { return }
    if lane == race.selected { takeLane() } else { self.race?.selected = lane }
  }

  // MARK: The end

  /// Ends the race; the engine drops its lanes. nil if there is none.
  private mutating func endRace() -> Race? {
    guard var ended = race else { return nil }
    race = nil
    effects += ended.handle(.ended, &numbering)
    return ended
  }

  mutating func closeRace() {
    guard let ended = endRace() else { return }
    document.removeAnchor(ended.lanes[0].passage.anchor)
    show(.raceEnded)
  }

  /// Lanes of earlier rounds that are kept.
  private static let mostEarlierLanes = 30

  mutating func raceAgain() {
    guard let ended = endRace() else { return }
    document.removeAnchor(ended.lanes[0].passage.anchor)
    startRace(on: ended.span, seed: (ended.lanes.map(\.passage.candidate.seed).max() ?? 0) &+ 1)
    race?.selected = ended.selected
    race?.earlier = Array(
      (ended.earlier + ended.lanes.compactMap(\.result)).suffix(Self.mostEarlierLanes))
  }

  /// The selected lane becomes a draft of the passage, or another candidate of the one under
  /// review; the other lanes follow as candidates.
  mutating func takeLane() {
    guard let present = race else { return }
    guard present.lanes[present.selected].passage.candidate.lastStep > 0 else {
      return show(.laneEmpty)
    }
    guard let ended = endRace() else { return }
    var passage = ended.lanes[ended.selected].passage
    let others = ended.lanes.indices.filter { $0 != ended.selected }.map { ended.lanes[$0] }
    let taken = ended.lanes[ended.selected]
    let candidates = ended.earlier + ([taken] + others).compactMap(\.result) + taken.siblings
    // Further candidates use the model's own mode again.
    passage.candidates = candidates.map { candidate in
      var candidate = candidate
      candidate.next.mode = settings.infill.mode
      return candidate
    }
    passage.shownCandidate = ended.earlier.count
    passage.refresh()
    if let index = passages.firstIndex(where: { $0.span == ended.span }) {
      stop(index)
      document.removeAnchor(passage.anchor)
      let shown = passages[index].candidates.count + passage.shownCandidate
      passages[index].candidates += passage.candidates
      show(candidate: shown, of: index)
      enter(index)
    } else {
      rejected.leaveUndo()
      passages.append(passage)
      enter(passages.count - 1)
    }
    show(.laneTaken(ended.lanes[ended.selected].name, hasOthers: candidates.count > 1))
  }

  var raceHints: [KeyHint] {
    hints(
      .race,
      [
        ("race-take", "take the lane"), ("race-close", "end, change nothing"),
        ("race-down", "next lane"), ("race-up", "previous lane"), ("race-again", "again"),
      ])
  }
}
