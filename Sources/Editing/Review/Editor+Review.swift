internal import DecodingPolicies
internal import Documents
internal import Infilling

// What the keys of a review do. All but a single step, a resumption and a new candidate work on the
// record alone.

extension Editor {
  /// Calls `body` with the index of the passage that has the keys.
  mutating func reviewing(_ body: (inout Editor, Int) -> Void) {
    guard let index = index(of: focus) else { return }
    body(&self, index)
  }

  /// Gives the keys to the text; the passage stays pending.
  mutating func goToText() {
    guard focus != nil else { return show(passages.isEmpty ? .noPassage : .inText) }
    leaveReview()
    show(.inBackground)
  }

  /// Characters typed under review that are not commands go to the text after the passage.
  mutating func typeIntoText(_ type: (inout Editor) -> Void) {
    guard !isReplay else { return show(.reviewKeys) }
    leaveReview()
    show(.typedIntoText)
    type(&self)
  }

  /// Gives the keys to the first passage after the cursor, or else to the first of all.
  mutating func goToNextPassage() {
    guard !passages.isEmpty else { return show(.noPassage) }
    let next = passages.indices.filter { passages[$0].span.lowerBound > selection.head }
      .min { passages[$0].span.lowerBound < passages[$1].span.lowerBound }
    let first = passages.indices.min { passages[$0].span.lowerBound < passages[$1].span.lowerBound }
    if let index = next ?? first { enter(index) }
  }

  mutating func stopOrReject(_ index: Int) {
    if passages[index].isPlaying {
      passages[index].isPlaying = false
    } else if passages[index].refinement?.inquiry != nil {
      endRefinement(index)
      show(.scoringStopped)
    } else if passages[index].candidates.contains(where: { $0.state.isRunning && $0.lastStep > 0 })
    {
      for candidate in passages[index].candidates.indices { stop(index, candidate: candidate) }
      show(.stopped)
    } else if isReplay {
      leave(.quit)
    } else {
      reject(index)
    }
  }

  /// Stops the engine's work on the shown candidate. Its session, where there is one yet, is kept.
  mutating func stop(_ index: Int) { stop(index, candidate: passages[index].shownCandidate) }

  private mutating func stop(_ index: Int, candidate: Int) {
    guard passages[index].candidates[candidate].state.isUnderWay else { return }
    drive(index, candidate) { $0.stop() }
    passages[index].highlights = nil
  }

  mutating func pauseOrResume(_ index: Int) {
    let candidate = passages[index].candidate
    passages[index].view = .draft
    passages[index].highlights = nil
    if passages[index].isPlaying {
      passages[index].isPlaying = false
      return
    }
    switch candidate.state {
    case .idle, .opening: show(.waitingForModel)
    case .running:
      for candidate in passages[index].candidates.indices {
        passages[index].candidates[candidate].run.pause()
      }
    case .paused, .dropped, .ended:
      if candidate.shownStep < candidate.lastStep {
        play(index)
      } else if candidate.state.isPaused {
        resume(index)
      } else {
        scrub(index, to: 0)
        play(index)
      }
    case .failed: show(.failedKeys)
    }
  }

  /// Resumes the run; where the engine has dropped it, continues from what is shown as a new
  /// candidate.
  mutating func resume(_ index: Int) {
    let candidate = passages[index].candidate
    guard case .paused = candidate.state else {
      let canvas = candidate.trajectory == nil ? candidate.request.canvas : passages[index].cells
      return startCandidate(index, from: canvas, settings: candidate.next)
    }
    // Candidates that were begun together are resumed together.
    let together = passages[index].ranking?.runs ?? []
    for number in passages[index].candidates.indices {
      let other = passages[index].candidates[number]
      guard other.id == candidate.id || together.contains(other.id) else { continue }
      drive(index, number) { $0.resume() }
    }
  }

  /// Draft, original, both word by word, and again.
  mutating func cycleView(_ index: Int) {
    let next: Passage.View =
      switch passages[index].view {
      case .draft: .original
      case .original: .differences
      case .differences: .draft
      }
    passages[index].view = next
    passages[index].comparedCandidate = nil
  }

