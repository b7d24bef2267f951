internal import Documents
internal import Infilling

// Every mode of the model on one passage at the same time. The engine does one thing at a time, so
// the lane that has used the least engine time gets the next step: on the screen they run side by
// side, each on a clock of its own.

extension Command {
  static let racing: [Command] = [
    Command("race", "Race the modes of the model on this passage") { $0.startRace() },
    Command("race-take", "Take the lane as a draft") { $0.takeLane() },
    Command("race-close", "End the race, nothing changed") { $0.closeRace() },
    Command("race-up", "The lane before") { $0.race?.select(by: -1) },
    Command("race-down", "The lane behind") { $0.race?.select(by: 1) },
    Command("race-again", "Once more with another seed") { $0.raceAgain() },
  ]
}

extension Race {
  mutating func select(by step: Int) {
    selected = max(0, min(selected + step, lanes.count - 1))
  }
}

extension Editor {
  mutating func startRace() {
    guard !isReplay else { return note("A recording cannot race") }
    guard let span = focusedFill?.span ?? spanToFill() else {
      return warn("Nothing to race on here: select a passage")
    }
    guard span.count <= settings.longestSpanBytes else {
      return warn("Too long: select at most \(settings.longestSpanBytes / 1000) kB")
    }
    if let other = fills.first(where: { $0.span.overlaps(span) }), other.span != span {
      return warn("A part of this is under review: Alt-Enter returns to it")
    }
    startRace(on: span, seed: settings.infill.seed)
  }

  private mutating func startRace(on span: Range<Int>, seed: UInt64) {
    let anchor = document.addAnchor(AnchoredRange(span))
    let lanes = [InfillSettings.Mode.autoregressive, .diffusion, .selfSpeculation].map { mode in
      var infill = settings.infill
      infill.mode = mode
      infill.seed = seed
      return Race.Lane(
        mode: mode,
        fill: Fill(
          id: newFillID(), run: .lane(newNumber()), span: span, anchor: anchor,
          original: document.text.bytes(in: span),
          columns: columns(of: span), request: request(for: span, settings: infill),
          selectionBefore: selection, revisionBefore: document.revision))
    }
    // The end of the line before, at a word, and the beginning of the one behind.
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
    race = Race(span: span, before: before, after: after, lanes: lanes, selected: 1)
    document.closeUndoGroup()
    fillLanes()
    selectPresentLane()
  }

  private mutating func selectPresentLane() {
    guard let present = race, present.lanes[present.selected].absence != nil,
      let lane = present.lanes.firstIndex(where: { $0.absence == nil })
    else { return }
    race?.selected = lane
  }

  /// Asks for the lanes that the model has; for one of them while no model is known.
  private mutating func fillLanes() {
    guard var present = race else { return }
    for index in present.lanes.indices where present.lanes[index].absence == nil {
      if case .ready(let summary) = model {
        guard summary.modes.contains(present.lanes[index].mode) else {
          present.lanes[index].absence = Self.absence(of: present.lanes[index].mode, in: summary)
          perform(present.lanes[index].fill.branches[0].run.drop(), of: present.lanes[index])
          continue
        }
        present.lanes[index].isSearch = summary.searches && present.lanes[index].mode == .diffusion
      }
      guard present.lanes[index].fill.state == .idle,
        isModelKnown || present.lanes[index].mode == .diffusion
      else { continue }
      present.lanes[index].fill.branches[0].run.open()
      let fill = present.lanes[index].fill
      emit(.beginRun(fill.branch.id, fill.branch.request))
    }
    race = present
  }

  private static func absence(of mode: InfillSettings.Mode, in model: ModelSummary) -> String {
    switch mode {
    case .autoregressive: "\(model.name) was not trained to write from left to right"
    case .diffusion: "\(model.name) cannot fill masks: that needs an adapter trained on it"
    case .selfSpeculation, .quadratic:
      "needs a model that drafts in parallel and verifies from the left"
    }
  }

  // MARK: What the engine says

  mutating func laneReceived(_ id: RunID, _ reply: RunReply) {
    guard var present = race, let index = present.lanes.firstIndex(where: { $0.id == id }) else {
      return
    }
    var fill = present.lanes[index].fill
    guard let actions = fill.branch.run.handle(reply) else { return }
    if case .step(let step) = reply {
      fill.branch.shownStep = fill.branch.lastStep
      for cells in step.others { fill.branches.append(fill.branch.sibling(newRun(), cells: cells)) }
    }
    fill.refresh()
    present.lanes[index].fill = fill
    race = present
    perform(actions, of: present.lanes[index])
    fillLanes()
    advanceRace()
    judgeRace()
  }

