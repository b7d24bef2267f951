import Glibc
import Tensors
import TestSupport
import Testing

@testable import Transformers

/// Which experts rows use.
@Suite struct ExpertTests {
  /// The choice as its definition says it, by sorting.
  private static func expected(
    _ logits: [Float], bias: [Float], _ configuration: ExpertConfiguration
  ) -> [(expert: Int, weight: Float)] {
    var scores: [Float]
    switch configuration.scoring {
    case .sigmoid: scores = logits.map { 1 / (1 + expf(-$0)) }
    case .softmax:
      scores = logits.map { expf($0 - logits.max()!) }
      let sum = scores.reduce(0, +)
      scores = scores.map { $0 / sum }
    }
    let biased = zip(scores, bias).map { $0 + $1 }
    let size = configuration.count / configuration.groups
    func value(_ group: Int) -> Float {
      biased[group * size..<(group + 1) * size].sorted(by: >).prefix(2).reduce(0, +)
    }
    let open = (0..<configuration.groups).sorted { value($0) > value($1) }
      .prefix(configuration.activeGroups)
    let chosen = biased.indices.filter { open.contains($0 / size) }
      .sorted { biased[$0] > biased[$1] }.prefix(configuration.active)
    let sum = chosen.reduce(Float(0)) { $0 + scores[$1] }
    let norm = configuration.normalizes && chosen.count > 1 ? sum : 1
    return chosen.map { ($0, scores[$0] / norm * configuration.scale) }
  }

  @Test func theBestExpertsOfTheBestGroupsAreChosen() {
    for seed in 1...60 {
      var random = Mutator(seed: seed)
      let groups = 1 + random.next(4)
      let size = 2 + random.next(5)
      let activeGroups = 1 + random.next(groups)
      var configuration = ExpertConfiguration(
        count: groups * size, active: 1 + random.next(activeGroups * size), width: 1,
        scoring: random.next(2) == 0 ? .sigmoid : .softmax, normalizes: random.next(2) == 0)
      configuration.groups = groups
      configuration.activeGroups = activeGroups
      configuration.scale = 2.5
      func values(_ count: Int) -> [Float] {
        (0..<count).map { _ in Float(random.next(1 << 20)) / Float(1 << 18) - 2 }
      }
      let rows = 1 + random.next(6)
      let logits = Matrix(
        rows: rows, columns: configuration.count, values(rows * configuration.count))
      let bias = values(configuration.count)
      let choices = ExpertChoices()
      choices.choose(logits, rows: rows, bias: bias, configuration)
      var uses = Array(repeating: [(row: Int, weight: Float)](), count: configuration.count)
      for row in 0..<rows {
        let expected = Self.expected(logits.row(row), bias: bias, configuration)
        let found = choices.experts(of: row, configuration)
        #expect(found.map(\.expert) == expected.map(\.expert), "seed \(seed), row \(row)")
        for (found, expected) in zip(found, expected) {
          #expect(abs(found.weight - expected.weight) < 1e-5, "seed \(seed), row \(row)")
        }
        for (expert, weight) in found { uses[expert].append((row, weight)) }
      }
      for expert in uses.indices {
        let places = choices.uses(of: expert)
        #expect(choices.rows[places].elementsEqual(uses[expert].map(\.row)), "seed \(seed)")
        #expect(choices.weights[places].elementsEqual(uses[expert].map(\.weight)), "seed \(seed)")
      }
    }
  }
}
