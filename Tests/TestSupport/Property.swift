import Glibc

/// SplitMix64: reproducible, and good enough to choose test cases.
public struct RandomSource: RandomNumberGenerator {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }

  public mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}

/// How much tests of properties do; `make torture` asks for more than the default.
public enum Property {
  /// `PALIMPSEST_SEED`, or a new seed; print it with every failure.
  public static var seed: UInt64 {
    environment("PALIMPSEST_SEED") ?? UInt64.random(in: 0...UInt64.max)
  }

  /// `PALIMPSEST_PROPERTY_OPS`, or ten thousand.
  public static var operations: Int { number("PALIMPSEST_PROPERTY_OPS", 10_000) }

  /// Events in a row of which every order is tried: `PALIMPSEST_DEPTH`, or three.
  public static var depth: Int { number("PALIMPSEST_DEPTH", 3) }

  /// Refinements one after another: `PALIMPSEST_SOAK`, or a hundred.
  public static var soak: Int { number("PALIMPSEST_SOAK", 100) }

  private static func number(_ name: String, _ standard: Int) -> Int {
    environment(name).map(Int.init) ?? standard
  }

  private static func environment(_ name: String) -> UInt64? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe UInt64(String(cString: value))
  }
}
