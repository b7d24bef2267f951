import Decoding
import Testing

@Suite struct CounterRandomTests {
  @Test func valuesDependOnEveryPart() {
    let base = CounterRandom.bits(seed: 1, slot: 2, token: 3)
    #expect(base == CounterRandom.bits(seed: 1, slot: 2, token: 3))
    #expect(base != CounterRandom.bits(seed: 2, slot: 2, token: 3))
    #expect(base != CounterRandom.bits(seed: 1, slot: 3, token: 3))
    #expect(base != CounterRandom.bits(seed: 1, slot: 2, token: 4))
  }

  @Test func unitsAreUniform() {
    let values = (0..<10_000).map { CounterRandom.unit(seed: 7, slot: $0 % 10, token: $0 / 10) }
    let mean = values.reduce(0, +) / 10_000
    #expect(abs(mean - 0.5) < 0.02)
    #expect(values.allSatisfy { $0 > 0 && $0 < 1 })
  }
}
