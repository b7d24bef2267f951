internal import DecodingPolicies
internal import Infilling

// A model without an adapter has no diffusion mode: what it can do is write from left to right.

extension Editor {
  /// The mode asked for, or where the model lacks it the one that it has in its place.
  func availableMode(_ mode: DecodingMode) -> DecodingMode {
    guard let summary = knownModel, !summary.modes.contains(mode),
      summary.modes.contains(.autoregressive)
    else { return mode }
    return .autoregressive
  }

  /// Reports that a passage is written in another mode than it was asked for.
  mutating func noteMode(of request: InfillRequest) {
    guard let summary = knownModel, request.settings.mode != settings.infill.mode else { return }
    show(.noAdapter(model: summary.name))
  }

  /// Passages that were asked for before the model was known, in a mode that it lacks, are asked
  /// for in the mode that it has.
  mutating func restartInAvailableModes() {
    for index in passages.indices {
      for number in passages[index].candidates.indices {
        let candidate = passages[index].candidates[number]
        let mode = availableMode(candidate.request.settings.mode)
        guard candidate.state == .opening, mode != candidate.request.settings.mode
        else { continue }
        drive(index, number) { $0.drop() }
        passages[index].candidates[number].run = Run(newRun())
        passages[index].candidates[number].run.open()
        passages[index].candidates[number].request.settings.mode = mode
        passages[index].candidates[number].next.mode = mode
        emit(
          .beginRun(
            passages[index].candidates[number].id, passages[index].candidates[number].request))
        noteMode(of: passages[index].candidates[number].request)
      }
    }
  }
}
