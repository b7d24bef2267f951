internal import Documents
internal import Infilling

// Starting fills, what the engine says about them, and how they end.

extension Editor {
  public func fill(_ id: Fill.ID) -> Fill? { fills.first { $0.id == id } }

  /// The fill that has the keys.
  public var focusedFill: Fill? { focus.flatMap(fill) }

  /// Gives the keys to the fill at the cursor or in the selection; where there is none, starts one
  /// on the selection or else on the sentence under the cursor.
  mutating func infill() {
    if focusedFill != nil { return note("Already under review: Enter accepts, r tries again") }
    guard let index = passage(), !fills[index].branch.wasAsked else { return }
    fills[index].branch.wasAsked = true
    emit(.beginRun(fills[index].branch.run, fills[index].branch.request))
    noteMode(of: fills[index].branch.request)
  }

  /// Gives the keys to the fill at the cursor or in the selection; where there is none, to a new one
  /// about which the engine has not been asked. nil, with the reason said, where there can be none.
  mutating func passage() -> Int? {
    if let index = fills.firstIndex(where: { touchesSelection($0) }) {
      enter(index)
      return index
    }
    guard !document.isReadOnly else {
      warn("The document is read-only")
      return nil
    }
    guard let span = spanToFill() else {
      warn("Nothing to refill here: select a passage")
      return nil
    }
    guard span.count <= settings.longestSpanBytes else {
      warn("Too long: select at most \(settings.longestSpanBytes / 1000) kB")
      return nil
    }
    if let index = fills.firstIndex(where: { $0.span.overlaps(span) }) {
      enter(index)
      return index
    }
    place(span)
    return fills.count - 1
  }

  private func touchesSelection(_ fill: Fill) -> Bool {
    selection.isEmpty
      ? fill.span.lowerBound <= selection.head && selection.head <= fill.span.upperBound
      : fill.span.overlaps(selection.range)
  }

  /// White space at the ends of a selection stays outside of the span.
  func spanToFill() -> Range<Int>? {
    let range =
      selection.isEmpty ? document.text.sentenceRange(at: selection.head) : selection.range
    let trimmed = document.text.trimmed(range)
    return trimmed.isEmpty ? nil : trimmed
  }

  private mutating func place(_ span: Range<Int>) {
    undoRecalls = nil
    var fill = Fill(
      id: newFillID(), run: newRun(), span: span, anchor: document.addAnchor(AnchoredRange(span)),
      original: document.text.bytes(in: span), columns: columns(of: span),
      request: request(for: span, settings: settings.infill), selectionBefore: selection,
      revisionBefore: document.revision)
    fill.branch.wasAsked = false
    fill.followsSteps = settings.followsSteps
    fills.append(fill)
    focus = fill.id
    selection = Selection(span.lowerBound)
    goalColumn = nil
    document.closeUndoGroup()
  }

  /// Columns the clusters of a range take, line ends not counted.
  func columns(of range: Range<Int>) -> Int {
    document.text.clusters(in: range).reduce(0) { sum, cluster in
      switch cluster.kind {
      case .newline: sum
      case .tab: sum + 1
      case .text, .control: sum + cluster.display.width
      }
    }
  }

  mutating func newNumber() -> Int {
    defer { nextNumber += 1 }
    return nextNumber
  }

  mutating func newFillID() -> Fill.ID { Fill.ID(newNumber()) }

  mutating func newRun() -> RunID { .branch(newNumber()) }

  /// What the engine is told: the passage and as much of the document around it as settings say.
  /// Drafts of other passages are no part of the document: all that refine at the same time see the
  /// same context, whichever is ahead.
  func request(
    for span: Range<Int>, settings infill: InfillSettings, canvas: [InfillCell]? = nil,
    instruction: String? = nil
  ) -> InfillRequest {
    var infill = infill
    infill.mode = modeThatIsThere(infill.mode)
    return InfillRequest(
      document.text, span, before: settings.prefixBytes, after: settings.suffixBytes,
      settings: infill, canvas: canvas, instruction: instruction)
  }

  /// Gives the keys to a fill.
  mutating func enter(_ index: Int) {
    focus = fills[index].id
    fills[index].isBackgrounded = false
    selection = Selection(fills[index].span.lowerBound)
    goalColumn = nil
    lastEdit = nil
  }

