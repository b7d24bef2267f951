import ModelFixtures
import Tensors
import TestSupport
import Testing
import Transformers

/// What must hold for every causal rotary transformer, over random tiny models.
@Suite struct InvariantTests {
  static let seeds = 1...24

  func logits(
    _ model: RandomModel, _ tokens: [Int], positions: [Int]? = nil,
    _ visibility: ForwardPass.Visibility = .causal
  ) throws -> [Float] {
    try model.transformer.run(
      ForwardPass(tokens, positions: positions ?? Array(tokens.indices), visibility: visibility))
    return model.transformer.logits(rows: Array(tokens.indices)).values()
  }

  func tokens(_ model: RandomModel, _ count: Int, seed: Int) -> [Int] {
    var random = Mutator(seed: seed)
    return (0..<count).map { _ in random.next(model.mask) }
  }

  @Test func laterTokensNeverChangeEarlierLogits() throws {
    let kernels = try Kernels(threads: 1)
    for seed in Self.seeds {
      let model = try RandomModel(seed: seed, kernels: kernels)
      var text = tokens(model, 30, seed: seed)
      let before = try logits(model, text)
      text[20] = (text[20] + 1) % model.mask
      let after = try logits(model, text)
      let row = model.transformer.configuration.vocabularySize
      #expect(
        largestDifference(Array(before[..<(20 * row)]), Array(after[..<(20 * row)])) < 1e-5,
        "\(model.description)")
      #expect(largestDifference(before, after) > 1e-4, "\(model.description)")
    }
  }

  /// Below YaRN's window, where queries are not scaled.
  @Test func aUniformShiftOfPositionsChangesNothing() throws {
    let kernels = try Kernels(threads: 1)
    for seed in Self.seeds {
      let model = try RandomModel(seed: seed, kernels: kernels)
      let text = tokens(model, 10, seed: seed)
      let here = try logits(model, text)
      let shifted = try logits(model, text, positions: text.indices.map { $0 + 7 })
      #expect(largestDifference(here, shifted) < 1e-3, "\(model.description)")
      let stretched = try logits(model, text, positions: text.indices.map { 2 * $0 })
      #expect(largestDifference(here, stretched) > 1e-3, "\(model.description)")
    }
  }

  @Test func crossingTheWindowChangesLogits() throws {
    let kernels = try Kernels(threads: 1)
    for seed in Self.seeds {
      let model = try RandomModel(seed: seed, family: "nemotron_labs_diffusion", kernels: kernels)
      let text = tokens(model, 10, seed: seed)
      let inside = try logits(model, text)
      let beyond = try logits(
        model, text, positions: text.indices.map { $0 + 2 * RandomModel.window })
      #expect(largestDifference(inside, beyond) > 1e-4, "\(model.description)")
    }
  }

  @Test func keysAndValuesOfTheFirstLayerDoNotDependOnTheMask() throws {
    let kernels = try Kernels(threads: 1)
    for seed in Self.seeds {
      let model = try RandomModel(seed: seed, kernels: kernels)
      let text = tokens(model, 12, seed: seed)
      let configuration = model.transformer.configuration
      let caches = try [ForwardPass.Visibility.causal, .all].map { visibility in
        let cache = KeyValueCache(configuration, capacity: text.count)
        try model.transformer.run(
          ForwardPass(
            text, positions: Array(text.indices), visibility: visibility, target: cache))
        return cache
      }
      for layer in 0..<min(2, configuration.layers) {
        let differences = text.indices.map { index in
          let (a, b) = (caches[0].row(index, layer: layer), caches[1].row(index, layer: layer))
          return max(largestDifference(a.keys, b.keys), largestDifference(a.values, b.values))
        }
        let largest = differences.max() ?? 0
        #expect(layer == 0 ? largest == 0 : largest > 1e-4, "\(model.description) layer \(layer)")
      }
    }
  }

  @Test func tokenByTokenEqualsAtOnce() throws {
    let kernels = try Kernels(threads: 1)
    for seed in Self.seeds {
      let model = try RandomModel(seed: seed, kernels: kernels)
      let text = tokens(model, 30, seed: seed)
      let atOnce = try logits(model, text)
      let cache = KeyValueCache(model.transformer.configuration, capacity: 1)
      var found: [Float] = []
      for (position, token) in text.enumerated() {
        try model.transformer.run(
          ForwardPass(
            [token], positions: [position], context: [.init(cache)], target: cache))
        found += model.transformer.logits(rows: [0]).values()
      }
      #expect(largestDifference(found, atOnce) < 2e-4, "\(model.description)")
    }
  }
}
