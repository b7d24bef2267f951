internal import Tensors

extension LogitsHead {
  /// Filters rows of logits as sampling options say, banned tokens out of it. `history` is the text
  /// before, for options that look back.
  func filter(
    _ rows: some Sequence<Int>, by options: SamplingOptions, banned: [Int], history: [Int]
  ) {
    guard options.filters else { return }
    for row in rows {
      var values = logits.row(row)
      for token in banned { values[token] = -.infinity }
      options.filter(&values, history: history)
      logits.setRow(row, values)
    }
  }
}

extension TokenChoice {
  /// Temperature and seed of the noise that the kernels add.
  var noise: (temperature: Float, seed: UInt64) {
    switch self {
    case .greedy: (0, 0)
    case .sampled(let temperature, let seed): (Float(temperature), seed)
    }
  }
}

extension SlotPrediction {
  init(slot: Int, _ summary: TopKSummary) {
    self.init(
      slot: slot, token: summary.token, probability: summary.probability,
      candidates: summary.candidates, entropy: summary.entropy)
  }
}
