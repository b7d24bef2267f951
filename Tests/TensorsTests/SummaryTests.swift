import Glibc
import Tensors
import Testing

@Suite struct SummaryTests {
  /// Probabilities in double precision.
  static func softmax(_ logits: [Float], banned: [Int]) -> [Double] {
    var x = logits.map(Double.init)
    for id in banned { x[id] = -.infinity }
    let highest = x.max()!
    let e = x.map { exp($0 - highest) }
    let sum = e.reduce(0, +)
    return e.map { $0 / sum }
  }

  @Test(arguments: everyKernels)
  func summariesMatchDoublePrecision(_ kernels: Kernels) {
    for seed in UInt64(1)...20 {
      var random = SeededRandom(seed)
      let vocabulary = random.int(9...900)
      let logits = random.matrix(3, vocabulary, scale: 12)
      let second = random.matrix(2, vocabulary, scale: 12)
      let banned = (0..<random.int(0...4)).map { _ in random.int(0...vocabulary - 1) }
      let alsoBanned = [random.int(0...vocabulary - 1)]
      let a = logits.row(2)
      let b = logits.row(0)
      let c = second.row(1)
      let summaries = kernels.summarize(
        logits,
        [
          LogitsRow(row: 2, banned: alsoBanned),
          LogitsRow(row: 0, secondRow: 1, secondWeight: 0.3),
        ], second: second, banned: banned, candidates: 5)
      let plain = Self.softmax(a, banned: banned + alsoBanned)
      let mixed = zip(Self.softmax(b, banned: banned), Self.softmax(c, banned: banned))
        .map { 0.7 * $0 + 0.3 * $1 }
      for (summary, expected) in zip(summaries, [plain, mixed]) {
        let order = expected.indices.sorted { (-expected[$0], $0) < (-expected[$1], $1) }
        #expect(summary.token == order[0], "seed \(seed)")
        #expect(summary.candidates.map(\.token) == Array(order.prefix(5)), "seed \(seed)")
        for candidate in summary.candidates {
          let p = expected[candidate.token]
          #expect(abs(Double(candidate.probability) - p) < 1e-5 * p + 1e-9, "seed \(seed)")
        }
        #expect(summary.probability == summary.candidates[0].probability)
        let entropy = expected.reduce(0) { $0 - ($1 > 0 ? $1 * log($1) : 0) }
        #expect(abs(Double(summary.entropy) - entropy) < 2e-5, "seed \(seed)")
      }
      let highest = order(a, without: banned + alsoBanned)[0]
      let normalizer = Double(a[highest]) - log(plain[highest])
      #expect(abs(Double(summaries[0].logNormalizer) - normalizer) < 1e-4, "seed \(seed)")
      #expect(summaries[1].logNormalizer == 0)
    }
  }

  private func order(_ logits: [Float], without banned: [Int]) -> [Int] {
    let p = Self.softmax(logits, banned: banned)
    return p.indices.sorted { (-p[$0], $0) < (-p[$1], $1) }
  }

  @Test(arguments: everyKernels)
  func tiesGoToTheLowerId(_ kernels: Kernels) {
    let logits = Matrix(rows: 1, columns: 700)
    logits[0, 333] = 4
    logits[0, 71] = 4
    logits[0, 600] = 4
    logits[0, 5] = 9
    let summary = kernels.summarize(logits, [LogitsRow(row: 0)], banned: [5], candidates: 5)[0]
    #expect(summary.candidates.map(\.token) == [71, 333, 600, 0, 1])
  }

  @Test(arguments: everyKernels)
  func wholeVocabularyBannedButOne(_ kernels: Kernels) {
    var random = SeededRandom(1)
    let logits = random.matrix(1, 200, scale: 50)
    let banned = (0..<200).filter { $0 != 123 }
    let summary = kernels.summarize(
      logits, [LogitsRow(row: 0)], banned: banned, temperature: 2, candidates: 8)[0]
    #expect(summary.token == 123 && summary.probability == 1 && summary.entropy == 0)
    #expect(summary.candidates == [.init(token: 123, probability: 1)])
  }

  @Test(arguments: everyKernels)
  func drawsFollowTheDistribution(_ kernels: Kernels) {
    let row: [Float] = [0.3, -1, 1.2, 0, -0.5, 0.9, -30]
    for temperature in [Float(0.5), 1, 2] {
      var counts = [Int](repeating: 0, count: row.count)
      let draws = 4000
      let choices = (0..<draws).map { LogitsRow(row: $0, key: UInt64($0)) }
      let logits = Matrix(
        rows: draws, columns: row.count, (0..<draws).flatMap { _ in row })
      for summary in kernels.summarize(
        logits, choices, banned: [3], temperature: temperature, seed: 42, candidates: 1)
      {
        counts[summary.token] += 1
        let p = Self.softmax(row, banned: [3])[summary.token]
        #expect(abs(Double(summary.probability) - p) < 1e-6)
      }
      let expected = Self.softmax(row.map { $0 / temperature }, banned: [3])
      for (count, p) in zip(counts, expected) {
        let deviation = (Double(draws) * p * (1 - p)).squareRoot()
        #expect(
          abs(Double(count) - Double(draws) * p) <= 4.5 * deviation + 1e-3,
          "temperature \(temperature): \(counts)")
      }
    }
  }

  @Test func noiseDependsOnSeedKeyAndTokenAlone() throws {
    var random = SeededRandom(9)
    let rows = random.floats(6 * 500, scale: 2)
    func tokens(_ kernels: Kernels, seed: UInt64, order: [Int]) -> [Int] {
      let logits = Matrix(rows: 6, columns: 500, rows)
      let choices = order.map { LogitsRow(row: $0, key: UInt64(100 + $0)) }
      let summaries = kernels.summarize(logits, choices, temperature: 1, seed: seed)
      return order.indices.sorted { order[$0] < order[$1] }.map { summaries[$0].token }
    }
    let first = tokens(everyKernels[0], seed: 1, order: [0, 1, 2, 3, 4, 5])
    for kernels in everyKernels {
      #expect(tokens(kernels, seed: 1, order: [5, 3, 1, 0, 2, 4]) == first)
    }
    #expect(tokens(everyKernels[0], seed: 2, order: [0, 1, 2, 3, 4, 5]) != first)
  }
}
