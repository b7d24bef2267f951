internal import DecodingPolicies
internal import Documents
internal import Infilling

// Starting passages, the engine's replies, and how passages end.

extension Editor {
  public func passage(_ id: Passage.ID) -> Passage? { passages.first { $0.id == id } }

  func index(of id: Passage.ID?) -> Int? { passages.firstIndex { $0.id == id } }

  /// The passage that has the keys.
  public var focusedPassage: Passage? { focus.flatMap(passage) }

  /// Gives the keys to the passage at the cursor or in the selection; where there is none, starts
  /// one on the selection or else on the sentence under the cursor.
  mutating func rewrite() {
    if focusedPassage != nil { return show(.alreadyUnderReview) }
    if let index = overlappedPassage {
      enter(index)
      return show(.selectionOverlaps)
    }
    if let index = openFreePassage() { begin(index) }
  }

  /// The same on a span, which may be empty: what is written is put there.
  mutating func begin(on span: Range<Int>, settings: DecodingConfiguration) {
    if let index = openPassage(on: span, settings: settings) { begin(index) }
  }

  private mutating func begin(_ index: Int) {
    guard passages[index].state == .idle else { return }
    passages[index].candidate.run.open()
    emit(.beginRun(passages[index].candidate.id, passages[index].candidate.request))
    noteMode(of: passages[index].candidate.request)
  }

  /// Gives the keys to the passage at the cursor or in the selection; where there is none, to a new
  /// one about which the engine has not been asked. nil, with a message, where there can be
  /// none.
  mutating func openPassage() -> Int? {
    if overlappedPassage != nil {
      show(.overlapRefused)
      return nil
    }
    return openFreePassage()
  }

  /// The same for a selection that overlaps no passage, but for one that it is part of.
  private mutating func openFreePassage() -> Int? {
    if let index = passages.firstIndex(where: { touchesSelection($0) }) {
      enter(index)
      return index
    }
    guard let span = spanToRewrite() else {
      show(refusalToEdit ?? .nothingToRewrite)
      return nil
    }
    return openPassage(on: span, settings: settings.infill)
  }

  /// The same on a span.
  private mutating func openPassage(on span: Range<Int>, settings infill: DecodingConfiguration)
    -> Int?
  {
    if let refusal = refusalToEdit {
      show(refusal)
      return nil
    }
    guard span.count <= settings.longestSpanBytes else {
      show(.tooLong(bytes: settings.longestSpanBytes))
      return nil
    }
    if let index = passages.firstIndex(where: { $0.span.overlaps(span) }) {
      enter(index)
      return index
    }
    place(span, infill)
    return passages.count - 1
  }

  /// The pending passage that the selection overlaps and is no part of.
  private var overlappedPassage: Int? {
    let range = document.text.trimmed(selection.range)
    guard !range.isEmpty else { return nil }
    return passages.firstIndex {
      $0.span.overlaps(range) && $0.span.clamped(to: range) != range
    }
  }

  private func touchesSelection(_ passage: Passage) -> Bool {
    selection.isEmpty
      ? passage.span.lowerBound <= selection.head && selection.head <= passage.span.upperBound
      : passage.span.overlaps(selection.range)
  }

  /// White space at the ends of a selection stays outside of the span.
  func spanToRewrite() -> Range<Int>? {
    let range =
      selection.isEmpty ? document.text.sentenceRange(at: selection.head) : selection.range
    let trimmed = document.text.trimmed(range)
    return trimmed.isEmpty ? nil : trimmed
  }

