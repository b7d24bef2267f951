internal import Infilling

// Playing recorded steps. The engine is asked for nothing before the record is at its end.

extension Editor {
  mutating func play(_ index: Int) {
    fills[index].isPlaying = true
    fills[index].glow = settings.reducesMotion ? nil : [:]
    waitForNextStep(index)
  }

  /// A step is shown for as long as it was when it was recorded, divided by the speed.
  private mutating func waitForNextStep(_ index: Int) {
    let branch = fills[index].branch
    guard let steps = branch.trajectory?.steps, branch.shownStep < steps.count else { return }
    let recorded = max(steps[branch.shownStep].milliseconds, Double(shortestStep(of: branch)))
    emit(
      .wake(
        .playback(fills[index].id), afterMilliseconds: playbackSpeed.pace(recorded)))
  }

  /// Shows the next recorded step of a passage that is being played.
  mutating func playNextStep(_ id: Fill.ID) {
    guard let index = fills.firstIndex(where: { $0.id == id }), fills[index].isPlaying
    else { return }
    let last = fills[index].branch.lastStep
    fills[index].branch.shownStep = min(fills[index].branch.shownStep + 1, last)
    fills[index].refresh()
    kindle(index)
    if fills[index].branch.shownStep < last { return waitForNextStep(index) }
    fills[index].isPlaying = false
    if case .paused = fills[index].state { resume(index) }
  }

  /// A passage that is being refined: how fast its steps come. Else how fast steps are played.
  mutating func changeSpeed(faster: Bool) {
    if let fill = focusedFill, !fill.isPlaying,
      fill.state.isUnderWay
    {
      return changeStepTime(of: fill.branch, faster: faster)
    }
    playbackSpeed = playbackSpeed.changed(faster: faster)
    show(.playbackSpeed(playbackSpeed.label))
    if let index = fills.firstIndex(where: { $0.id == focus }), fills[index].isPlaying {
      waitForNextStep(index)
    }
  }

  private mutating func changeStepTime(of branch: Branch, faster: Bool) {
    let speeds = [0, 60, 100, 150, 250, 500, 1000]
    let now = settings.stepMilliseconds
    settings.stepMilliseconds =
      faster ? speeds.last { $0 < now } ?? 0 : speeds.first { $0 > now } ?? now
    show(.stepTime(milliseconds: shortestStep(of: branch)))
  }
}
