internal import Documents
internal import Infilling

// What the keys of a review do. All but a single step, a resumption and a new branch work on the
// record alone.

extension Editor {
  /// Calls `body` with the index of the fill that has the keys.
  mutating func reviewing(_ body: (inout Editor, Int) -> Void) {
    guard let index = fills.firstIndex(where: { $0.id == focus }) else { return }
    body(&self, index)
  }

  mutating func toggleBackground() {
    if focus != nil {
      leaveReview()
      return show(.inBackground)
    }
    guard !fills.isEmpty else { return show(.noPassage) }
    let next = fills.indices.filter { fills[$0].span.lowerBound > selection.head }
      .min { fills[$0].span.lowerBound < fills[$1].span.lowerBound }
    let first = fills.indices.min { fills[$0].span.lowerBound < fills[$1].span.lowerBound }
    if let index = next ?? first { enter(index) }
  }

  mutating func stopOrReject(_ index: Int) {
    if fills[index].isPlaying {
      fills[index].isPlaying = false
    } else if fills[index].refinement?.inquiry != nil {
      endRefinement(index)
      show(.scoringStopped)
    } else if fills[index].branches.contains(where: { $0.state.isRunning && $0.lastStep > 0 }) {
      for branch in fills[index].branches.indices { stop(index, branch: branch) }
      show(.stopped)
    } else if isReplay {
      quitNow()
    } else {
      reject(index)
    }
  }

  /// Stops the engine's work on the shown branch. Its session, where there is one yet, is kept.
  mutating func stop(_ index: Int) { stop(index, branch: fills[index].shownBranch) }

  private mutating func stop(_ index: Int, branch: Int) {
    guard fills[index].branches[branch].state.isUnderWay else { return }
    drive(index, branch) { $0.stop() }
    fills[index].glow = nil
  }

  mutating func pauseOrResume(_ index: Int) {
    let branch = fills[index].branch
    fills[index].view = .draft
    fills[index].glow = nil
    if fills[index].isPlaying {
      fills[index].isPlaying = false
      return
    }
    switch branch.state {
    case .idle, .opening: show(.waitingForModel)
    case .running:
      for branch in fills[index].branches.indices { fills[index].branches[branch].run.pause() }
    case .paused, .dropped, .ended:
      if branch.shownStep < branch.lastStep {
        play(index)
      } else if branch.state.isPaused {
        resume(index)
      } else {
        scrub(index, to: 0)
        play(index)
      }
    case .failed: show(.failedKeys)
    }
  }

  /// Lets the engine go on; where it has dropped the run, from what is shown as a new branch.
  mutating func resume(_ index: Int) {
    let branch = fills[index].branch
    guard case .paused = branch.state else {
      let canvas = branch.trajectory == nil ? branch.request.canvas : fills[index].cells
      return startBranch(index, from: canvas, settings: branch.next)
    }
    // Tries that were begun together go on together.
    let together = fills[index].ranking?.runs ?? []
    for number in fills[index].branches.indices {
      let other = fills[index].branches[number]
      guard other.id == branch.id || together.contains(other.id) else { continue }
      drive(index, number) { $0.resume() }
    }
  }

  /// Draft, original, both word by word, and again.
  mutating func cycleView(_ index: Int) {
    let next: Fill.View =
      switch fills[index].view {
      case .draft: .original
      case .original: .differences
      case .differences: .draft
      }
    fills[index].view = next
    fills[index].comparedBranch = nil
  }

  mutating func singleStep(_ index: Int) {
    let branch = fills[index].branch
    fills[index].branch.run.pause()
    guard branch.shownStep == branch.lastStep else { return scrub(index, by: 1) }
    guard case .paused = fills[index].state else { return show(.noFurtherStep) }
    drive(index, fills[index].shownBranch) { $0.requestShownStep() }
  }

  // MARK: Walking through the record

  mutating func scrub(_ index: Int, by steps: Int) {
    scrub(index, to: fills[index].branch.shownStep + steps)
  }

  /// Shows a recorded step. A running branch pauses.
  mutating func scrub(_ index: Int, to step: Int) {
    var branch = fills[index].branch
    guard branch.trajectory != nil else { return show(.noStepYet) }
    branch.run.pause()
    branch.shownStep = max(0, min(step, branch.lastStep))
    fills[index].branch = branch
    fills[index].isPlaying = false
    fills[index].glow = nil
    fills[index].view = .draft
    fills[index].refresh()
  }

  // MARK: Branches

  /// A further try at the passage with the next seed; pinned words stay.
  mutating func reroll(_ index: Int) {
    let fill = fills[index]
    var infill = fill.branch.next
    infill.seed = (fill.branches.map(\.seed).max() ?? 0) &+ 1
    infill.temperature = temperature(ofFurtherTriesAt: fill)
    let pinned = fill.cells.contains { $0.state == .pinned }
    startBranch(
      index, from: pinned ? fill.cells.map { $0.state == .pinned ? $0 : .open } : nil,
      settings: infill)
  }

  /// A further try that goes on from the shown step with the next seed: what stands there stays.
  mutating func branchOff(_ index: Int) {
    let fill = fills[index]
    guard fill.branch.trajectory != nil else { return show(.noStepYet) }
    guard fill.masksLeft > 0 else {
      return show(.noMaskAtStep)
    }
    let (branch, step) = (fill.shownBranch + 1, fill.branch.shownStep)
    var infill = fill.branch.next
    infill.seed = (fill.branches.map(\.seed).max() ?? 0) &+ 1
    infill.temperature = temperature(ofFurtherTriesAt: fill)
    startBranch(index, from: fill.cells, settings: infill)
    fills[index].branch.remark = "from step \(step) of try \(branch)"
    show(.branchedOff(step: step, candidate: branch))
  }

  /// Starts a run of the engine on a canvas, nil for one of masks, and shows it. The branch shown
  /// so far is paused and kept.
  mutating func startBranch(_ index: Int, from canvas: [InfillCell]?, settings: InfillSettings) {
    let old = fills[index].branch
    endRefinement(index)
    stop(index)
    fills[index].isPlaying = false
    let request = request(
      for: fills[index].span, settings: settings, canvas: canvas,
      instruction: old.nextInstruction)
    let run = newRun()
    fills[index].branches.removeAll { $0.state == .idle }
    fills[index].branches.append(Branch(opening: run, request))
    fills[index].selectionAnchor = nil
    compare(index, run, insteadOf: old)
    fills[index].shownBranch = fills[index].branches.count - 1
    fills[index].view = .draft
    fills[index].glow = nil
    fills[index].refresh()
    emit(.beginRun(run, request))
  }

  mutating func showNextBranch(_ index: Int) {
    guard fills[index].branches.count > 1 else { return show(.onlyOneCandidate) }
    let next = (fills[index].shownBranch + 1) % fills[index].branches.count
    show(branch: next, of: index)
  }

  /// A branch that is not shown any more goes on.
  mutating func show(branch: Int, of index: Int) {
    fills[index].isPlaying = false
    fills[index].shownBranch = branch
    fills[index].selectionAnchor = nil
    fills[index].glow = nil
    if fills[index].view == .original { fills[index].view = .draft }
    fills[index].refresh()
  }
}