  private mutating func place(_ span: Range<Int>, _ infill: DecodingConfiguration) {
    rejected.leaveUndo()
    var passage = Passage(
      id: newPassageID(), run: newRun(), span: span,
      anchor: document.addAnchor(AnchoredRange(span)),
      original: document.text.bytes(in: span), columns: columns(of: span),
      request: request(for: span, settings: infill), selectionBefore: selection,
      revisionBefore: document.revision)
    passage.followsSteps = settings.followsSteps
    passages.append(passage)
    focus = passage.id
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

  mutating func newPassageID() -> Passage.ID { Passage.ID(numbering.take()) }

  mutating func newRun() -> RunID { .candidate(numbering.take()) }

  /// The passage, as much of the document around it as the settings allow, and the pictures there.
  /// Drafts of other passages are no part of the document: all that are rewritten at the same time see
  /// the same context, whichever is ahead.
  func request(
    for span: Range<Int>, settings infill: DecodingConfiguration, canvas: [InfillCell]? = nil,
    instruction: String? = nil
  ) -> InfillRequest {
    var infill = infill
    infill.mode = availableMode(infill.mode)
    var request = InfillRequest(
      document.text, span, before: settings.prefixBytes, after: settings.suffixBytes,
      settings: infill, canvas: canvas, instruction: instruction)
    request.pictures = pictures(for: span)
    return request
  }

  /// Gives the keys to a passage.
  mutating func enter(_ index: Int) {
    focus = passages[index].id
    selection = Selection(passages[index].span.lowerBound)
    goalColumn = nil
    lastEdit = nil
  }

  /// Takes the keys from the passage that has them and puts the cursor after it; its steps
  /// continue.
  mutating func leaveReview() {
    guard let index = index(of: focus) else { return }
    passages[index].view = .draft
    focus = nil
    setCursor(passages[index].span.upperBound)
  }
}

// MARK: - The engine's replies

extension Editor {
  /// Where the candidate of a run is; nil for runs that are gone, whose events are ignored.
  private func place(of run: RunID) -> (passage: Int, candidate: Int)? {
    for (passage, present) in passages.enumerated() {
      if let candidate = present.candidates.firstIndex(where: { $0.id == run }) {
        return (passage, candidate)
      }
    }
    return nil
  }

  mutating func candidateReceived(_ id: RunID, _ reply: RunReply) {
    guard let (passage, index) = place(of: id) else { return }
    var candidate = passages[passage].candidates[index]
    let follows = candidate.shownStep == candidate.lastStep
    let wasRunning = candidate.state.isRunning
    let advances = follows && (wasRunning || candidate.state == .paused(.shownStep))
    guard let actions = candidate.run.handle(reply) else { return }
    if case .step = reply, advances { candidate.shownStep = candidate.lastStep }
    passages[passage].candidates[index] = candidate
    perform(actions, of: candidate)
    switch reply {
    case .began(_, let notice, let unread):
      picturesUnread(unread)
      if let notice { show(.note(notice)) }
      if index == passages[passage].shownCandidate { passages[passage].refresh() }
    case .step(let step):
      if index == passages[passage].shownCandidate {
        passages[passage].refresh()
        if follows, wasRunning { highlight(passage) }
        follow(passage, step)
        if step.isLast, message?.asksToWait == true { message = nil }
      }
      if let notice = step.notice { show(.warning(notice)) }
    case .ended: break
    case .failed(let reason): show(.failure(reason))
    }
    drive(passage, index) { $0.requestStep() }
    if case .step(let step) = reply, step.isLast { addSiblings(passage, of: id, step.others) }
    if candidate.state.isOver { candidateEnded(passage, id) }
    if case .step = reply { refreshCandidateList() }
  }

  /// Changes the state of a run, and has the engine do what that asks for.
  mutating func drive(_ passage: Int, _ candidate: Int, _ body: (inout Run) -> [Run.Action]) {
    let actions = body(&passages[passage].candidates[candidate].run)
    perform(actions, of: passages[passage].candidates[candidate])
  }

  private mutating func perform(_ actions: [Run.Action], of candidate: Candidate) {
    effects += actions.map {
      $0.effect(on: candidate.id, afterMilliseconds: wait(before: candidate))
    }
  }

  /// Continues what waited for the end of a run.
  private mutating func candidateEnded(_ passage: Int, _ run: RunID) {
    rankingHandles(passage, .candidates(passages[passage].candidates))
    refineFurther(passage, after: run)
  }

  /// Moves the review cursor, and with it the window, to what a step changed, if the user wants
  /// that and has not scrolled away; in a search to the end of the leading draft, of which much
  /// changes at once.
  private mutating func follow(_ passage: Int, _ step: InfillStep) {
    let last = step.changed.last {
      step.cells.indices.contains($0) && step.cells[$0].state != .open
    }
    guard passages[passage].followsSteps, focus == passages[passage].id, mode == .review,
      !scrollsFreely,
      let slot = step.search == nil ? step.changed.first : last,
      passages[passage].cells.indices.contains(slot)
    else { return }
    passages[passage].cursorSlot = slot
  }