  /// Takes the keys from the fill that has them and puts the cursor behind it; its steps go on.
  mutating func leaveReview() {
    guard let index = fills.firstIndex(where: { $0.id == focus }) else { return }
    fills[index].isBackgrounded = true
    fills[index].view = .draft
    focus = nil
    setCursor(fills[index].span.upperBound)
  }
}

// MARK: - What the engine says

extension Editor {
  /// Where the branch of a run is; nil for runs that are gone, whose events are ignored.
  private func place(of run: RunID) -> (fill: Int, branch: Int)? {
    for (fill, candidate) in fills.enumerated() {
      if let branch = candidate.branches.firstIndex(where: { $0.run == run }) {
        return (fill, branch)
      }
    }
    return nil
  }

  mutating func branchReceived(_ run: RunID, _ reply: RunReply) {
    switch reply {
    case .began(let canvas, let notice): fillBegan(run, canvas, notice)
    case .step(let step): fillStep(run, step)
    case .ended: fillEnded(run)
    case .failed(let reason): fillFailed(run, reason)
    }
  }

  private mutating func fillBegan(_ run: RunID, _ canvas: [InfillCell], _ notice: String?) {
    guard let (fill, branch) = place(of: run),
      fills[fill].branches[branch].trajectory == nil
    else { return }
    fills[fill].branches[branch].trajectory = Trajectory(canvas: canvas)
    if let notice { note(notice) }
    if branch == fills[fill].shownBranch { fills[fill].refresh() }
    guard fills[fill].branches[branch].state == .masked else { return }
    fills[fill].branches[branch].state = .running
    requestStep(fill, branch)
  }

  private mutating func fillStep(_ run: RunID, _ step: InfillStep) {
    guard let (fill, index) = place(of: run) else { return }
    var branch = fills[fill].branches[index]
    guard branch.trajectory != nil, branch.state == .running || branch.state == .paused else {
      return
    }
    let follows = branch.shownStep == branch.lastStep
    let moves = follows && branch.state == .running
    branch.awaitsStep = false
    branch.trajectory?.append(step)
    if follows, branch.state == .running || branch.advancesOnce {
      branch.shownStep = branch.lastStep
    }
    branch.advancesOnce = false
    if step.isLast {
      branch.state = .settled
      branch.hasSession = false
      emit(.cancelRun(run, dropping: true))
    }
    fills[fill].branches[index] = branch
    if index == fills[fill].shownBranch {
      fills[fill].refresh()
      if moves { kindle(fill) }
      follow(fill, step)
    }
    if branch.state == .running { requestStep(fill, index) }
    if step.isLast {
      addSiblings(fill, of: run, step.others)
      branchEnded(fill, run)
    }
    refreshBranchList()
  }

  /// What waited for a run to come to its end goes on.
  private mutating func branchEnded(_ fill: Int, _ run: RunID) {
    rankIfDone(fill)
    refineFurther(fill, after: run)
  }

  /// Moves the review cursor, and with it the window, to what a step changed, if the user wants that
  /// and has not scrolled away; in a search to the end of the leading draft, of which much changes
  /// at once.
  private mutating func follow(_ fill: Int, _ step: InfillStep) {
    let last = step.changed.last {
      step.cells.indices.contains($0) && step.cells[$0].state != .open
    }
    guard fills[fill].followsSteps, focus == fills[fill].id, mode == .review, !scrollsFreely,
      let slot = step.search == nil ? step.changed.first : last,
      fills[fill].cells.indices.contains(slot)
    else { return }
    fills[fill].cursorSlot = slot
  }

  private mutating func fillEnded(_ run: RunID) {
    guard let (fill, branch) = place(of: run) else { return }
    fills[fill].branches[branch].hasSession = false
    fills[fill].branches[branch].awaitsStep = false
    switch fills[fill].branches[branch].state {
    case .running, .paused, .masked: fills[fill].branches[branch].state = .settled
    case .settled, .failed: break
    }
    branchEnded(fill, run)
  }