  private mutating func perform(_ actions: [Run.Action], of lane: Race.Lane) {
    for action in actions {
      switch action {
      case .step: emit(.stepRun(lane.id, afterMilliseconds: 0))
      case .interrupt: emit(.cancelRun(lane.id, dropping: false))
      case .drop: emit(.cancelRun(lane.id, dropping: true))
      }
    }
  }

  /// The model has become known.
  mutating func modelChanged() {
    fillLanes()
    selectPresentLane()
    refillInModesThatAreThere()
  }

  /// The lane that is behind gets the next step, once all that are to begin have begun.
  private mutating func advanceRace() {
    guard var present = race,
      !present.lanes.contains(where: { $0.fill.state == .running(owesStep: true) }),
      !present.lanes.contains(where: { $0.fill.state == .opening })
    else { return }
    let next = present.lanes.indices.filter { present.lanes[$0].isRunning }
      .min { present.lanes[$0].milliseconds < present.lanes[$1].milliseconds }
    guard let next else { return }
    let actions = present.lanes[next].fill.branches[0].run.requestStep()
    race = present
    perform(actions, of: present.lanes[next])
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

  /// Ends the race; the engine drops its lanes. nil where there is none.
  private mutating func endRace() -> Race? {
    guard var ended = race else { return nil }
    race = nil
    for index in ended.lanes.indices {
      perform(ended.lanes[index].fill.branches[0].run.drop(), of: ended.lanes[index])
    }
    if let inquiry = ended.inquiry { emit(.withdraw(inquiry)) }
    return ended
  }

  mutating func closeRace() {
    guard let ended = endRace() else { return }
    document.removeAnchor(ended.lanes[0].fill.anchor)
    note("The race is over: nothing changed")
  }

  /// Lanes of earlier rounds that are kept.
  private static let mostEarlierLanes = 30

  mutating func raceAgain() {
    guard let ended = endRace() else { return }
    document.removeAnchor(ended.lanes[0].fill.anchor)
    startRace(on: ended.span, seed: (ended.lanes.map(\.fill.branch.seed).max() ?? 0) &+ 1)
    race?.selected = ended.selected
    race?.earlier = Array(
      (ended.earlier + ended.lanes.compactMap(\.result)).suffix(Self.mostEarlierLanes))
  }

  /// The selected lane becomes a draft of the passage, or of the one under review a further try; the
  /// other lanes come along as tries behind it.
  mutating func takeLane() {
    guard let present = race else { return }
    guard present.lanes[present.selected].fill.branch.lastStep > 0 else {
      return note("Nothing to take in this lane")
    }
    guard let ended = endRace() else { return }
    var fill = ended.lanes[ended.selected].fill
    let others = ended.lanes.indices.filter { $0 != ended.selected }.map { ended.lanes[$0] }
    let taken = ended.lanes[ended.selected]
    let tries = ended.earlier + ([taken] + others).compactMap(\.result) + taken.siblings
    // Further tries are the model's own way of filling again.
    fill.branches = tries.map { branch in
      var branch = branch
      branch.next.mode = settings.infill.mode
      return branch
    }
    fill.shownBranch = ended.earlier.count
    fill.refresh()
    if let index = fills.firstIndex(where: { $0.span == ended.span }) {
      stop(index)
      document.removeAnchor(fill.anchor)
      let shown = fills[index].branches.count + fill.shownBranch
      fills[index].branches += fill.branches
      show(branch: shown, of: index)
      enter(index)
    } else {
      undoRecalls = nil
      fills.append(fill)
      enter(fills.count - 1)
    }
    note(
      "The lane \u{201c}\(ended.lanes[ended.selected].name)\u{201d} as a draft"
        + (tries.count > 1 ? ", the others as further tries" : ""))
  }

  var raceHints: [KeyHint] {
    hints(
      .race,
      [
        ("race-take", "take the lane"), ("race-close", "end, change nothing"),
        ("race-down", "next lane"), ("race-up", "lane before"), ("race-again", "again"),
      ])
  }
}
