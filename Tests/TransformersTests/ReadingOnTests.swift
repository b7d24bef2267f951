import ModelFixtures
import Tensors
import Testing

@testable import Transformers

/// What verifying drafts rests on: a few tokens read in one pass, or one after the other.
@Suite struct ReadingOnTests {
  @Test(arguments: KernelLevel.available, LinearWeights.Format.allCases)
  func fewTokensAreReadAsOne(_ level: KernelLevel, _ format: LinearWeights.Format) throws {
    if level == .openblas { return }
    let kernels = try Kernels(level: level, threads: 1)
    for seed in 0..<9 {
      let model = try RandomModel(seed: seed, format: format, kernels: kernels)
      let transformer = model.transformer
      // Around the place from which on tokens see a first or a second block of rounded keys.
      let tokens = (0..<[47, 72 + seed % 7, 136 + seed % 7][seed % 3])
        .map { ($0 * 7 + seed) % model.mask }
      let count = [2, 3, 7, 8, 9, 17, 33, 40, 46][seed]
      let first = tokens.count - count
      func rows(_ parts: [Range<Int>]) throws -> [[Float]] {
        let cache = KeyValueCache(transformer.configuration, capacity: 0)
        var rows: [[Float]] = []
        for part in parts {
          try transformer.run(
            ForwardPass(
              Array(tokens[part]), positions: Array(part),
              context: [ForwardPass.Context(cache)], target: cache))
          let logits = transformer.logits(rows: Array(0..<part.count))
          if part.lowerBound >= first { rows += (0..<part.count).map(logits.row) }
        }
        return rows
      }
      let together = try rows([0..<first, first..<tokens.count])
      let apart = try rows([0..<first] + (first..<tokens.count).map { $0..<$0 + 1 })
      #expect(together == apart, "seed \(seed): \(count) of \(tokens.count), \(level), \(format)")
    }
  }
}
