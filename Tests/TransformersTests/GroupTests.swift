import ModelFixtures
import Tensors
import TestSupport
import Testing

@testable import Transformers

/// Groups of a pass have nothing to do with one another.
@Suite struct GroupTests {
  @Test func groupsAreThePassesTheyWouldBeAlone() throws {
    let kernels = try Kernels(threads: 2)
    for seed in 1...12 {
      var random = Mutator(seed: seed)
      let model = try RandomModel(seed: seed, kernels: kernels)
      let transformer = model.transformer
      let configuration = transformer.configuration
      func text(_ count: Int) -> [Int] { (0..<count).map { _ in random.next(model.mask) } }
      let before = CachedPrompt(text(12), model: configuration)
      try before.encode(on: transformer) { _ in }

      /// Group and tokens, with a target of their own where there is one.
      func part(_ index: Int, _ count: Int, _ target: KeyValueCache?) -> ForwardPass.Group {
        let rows = 0..<(3 + index)
        return ForwardPass.Group(
          count, context: [ForwardPass.Context(before.cache, rows: rows)],
          visibility: index % 2 == 0 ? .causal : .custom { $0 == $1 || $1 % 2 == 0 },
          target: target)
      }
      let tokens = (0..<4).map { _ in text(1 + random.next(6)) }
      let shared = KeyValueCache(configuration, capacity: 0)
      let own = KeyValueCache(configuration, capacity: 0)
      let targets = [shared, nil, own, shared]
      func positions(_ index: Int) -> [Int] { tokens[index].indices.map { 5 + index + $0 } }

      try transformer.run(
        ForwardPass(
          tokens.flatMap(\.self), positions: tokens.indices.flatMap(positions),
          groups: tokens.indices.map { part($0, tokens[$0].count, targets[$0]) }))
      let together = transformer.logits(rows: Array(0..<tokens.reduce(0) { $0 + $1.count }))
      var row = 0
      for index in tokens.indices {
        let cache = KeyValueCache(configuration, capacity: 0)
        let group = part(index, tokens[index].count, cache)
        try transformer.run(
          ForwardPass(tokens[index], positions: positions(index), groups: [group]))
        let alone = transformer.logits(rows: Array(tokens[index].indices))
        for place in tokens[index].indices {
          let difference = largestDifference(together.row(row), alone.row(place))
          #expect(difference < 1e-4, "\(model.description), group \(index), row \(place)")
          if let target = targets[index] {
            let first = index == 3 ? tokens[0].count : 0
            let kept = target.row(first + place, layer: configuration.layers - 1)
            let expected = cache.row(place, layer: configuration.layers - 1)
            #expect(largestDifference(kept.keys, expected.keys) < 1e-4)
            #expect(largestDifference(kept.values, expected.values) < 1e-4)
          }
          row += 1
        }
      }
      #expect(shared.count == tokens[0].count + tokens[3].count && own.count == tokens[2].count)
    }
  }
}
