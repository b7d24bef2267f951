import DecodingPolicies
import Infilling
import Testing

@Suite struct BudgetTests {
  @Test(arguments: [
    ("12", UnmaskingPolicy.steps(12, .cosine)), ("80%", .threshold(0.8)),
    ("0.8", .threshold(0.8)), (" 80 % ", .threshold(0.8)), ("500ms", .budget(milliseconds: 500)),
    ("1.5 s", .budget(milliseconds: 1500)), ("quality 3", .quality(3)), ("Q1", .quality(1)),
    ("1", .steps(1, .cosine)), ("1.0", .threshold(1)), ("100%", .threshold(1)),
  ])
  func isReadAsAPersonWritesIt(_ text: String, _ reveal: UnmaskingPolicy) {
    #expect(UnmaskingPolicy(spelled: text, schedule: .cosine) == reveal)
  }

  @Test(arguments: [
    "", "0", "-3", "10001", "1.5", "0%", "101%", "0ms", "9999999s", "nan", "infs", "quality 0",
    "quality 9", "q", "s", "ms", "%", "nonsense",
  ])
  func whatMakesNoSenseIsRefused(_ text: String) {
    #expect(UnmaskingPolicy(spelled: text) == nil)
  }

  @Test func qualitiesRiseAndAreKnownAgain() {
    var last = 0.0
    for level in UnmaskingPolicy.qualities {
      guard case .threshold(let threshold, .frontier) = UnmaskingPolicy.quality(level) else {
        Issue.record("quality \(level) is no threshold")
        continue
      }
      #expect(threshold > last && threshold < 1)
      #expect(UnmaskingPolicy.quality(level).quality == level)
      last = threshold
    }
    #expect(UnmaskingPolicy.threshold(0.81).quality == nil)
  }

  @Test func variationsDifferInLengthAndSeed() {
    let plain = DecodingConfiguration()
    let lengths = plain.variations(4, slots: 20)
    #expect(lengths.map(\.slots) == [nil, 15, 25, 12])
    #expect(lengths.allSatisfy { $0.seed == 0 })
    #expect(plain.variations(1, slots: 20) == [plain])
    var warm = DecodingConfiguration(temperature: 0.7, seed: 5)
    #expect(warm.variations(3, slots: 20).map(\.seed) == [5, 6, 7])
    warm.seed = .max
    #expect(warm.variations(2, slots: 1).map(\.seed) == [.max, 0])
  }

  @Test func variationsOfASearchDifferInSeed() {
    let plain = DecodingConfiguration(seed: 4, slots: 9)
    let all = plain.variations(3, slots: nil)
    #expect(all.map(\.seed) == [4, 5, 6])
    #expect(all.allSatisfy { $0.slots == 9 && $0.temperature == 0 })
  }
}
