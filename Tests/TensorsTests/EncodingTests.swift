import Tensors
import TestSupport
import Testing

/// Values encoded as stored types.
struct EncodingTests {
  private static func decoded(_ values: [Float], as type: ElementType) -> [Float] {
    let tensor = Tensor(values, shape: [1, values.count])
    let bytes = Bytes(tensor.encoded(0..<1, as: type))
    return unsafe Tensor(
      type: type, shape: tensor.shape, bytes: bytes.pointer, owner: bytes
    ).floats()
  }

  /// 32 values between ±`scale`, some of them 0, sometimes all alike.
  private static func block(_ random: inout Mutator, scale: Float) -> [Float] {
    let isFlat = random.next(20) == 0
    let value = Float(random.next(2001) - 1000) / 1000 * scale
    return (0..<32).map { _ in
      isFlat ? value : random.next(8) == 0 ? 0 : Float(random.next(2001) - 1000) / 1000 * scale
    }
  }

  /// Levels between the bounds of a block: what a block can tell apart.
  static let levels: [(type: ElementType, steps: Float)] = [
    (.q8_0, 254), (.q5_1, 31), (.q4_1, 15), (.q5_0, 31), (.q4_0, 15),
  ]

  @Test(arguments: levels.map(\.type))
  func blocksAreOffByHalfAStepAtMost(type: ElementType) throws {
    let steps = try #require(Self.levels.first { $0.type == type }).steps
    for seed in 0..<500 {
      var random = Mutator(seed: seed)
      let scale: Float = [0.01, 1, 300][seed % 3]
      let values = Self.block(&random, scale: scale)
      let found = Self.decoded(values, as: type)
      let (low, high) = (values.min() ?? 0, values.max() ?? 0)
      // Types with a minimum spread their levels over the range, the others over twice the largest
      // magnitude, whose other end has no level of its own.
      let range = type == .q4_1 || type == .q5_1 ? high - low : 2 * max(high, -low)
      let isLopsided = type == .q4_0 || type == .q5_0
      // Scale and minimum are halves: 11 bits, fewer near 0.
      let bound = range / steps * (isLopsided ? 1.1 : 0.5) + max(high, -low) / 900 + 5e-6
      for (a, b) in zip(values, found) { #expect(abs(a - b) <= bound, "seed \(seed): \(a), \(b)") }
    }
  }

  @Test func halvesAreRoundedToTheNearest() {
    for seed in 0..<20_000 {
      var random = Mutator(seed: seed)
      let bits = UInt32(truncatingIfNeeded: random.next(1 << 32))
      let value = Float(bitPattern: bits)
      guard value.isFinite, abs(value) < 65_504 else { continue }
      let found = Self.decoded([value], as: .f16)[0]
      let spacing = max(Float(Float16Model.ulp(value)), 5.960_464_5e-8)
      #expect(abs(found - value) <= spacing / 2, "\(value) became \(found)")
      #expect(Self.decoded([found], as: .f16)[0] == found)
      let brain = Self.decoded([value], as: .bf16)[0]
      let up = Float(bitPattern: (bits & 0xFFFF_0000) &+ 0x1_0000)
      let down = Float(bitPattern: bits & 0xFFFF_0000)
      #expect(brain == up || brain == down)
      if up.isFinite { #expect(abs(brain - value) <= min(abs(up - value), abs(down - value))) }
    }
    #expect(
      Self.decoded([1e30, -1e30, .infinity, 0], as: .f16) == [.infinity, -.infinity, .infinity, 0])
    #expect(Self.decoded([.nan], as: .f16)[0].isNaN && Self.decoded([.nan], as: .bf16)[0].isNaN)
  }

  @Test func whatIsExactStaysExact() {
    let values = (0..<64).map { Float($0 - 32) / 8 }
    for type in [ElementType.f32, .f16, .bf16] { #expect(Self.decoded(values, as: type) == values) }
  }
}

/// Spacing of halves around a value.
private enum Float16Model {
  static func ulp(_ value: Float) -> Double {
    let exponent = max(Int(abs(value).exponent), -14)
    return Double(sign: .plus, exponent: exponent - 10, significand: 1)
  }
}
