/// Lists that a step works with, in memory kept from step to step. They say nothing between steps,
/// so that copies of a denoiser share them; what of a list is kept in a `Step` stays as it is, and
/// the list gets other memory.
final class StepLists {
  /// Slots that the model is asked about.
  var slots: [Int] = []
  /// The canvas in its surroundings, where there is a repetition guard.
  var line = RepetitionGuard.Line()
  /// The predictions as the guard would have them.
  var revised: [SlotPrediction] = []
  /// Slots that may be filled, surest first.
  var ranked: [Ranked] = []
  /// Those that are, in the order they are filled in.
  var chosen: [SlotPrediction] = []
}