  mutating func singleStep(_ index: Int) {
    let candidate = passages[index].candidate
    passages[index].candidate.run.pause()
    guard candidate.shownStep == candidate.lastStep else { return scrub(index, by: 1) }
    guard case .paused = passages[index].state else { return show(.noFurtherStep) }
    drive(index, passages[index].shownCandidate) { $0.requestShownStep() }
  }

  // MARK: Walking through the record

  mutating func scrub(_ index: Int, by steps: Int) {
    scrub(index, to: passages[index].candidate.shownStep + steps)
  }

  /// Shows a recorded step. A running candidate pauses.
  mutating func scrub(_ index: Int, to step: Int) {
    var candidate = passages[index].candidate
    guard candidate.trajectory != nil else { return show(.noStepYet) }
    candidate.run.pause()
    candidate.shownStep = max(0, min(step, candidate.lastStep))
    passages[index].candidate = candidate
    passages[index].isPlaying = false
    passages[index].highlights = nil
    passages[index].view = .draft
    passages[index].refresh()
  }

  // MARK: Candidates

  /// Starts another candidate with the next seed; pinned words stay.
  mutating func reroll(_ index: Int) {
    let passage = passages[index]
    var infill = passage.candidate.next
    infill.seed = passage.nextSeed
    infill.temperature = temperature(ofFurtherCandidatesOf: passage)
    startCandidate(index, from: passage.pinnedCanvas, settings: infill)
  }

  /// Starts another candidate from the shown step with the next seed; words already there stay.
  mutating func startFromShownStep(_ index: Int) {
    let passage = passages[index]
    guard passage.candidate.trajectory != nil else { return show(.noStepYet) }
    guard passage.masksLeft > 0 else { return show(.noMaskAtStep) }
    let (candidate, step) = (passage.shownCandidate + 1, passage.candidate.shownStep)
    var infill = passage.candidate.next
    infill.seed = passage.nextSeed
    infill.temperature = temperature(ofFurtherCandidatesOf: passage)
    startCandidate(index, from: passage.cells, settings: infill)
    passages[index].candidate.label = "from step \(step) of candidate \(candidate)"
    show(.begunFromStep(step: step, candidate: candidate))
  }

  /// Starts a run of the engine on a canvas, nil for one of masks, and shows it. The candidate
  /// shown so far is paused and kept.
  mutating func startCandidate(
    _ index: Int, from canvas: [InfillCell]?, settings: DecodingConfiguration
  ) {
    continueShown(index, from: canvas, settings: settings) { Candidate(opening: $0, $1) }
    emit(.beginRun(passages[index].candidate.id, passages[index].candidate.request))
  }

  /// Shows another candidate in the place of the shown one, which is stopped and kept; those that
  /// have not begun go.
  mutating func continueShown(
    _ index: Int, from canvas: [InfillCell]?, settings: DecodingConfiguration,
    _ make: (RunID, InfillRequest) -> Candidate
  ) {
    let old = passages[index].candidate
    endRefinement(index)
    stop(index)
    let request = request(
      for: passages[index].span, settings: settings, canvas: canvas,
      instruction: old.nextInstruction)
    let candidate = make(newRun(), request)
    passages[index].candidates.removeAll { $0.state == .idle }
    passages[index].candidates.append(candidate)
    compare(index, candidate.id, insteadOf: old)
    show(candidate: passages[index].candidates.count - 1, of: index)
    passages[index].view = .draft
  }

  mutating func showNextCandidate(_ index: Int) {
    guard passages[index].candidates.count > 1 else { return show(.onlyOneCandidate) }
    let next = (passages[index].shownCandidate + 1) % passages[index].candidates.count
    show(candidate: next, of: index)
  }

  /// The candidate shown before keeps running.
  mutating func show(candidate: Int, of index: Int) {
    passages[index].isPlaying = false
    passages[index].shownCandidate = candidate
    passages[index].selectionAnchor = nil
    passages[index].highlights = nil
    if passages[index].view == .original { passages[index].view = .draft }
    passages[index].refresh()
  }
}
