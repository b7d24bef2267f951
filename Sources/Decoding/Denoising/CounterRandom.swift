/// Random numbers by position instead of by order: the value for (seed, slot, token) does not
/// depend on what was drawn before, so neither on threads nor on which slots were asked for.
public enum CounterRandom {
  /// Uniform bits. The finaliser of SplitMix64 (Steele, Lea, Flood 2014) over seed, then
  /// slot · 2^32 + token, each step by the golden-ratio increment.
  public static func bits(seed: UInt64, slot: Int, token: Int) -> UInt64 {
    let counter = UInt64(truncatingIfNeeded: slot) << 32 | UInt64(UInt32(truncatingIfNeeded: token))
    return mix(mix(seed &+ increment) &+ counter &* increment &+ increment)
  }

  /// Uniform in (0, 1), never an end point.
  public static func unit(seed: UInt64, slot: Int, token: Int) -> Double {
    (Double(bits(seed: seed, slot: slot, token: token) >> 11) + 0.5) / 9_007_199_254_740_992
  }

  private static let increment: UInt64 = 0x9E37_79B9_7F4A_7C15

  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
