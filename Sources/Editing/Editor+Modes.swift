internal import Infilling

// A model without an adapter has no diffusion mode: what it can do is write from left to right.

extension Editor {
  /// The mode asked for, or where the model lacks it the one that it has in its place.
  func modeThatIsThere(_ mode: InfillSettings.Mode) -> InfillSettings.Mode {
    guard case .ready(let summary) = model, !summary.modes.contains(mode),
      summary.modes.contains(.autoregressive)
    else { return mode }
    return .autoregressive
  }

  /// Says so where a passage is written in another mode than it was asked for.
  mutating func noteMode(of request: InfillRequest) {
    guard case .ready(let summary) = model, request.settings.mode != settings.infill.mode else {
      return
    }
    show(.noAdapter(model: summary.name))
  }

  /// Passages that were asked for before the model was known, in a mode that it lacks, are asked for
  /// in the mode that it has.
  mutating func refillInModesThatAreThere() {
    for index in fills.indices {
      for number in fills[index].branches.indices {
        let branch = fills[index].branches[number]
        let mode = modeThatIsThere(branch.request.settings.mode)
        guard branch.state == .opening, mode != branch.request.settings.mode
        else { continue }
        drive(index, number) { $0.drop() }
        fills[index].branches[number].run = Run(newRun())
        fills[index].branches[number].run.open()
        fills[index].branches[number].request.settings.mode = mode
        fills[index].branches[number].next.mode = mode
        emit(.beginRun(fills[index].branches[number].id, fills[index].branches[number].request))
        noteMode(of: fills[index].branches[number].request)
      }
    }
  }
}