  private mutating func fillFailed(_ run: RunID, _ reason: String) {
    guard let (fill, branch) = place(of: run) else { return }
    fills[fill].branches[branch].state = .failed(reason)
    fills[fill].branches[branch].hasSession = false
    fills[fill].branches[branch].awaitsStep = false
    fail(reason)
    branchEnded(fill, run)
  }

  /// Asks for the next step of a running branch, so late that steps come no faster than settings
  /// say.
  mutating func requestStep(_ fill: Int, _ index: Int) {
    guard !fills[fill].branches[index].awaitsStep else { return }
    fills[fill].branches[index].awaitsStep = true
    let branch = fills[fill].branches[index]
    let shortest = shortestStep(of: branch)
    let last = branch.trajectory?.steps.last?.milliseconds ?? 0
    let expected = max(0, min(last, Double(shortest)))
    emit(.stepRun(branch.run, afterMilliseconds: shortest - Int(expected)))
  }

  /// Shortest time between two steps on the screen. A search has several times the steps of a fill
  /// that reveals word by word, and is to be watched in about the same time.
  func shortestStep(of branch: Branch) -> Int {
    let isSearch = branch.trajectory?.isSearch ?? false
    return isSearch || isModelKnown && searches(branch.request.settings)
      ? settings.stepMilliseconds / 4 : settings.stepMilliseconds
  }
}

// MARK: - The end of a fill

extension Editor {
  /// Puts the shown text into the document: one transaction, one undo node.
  mutating func accept(_ index: Int, changedWordsOnly: Bool = false) {
    let fill = fills[index]
    guard !document.isReadOnly else { return warn("The document is read-only") }
    guard replacing == nil else { return noteReplacing() }
    guard fill.branch.trajectory != nil else { return note("Nothing to accept yet") }
    guard fill.masksLeft == 0 else { return acceptBeforePolish(index, changedWordsOnly) }
    guard document.text.bytes(in: fill.span) == fill.original else {
      return fail("The passage is not what it was: reject the infill")
    }
    let text = fill.text
    guard !text.isEmpty else { return note("The infill is empty: r tries again") }
    let original = String(decoding: fill.original, as: UTF8.self)
    let accepted =
      changedWordsOnly ? WordDiff(original: original, draft: text).mergedText : text
    let bytes = Array(withDocumentLineEnds(accepted).utf8)
    remove(index)
    document.removeAnchor(fill.anchor)
    guard bytes != fill.original else {
      setCursor(fill.span.upperBound)
      return note("The infill is the original")
    }
    let joins = fill.partRevision == document.revision
    guard
      replace(fill.span, with: bytes, label: Self.label(forInfill: text), joining: joins)
    else { return }
    document.closeUndoGroup()
    note("Accepted. Ctrl-Z gives the original back")
  }

  /// While a search polishes, the words it has masked for a moment stand as they were before; nothing
  /// else that has masks can be accepted.
  private mutating func acceptBeforePolish(_ index: Int, _ changedWordsOnly: Bool) {
    let fill = fills[index]
    let steps = fill.branch.trajectory?.steps.prefix(fill.branch.shownStep)
    if let search = steps?.last?.search {
      if search.stage == .polishing,
        let complete = steps?.lastIndex(where: { $0.masksLeft == 0 })
      {
        scrub(index, to: complete + 1)
        return accept(index, changedWordsOnly: changedWordsOnly)
      }
      let isEarlier = fill.branch.shownStep < fill.branch.lastStep
      let way = isEarlier ? "go to the last step" : fill.state == .running ? "wait" : "let it go on"
      return note("The draft is not finished: \(way)")
    }
    let masks = fill.masksLeft
    note("\(masks) mask\(masks == 1 ? "" : "s") left: wait, or go to the last step")
  }

  mutating func remove(_ index: Int) {
    withdrawQuestions(index)
    let fill = fills.remove(at: index)
    if focus == fill.id { focus = nil }
    for branch in fill.branches where branch.hasSession {
      emit(.cancelRun(branch.run, dropping: true))
    }
  }

  /// `infill “the first words…”`.
  static func label(forInfill text: String) -> String {
    let words = text.split(whereSeparator: \.isWhitespace)
    let first = words.prefix(3).joined(separator: " ")
    return "infill \u{201c}\(words.count > 3 ? first + "…" : first)\u{201d}"
  }
}
