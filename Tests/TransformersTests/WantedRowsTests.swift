import ModelFixtures
import Tensors
import TestSupport
import Testing

@testable import Transformers

/// A pass that wants the states of some rows leaves out what only others need.
@Suite struct WantedRowsTests {
  @Test(arguments: LinearWeights.Format.allCases)
  func statesAndKeysAreThoseOfAWholePass(_ format: LinearWeights.Format) throws {
    let kernels = try Kernels(threads: 2)
    for seed in 1...12 {
      var random = Mutator(seed: seed)
      let model = try RandomModel(seed: seed, format: format, kernels: kernels)
      let transformer = model.transformer
      let configuration = transformer.configuration
      let counts = (0..<1 + random.next(3)).map { _ in 1 + random.next(12) }
      let tokens = (0..<counts.reduce(0, +)).map { _ in random.next(model.mask) }
      let wanted = tokens.indices.filter { _ in random.next(3) == 0 }.shuffled()
      func run(wanted: [Int]?) throws -> [KeyValueCache] {
        let caches = counts.map { _ in KeyValueCache(configuration, capacity: 0) }
        try transformer.run(
          ForwardPass(
            tokens, positions: Array(tokens.indices),
            groups: zip(counts, caches).map { .init($0, target: $1) }, outputRows: wanted))
        return caches
      }
      let expectedCaches = try run(wanted: nil)
      let expected = transformer.logits(rows: wanted).values()
      let caches = try run(wanted: wanted + wanted)
      #expect(
        largestDifference(transformer.logits(rows: wanted).values(), expected) < 1e-4,
        "\(model.description)")
      for (cache, other) in zip(caches + (try run(wanted: [])), expectedCaches + expectedCaches) {
        #expect(cache.count == other.count)
        for row in 0..<cache.count {
          let (found, same) = (
            cache.row(row, layer: configuration.layers - 1),
            other.row(row, layer: configuration.layers - 1)
          )
          #expect(found.keys == same.keys && found.values == same.values, "\(model.description)")
        }
      }
    }
  }

  @Test func askingForAnotherRowTraps() async {
    await #expect(processExitsWith: .failure) {
      let model = try RandomModel(seed: 1, kernels: Kernels(threads: 1))
      try model.transformer.run(
        ForwardPass([1, 2, 3], positions: [0, 1, 2], outputRows: [0, 2]))
      _ = model.transformer.logits(rows: [1])
    }
  }
}
