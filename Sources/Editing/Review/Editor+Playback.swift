internal import Infilling

// Playing recorded steps. The engine is asked for nothing before the record is at its end.

extension Editor {
  mutating func play(_ index: Int) {
    passages[index].isPlaying = true
    passages[index].highlights = settings.reducesMotion ? nil : [:]
    waitForNextStep(index)
  }

  /// A step is shown for as long as it was when it was recorded, divided by the speed.
  private mutating func waitForNextStep(_ index: Int) {
    let candidate = passages[index].candidate
    guard let steps = candidate.trajectory?.steps, candidate.shownStep < steps.count else { return }
    let recorded = max(steps[candidate.shownStep].milliseconds, Double(shortestStep(of: candidate)))
    emit(
      .wake(
        .playback(passages[index].id), afterMilliseconds: playbackSpeed.pace(recorded)))
  }

  /// Shows the next recorded step of a passage that is being played.
  mutating func playNextStep(_ id: Passage.ID) {
    guard let index = index(of: id), passages[index].isPlaying
    else { return }
    let last = passages[index].candidate.lastStep
    passages[index].candidate.shownStep = min(passages[index].candidate.shownStep + 1, last)
    passages[index].refresh()
    highlight(index)
    if passages[index].candidate.shownStep < last { return waitForNextStep(index) }
    passages[index].isPlaying = false
    if case .paused = passages[index].state { resume(index) }
  }

  /// A passage that is being rewritten: how fast its steps come. Else how fast steps are played.
  mutating func changeSpeed(faster: Bool) {
    if let passage = focusedPassage, !passage.isPlaying,
      passage.state.isUnderWay
    {
      return changeStepTime(of: passage.candidate, faster: faster)
    }
    playbackSpeed = playbackSpeed.changed(faster: faster)
    show(.playbackSpeed(playbackSpeed.label))
    if let index = index(of: focus), passages[index].isPlaying {
      waitForNextStep(index)
    }
  }

  private mutating func changeStepTime(of candidate: Candidate, faster: Bool) {
    let speeds = [0, 60, 100, 150, 250, 500, 1000]
    let now = stepMilliseconds ?? settings.stepMilliseconds
    stepMilliseconds =
      faster ? speeds.last { $0 < now } ?? 0 : speeds.first { $0 > now } ?? now
    show(.stepTime(milliseconds: shortestStep(of: candidate)))
  }
}