  /// Time from now to the next step of a candidate, so that steps come no faster than the settings
  /// allow.
  private func wait(before candidate: Candidate) -> Int {
    let shortest = shortestStep(of: candidate)
    let last = candidate.trajectory?.steps.last?.milliseconds ?? 0
    return shortest - Int(max(0, min(last, Double(shortest))))
  }

  /// Shortest time between two steps on the screen. A search has several times the steps of a
  /// passage that unmasks word by word, and is to be watched in about the same time.
  func shortestStep(of candidate: Candidate) -> Int {
    let isSearch = candidate.trajectory?.isSearch ?? false
    let step = stepMilliseconds ?? settings.stepMilliseconds
    return isSearch || knownModel != nil && searches(candidate.request.settings)
      ? step / 4 : step
  }
}

// MARK: - The end of a passage

extension Editor {
  /// Puts the shown text into the document: one transaction, one undo node.
  mutating func accept(_ index: Int, changedWordsOnly: Bool = false) {
    let passage = passages[index]
    if let refusal = refusalToEdit { return show(refusal) }
    guard replacing == nil else { return show(.replacing) }
    guard passage.candidate.trajectory != nil else { return show(.nothingToAccept) }
    guard passage.masksLeft == 0 else { return acceptBeforePolish(index, changedWordsOnly) }
    guard document.text.bytes(in: passage.span) == passage.original else {
      return show(.passageChanged)
    }
    let text = passage.text
    guard !text.isEmpty else { return show(.draftEmpty) }
    let original = String(decoding: passage.original, as: UTF8.self)
    let accepted =
      changedWordsOnly ? WordDiff(original: original, draft: text).mergedText : text
    let bytes = Array(withDocumentLineEnds(accepted).utf8)
    remove(index)
    document.removeAnchor(passage.anchor)
    guard bytes != passage.original else {
      setCursor(passage.span.upperBound)
      return show(.draftUnchanged)
    }
    let joins = passage.partRevision == document.revision
    guard
      replace(passage.span, with: bytes, label: Self.label(forRewriteAs: text), joining: joins)
    else { return }
    document.closeUndoGroup()
    show(.accepted)
  }

  /// While a search polishes, the words it has masked for a moment are accepted as they were
  /// before; nothing else that has masks can be accepted.
  private mutating func acceptBeforePolish(_ index: Int, _ changedWordsOnly: Bool) {
    let passage = passages[index]
    let steps = passage.candidate.trajectory?.steps.prefix(passage.candidate.shownStep)
    if let search = steps?.last?.search {
      if search.stage == .polishing,
        let complete = steps?.lastIndex(where: { $0.masksLeft == 0 })
      {
        scrub(index, to: complete + 1)
        return accept(index, changedWordsOnly: changedWordsOnly)
      }
      let isEarlier = passage.candidate.shownStep < passage.candidate.lastStep
      return show(
        .draftUnfinished(isEarlier ? .goToLastStep : passage.state.isRunning ? .wait : .resume))
    }
    show(.masksLeft(passage.masksLeft))
  }

  /// Takes a passage off the document; the engine drops its runs. Its anchor stays.
  @discardableResult
  mutating func remove(_ index: Int) -> Passage {
    withdrawQuestions(index)
    dropRuns(index)
    let passage = passages.remove(at: index)
    if focus == passage.id { focus = nil }
    return passage
  }

  /// Has the engine drop every run of a passage. Steps already made stay.
  mutating func dropRuns(_ index: Int) {
    for candidate in passages[index].candidates.indices { drive(index, candidate) { $0.drop() } }
  }

  /// `rewrite “the first words…”`.
  static func label(forRewriteAs text: String) -> String {
    let words = text.split(whereSeparator: \.isWhitespace)
    let first = words.prefix(3).joined(separator: " ")
    return "rewrite \u{201c}\(words.count > 3 ? first + "…" : first)\u{201d}"
  }
}
