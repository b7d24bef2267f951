internal import Denoising
internal import Tensors

/// Takes tokens from rows of logits by sampling options. The noise belongs to seed and slot, so two
/// decoders that see the same distribution for a slot draw the same token.
struct TokenPicker {
  var options: SamplingOptions
  /// Ids never taken.
  var banned: [Int]
  var candidates = 4

  /// A choice for each slot from the first rows of `logits`, which are overwritten. Not for options
  /// that look back.
  func pick(
    _ logits: Matrix, slots: [Int], _ transformer: Transformer
  ) throws -> [SlotPrediction] {
    precondition(!options.looksBack, "slots side by side have no text before them to look at")
    return try choose(logits, Array(zip(slots.indices, slots)), history: [], transformer)
  }

  /// The choice for one slot from row `row`, which is overwritten. `history` is the text before it.
  func pick(
    _ logits: Matrix, row: Int, slot: Int, history: [Int], _ transformer: Transformer
  ) throws -> SlotPrediction {
    try choose(logits, [(row, slot)], history: history, transformer)[0]
  }

  private func choose(
    _ logits: Matrix, _ places: [(row: Int, slot: Int)], history: [Int],
    _ transformer: Transformer
  ) throws -> [SlotPrediction] {
    if options.filters {
      for (row, _) in places {
        var values = logits.row(row)
        for token in banned { values[token] = -.infinity }
        options.filter(&values, history: history)
        logits.setRow(row, values)
      }
    }
    let summaries = transformer.kernels.summarize(

      logits, places.map { Tensors.TokenChoice(row: $0.row, key: UInt64($0.slot)) },
      banned: banned, temperature: Float(options.temperature), seed: options.seed,
      candidates: candidates)
    try transformer.check(summaries)
    return zip(places, summaries).map { SlotPrediction(slot: $0.slot, $1) }
  }
}

extension SlotPrediction {
  init(slot: Int, _ summary: TokenSummary) {
    self.init(
      slot: slot, token: summary.token, probability: summary.probability,
      candidates: Candidates(count: summary.candidateCount) { index in
        let found = summary.candidate(index)
        return Candidate(token: found.token, probability: found.probability)
      }, entropy: summary.entropy)
  }
}
