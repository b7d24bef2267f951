import Checkpoints
import Decoding
import ModelFixtures
import Tensors
import TestSupport
import Testing
import Transformers

@Suite struct CausalScorerTests {
  /// Scores of continuations side by side are those of one pass over each whole text.
  @Test func scoresAreThoseOfWholeTexts() throws {
    let kernels = try Kernels(threads: 1)
    for seed in 1...20 {
      var random = Mutator(seed: seed)
      let model = try RandomModel(seed: seed, kernels: kernels)
      func text(_ count: Int) -> [Int] { (0..<count).map { _ in random.next(model.mask) } }
      let before = text(1 + random.next(20))
      let continuations = (0..<5).map { _ in text(random.next(100)) }
      let transformer = model.transformer
      let encoded = CachedPrompt(before, model: transformer.configuration)
      let found = try CausalScorer(ForwardModel(transformer), after: encoded).logProbabilities(
        continuations)
      for (continuation, scores) in zip(continuations, found) where !continuation.isEmpty {
        let whole = before + continuation
        try transformer.run(ForwardPass(whole, positions: Array(whole.indices)))
        let rows = Array(before.count - 1..<whole.count - 1)
        let logits = transformer.logits(rows: rows)
        let values = rows.indices.map { logits[$0, whole[rows[$0] + 1]] }
        let summaries = transformer.kernels.summarize(logits, rows.indices.map { .init(row: $0) })
        let expected = zip(values, summaries).map { $0 - $1.logNormalizer }
        #expect(scores.count == expected.count, "\(model.description)")
        #expect(largestDifference(scores, expected) < 2e-4, "\(model.description)")
      }
      #expect(zip(continuations, found).allSatisfy { $0.count == $1.count })
    }
  }
}
