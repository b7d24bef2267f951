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
    if focusedFill != nil { return show(.alreadyUnderReview) }
    guard let index = passage(), fills[index].state == .idle else { return }
    fills[index].branch.run.open()
    emit(.beginRun(fills[index].branch.id, fills[index].branch.request))
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
      show(.readOnly)
      return nil
    }
    guard let span = spanToFill() else {
      show(.nothingToRefill)
      return nil
    }
    guard span.count <= settings.longestSpanBytes else {
      show(.tooLong(bytes: settings.longestSpanBytes))
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

  mutating func newFillID() -> Fill.ID { Fill.ID(numbering.take()) }

  mutating func newRun() -> RunID { .branch(numbering.take()) }

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
    selection = Selection(fills[index].span.lowerBound)
    goalColumn = nil
    lastEdit = nil
  }

  /// Takes the keys from the fill that has them and puts the cursor behind it; its steps go on.
  mutating func leaveReview() {
    guard let index = fills.firstIndex(where: { $0.id == focus }) else { return }
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
      if let branch = candidate.branches.firstIndex(where: { $0.id == run }) {
        return (fill, branch)
      }
    }
    return nil
  }

  mutating func branchReceived(_ id: RunID, _ reply: RunReply) {
    guard let (fill, index) = place(of: id) else { return }
    var branch = fills[fill].branches[index]
    let follows = branch.shownStep == branch.lastStep
    let wasRunning = branch.state.isRunning
    let advances = follows && (wasRunning || branch.state == .paused(.shownStep))
    guard let actions = branch.run.handle(reply) else { return }
    if case .step = reply, advances { branch.shownStep = branch.lastStep }
    fills[fill].branches[index] = branch
    perform(actions, of: branch)
    switch reply {
    case .began(_, let notice):
      if let notice { show(.note(notice)) }
      if index == fills[fill].shownBranch { fills[fill].refresh() }
    case .step(let step):
      if index == fills[fill].shownBranch {
        fills[fill].refresh()
        if follows, wasRunning { kindle(fill) }
        follow(fill, step)
      }
    case .ended: break
    case .failed(let reason): show(.failure(reason))
    }
    drive(fill, index) { $0.requestStep() }
    if case .step(let step) = reply, step.isLast { addSiblings(fill, of: id, step.others) }
    if branch.state.isOver { branchEnded(fill, id) }
    if case .step = reply { refreshBranchList() }
  }

  /// Changes the state of a run, and has the engine do what that asks for.
  mutating func drive(_ fill: Int, _ branch: Int, _ body: (inout Run) -> [Run.Action]) {
    let actions = body(&fills[fill].branches[branch].run)
    perform(actions, of: fills[fill].branches[branch])
  }

  private mutating func perform(_ actions: [Run.Action], of branch: Branch) {
    effects += actions.map { $0.effect(on: branch.id, afterMilliseconds: wait(before: branch)) }
  }

  /// What waited for a run to come to its end goes on.
  private mutating func branchEnded(_ fill: Int, _ run: RunID) {
    rankingHandles(fill, .branches(fills[fill].branches))
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

  /// Time from now to the next step of a branch, so that steps come no faster than settings say.
  private func wait(before branch: Branch) -> Int {
    let shortest = shortestStep(of: branch)
    let last = branch.trajectory?.steps.last?.milliseconds ?? 0
    return shortest - Int(max(0, min(last, Double(shortest))))
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
    guard !document.isReadOnly else { return show(.readOnly) }
    guard replacing == nil else { return noteReplacing() }
    guard fill.branch.trajectory != nil else { return show(.nothingToAccept) }
    guard fill.masksLeft == 0 else { return acceptBeforePolish(index, changedWordsOnly) }
    guard document.text.bytes(in: fill.span) == fill.original else {
      return show(.passageChanged)
    }
    let text = fill.text
    guard !text.isEmpty else { return show(.infillEmpty) }
    let original = String(decoding: fill.original, as: UTF8.self)
    let accepted =
      changedWordsOnly ? WordDiff(original: original, draft: text).mergedText : text
    let bytes = Array(withDocumentLineEnds(accepted).utf8)
    remove(index)
    document.removeAnchor(fill.anchor)
    guard bytes != fill.original else {
      setCursor(fill.span.upperBound)
      return show(.infillUnchanged)
    }
    let joins = fill.partRevision == document.revision
    guard
      replace(fill.span, with: bytes, label: Self.label(forInfill: text), joining: joins)
    else { return }
    document.closeUndoGroup()
    show(.accepted)
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
      return show(
        .draftUnfinished(isEarlier ? .goToLastStep : fill.state.isRunning ? .wait : .resume))
    }
    show(.masksLeft(fill.masksLeft))
  }

  /// Takes a fill off the document; the engine drops its runs. Its anchor stays.
  @discardableResult
  mutating func remove(_ index: Int) -> Fill {
    withdrawQuestions(index)
    dropRuns(index)
    let fill = fills.remove(at: index)
    if focus == fill.id { focus = nil }
    return fill
  }

  /// Has the engine drop every run of a fill. Steps already made stay.
  mutating func dropRuns(_ index: Int) {
    for branch in fills[index].branches.indices { drive(index, branch) { $0.drop() } }
  }

  /// `infill “the first words…”`.
  static func label(forInfill text: String) -> String {
    let words = text.split(whereSeparator: \.isWhitespace)
    let first = words.prefix(3).joined(separator: " ")
    return "infill \u{201c}\(words.count > 3 ? first + "…" : first)\u{201d}"
  }
}
