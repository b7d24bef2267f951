internal import DecodingPolicies
internal import Tensors

/// Takes tokens from rows of logits by sampling options. The noise belongs to seed and slot, so two
/// decoders that see the same distribution for a slot draw the same token.
struct TokenPicker {
  var options: SamplingOptions
  /// Ids never taken.
  var banned: [Int]
  var candidates = 4

  /// A choice for each slot from the first rows of logits, which are overwritten. Not for options
  /// that look back.
  func pick(_ head: LogitsHead, slots: [Int]) throws -> [SlotPrediction] {
    precondition(!options.looksBack, "slots side by side have no text before them to look at")
    return try choose(head, Array(zip(slots.indices, slots)), history: [])
  }

  /// The choice for one slot from row `row`, which is overwritten. `history` is the text before it.
  func pick(_ head: LogitsHead, row: Int, slot: Int, history: [Int]) throws -> SlotPrediction {
    try choose(head, [(row, slot)], history: history)[0]
  }

  private func choose(
    _ head: LogitsHead, _ places: [(row: Int, slot: Int)], history: [Int]
  ) throws -> [SlotPrediction] {
    head.filter(places.lazy.map(\.row), by: options, banned: banned, history: history)
    try head.summarize(
      places.map { LogitsRow(row: $0.row, key: UInt64($0.slot)) },
      banned: banned, temperature: Float(options.temperature), seed: options.seed,
      candidates: candidates)
    return zip(places, head.summaries).map { SlotPrediction(slot: $0.slot, $1) }
  }
}
