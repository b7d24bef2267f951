internal import Denoising

extension RevealPolicy {
  /// The slots that a step over one block fills, surest first; at least one.
  ///
  /// `steps` shares `masks`, those the block began with, by quotas: equal ones, the first steps
  /// taking one more where they do not divide (`get_num_transfer_tokens` of LLaDA); the last step
  /// takes what is left. All other policies look at the predictions alone.
  func select(
    _ predictions: [SlotPrediction], by confidence: Confidence, seed: UInt64, masks: Int, step: Int
  ) -> [SlotPrediction] {
    let ranked = predictions.map { (prediction: $0, score: confidence.score($0, seed: seed)) }
      .sorted {
        $0.score != $1.score ? $0.score > $1.score : $0.prediction.slot < $1.prediction.slot
      }
    var count = 1
    if case .steps(let steps, _) = self {
      let (quota, rest) = masks.quotientAndRemainder(dividingBy: max(1, steps))
      count = step + 1 >= steps ? ranked.count : quota + (step < rest ? 1 : 0)
    } else if case .threshold(let threshold, let always) = self {
      let sure = ranked.filter { Double($0.score) >= threshold }.map(\.prediction)
      let forced =
        always == .best
        ? ranked.first?.prediction : ranked.map(\.prediction).min { $0.slot < $1.slot }
      guard let forced, !sure.contains(where: { $0.slot == forced.slot }) else { return sure }
      return [forced] + sure
    } else if case .factor(let factor) = self {
      count = ranked.indices.count { Double(ranked[$0].score) >= 1 - factor / Double($0 + 2) }
    } else if case .entropyBudget(let budget) = self {
      var spent = 0.0
      count =
        ranked.prefix {
          spent += Double($0.prediction.entropy)
          return spent <= budget
        }.count
    }
    return ranked.prefix(max(1, count)).map(\.prediction)
  }
}
