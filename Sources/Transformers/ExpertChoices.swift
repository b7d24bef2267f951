internal import Tensors

/// Which experts the rows of a layer use and with what weights, in memory kept from layer to layer.
final class ExpertChoices {
  /// Rows that use an expert, ascending, those of expert 0 first, and the weights of the uses.
  private(set) var rows: [Int] = []
  private(set) var weights: [Float] = []
  /// Where the uses of each expert begin; then their number, twice.
  private var firsts: [Int] = []
  /// The experts of row 0, best first, then those of row 1, and so on, and their weights.
  private var chosen: [Int] = []
  private var chosenWeights: [Float] = []
  private var scores: [Float] = []
  /// Scores with biases; what was taken or is not open has -inf.
  private var biased: [Float] = []
  private var groups: [Float] = []

  /// Places in `rows` and `weights` of the uses of an expert.
  func uses(of expert: Int) -> Range<Int> { firsts[expert]..<firsts[expert + 1] }

  /// The experts of a row, best first, and their weights.
  func experts(of row: Int, _ configuration: ExpertConfiguration) -> [(expert: Int, weight: Float)]
  {
    (row * configuration.active..<(row + 1) * configuration.active).map {
      (chosen[$0], chosenWeights[$0])
    }
  }

  /// Chooses for the first `rows` rows of router logits `[>= rows, count]`.
  func choose(
    _ logits: Matrix, rows count: Int, bias: [Float], _ configuration: ExpertConfiguration
  ) {
    reserve(count, configuration)
    for row in 0..<count {
      score(logits, row, configuration.scoring)
      for expert in 0..<configuration.count {
        // NaN compares with nothing: as the lowest score it is still an expert to choose.
        let score = scores[expert] + bias[expert]
        biased[expert] = score.isFinite ? score : -.greatestFiniteMagnitude
      }
      if configuration.groups > 1 { closeGroups(configuration) }
      choose(row, configuration)
    }
    sort(count, configuration)
  }

  private func reserve(_ count: Int, _ configuration: ExpertConfiguration) {
    if scores.count != configuration.count || groups.count != configuration.groups {
      scores = Array(repeating: 0, count: configuration.count)
      biased = scores
      groups = Array(repeating: 0, count: configuration.groups)
      firsts = Array(repeating: 0, count: configuration.count + 2)
    }
    let uses = count * configuration.active
    if rows.count < uses {
      rows = Array(repeating: 0, count: uses)
      weights = Array(repeating: 0, count: uses)
      (chosen, chosenWeights) = (rows, weights)
    }
  }

  private func score(_ logits: Matrix, _ row: Int, _ scoring: ExpertConfiguration.Scoring) {
    switch scoring {
    case .sigmoid:
      for expert in scores.indices {
        scores[expert] = 1 / (1 + Elementary.exp(-logits[row, expert]))
      }
    case .softmax:
      var highest = -Float.infinity
      for expert in scores.indices { highest = max(highest, logits[row, expert]) }
      var sum: Float = 0
      for expert in scores.indices {
        scores[expert] = Elementary.exp(logits[row, expert] - highest)
        sum += scores[expert]
      }
      for expert in scores.indices { scores[expert] /= sum }
    }
  }

  /// Leaves the experts of the best groups; a group counts as its two best experts.
  private func closeGroups(_ configuration: ExpertConfiguration) {
    let size = configuration.count / configuration.groups
    for group in 0..<configuration.groups {
      var (best, second) = (-Float.infinity, -Float.infinity)
      for expert in group * size..<(group + 1) * size {
        let value = biased[expert]
        if value > best {
          (best, second) = (value, best)
        } else if value > second {
          second = value
        }
      }
      groups[group] = size > 1 ? best + second : best
    }
    for _ in 0..<configuration.groups - configuration.activeGroups {
      var worst = 0
      for group in 0..<configuration.groups where groups[group] <= groups[worst] { worst = group }
      groups[worst] = .infinity
      for expert in worst * size..<(worst + 1) * size { biased[expert] = -.infinity }
    }
  }

  /// The best experts of a row, ties to the left, and their weights.
  private func choose(_ row: Int, _ configuration: ExpertConfiguration) {
    let first = row * configuration.active
    var sum: Float = 0
    for place in first..<first + configuration.active {
      var best = 0
      for expert in 0..<configuration.count where biased[expert] > biased[best] { best = expert }
      chosen[place] = best
      sum += scores[best]
      biased[best] = -.infinity
    }
    let norm = configuration.normalizes && configuration.active > 1 ? sum + 1e-20 : 1
    for place in first..<first + configuration.active {
      chosenWeights[place] = scores[chosen[place]] / norm * configuration.scale
    }
  }

  /// Sorts the uses by expert.
  private func sort(_ count: Int, _ configuration: ExpertConfiguration) {
    let uses = count * configuration.active
    for index in firsts.indices { firsts[index] = 0 }
    // Expert e's begin at place e + 1, until each use has moved it on to where e + 1's begin.
    for expert in chosen.prefix(uses) { firsts[expert + 2] += 1 }
    for index in 2..<firsts.count { firsts[index] += firsts[index - 1] }
    for use in 0..<uses {
      let place = firsts[chosen[use] + 1]
      rows[place] = use / configuration.active
      weights[place] = chosenWeights[use]
      firsts[chosen[use] + 1] += 1
    }
  }
}
