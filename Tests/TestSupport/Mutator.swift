import Glibc

/// Damages files in a reproducible way.
public struct Mutator {
  /// Number of mutations a test makes: `PALIMPSEST_MUTATIONS`, or `standard`.
  public static func count(standard: Int) -> Int {
    unsafe getenv("PALIMPSEST_MUTATIONS").flatMap { unsafe Int(String(cString: $0)) } ?? standard
  }

  private var state: UInt64

  public init(seed: Int) { state = UInt64(truncatingIfNeeded: seed) &* 0x2545_F491_4F6C_DD1D }

  /// A number in 0..<`bound`, uniform enough (SplitMix64).
  public mutating func next(_ bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((z ^ (z >> 31)) % UInt64(max(bound, 1)))
  }

  /// One to three of: bits flipped, bytes overwritten, the end cut off, a stretch removed, doubled
  /// or moved, a number of one to eight bytes written over, all within `range`.
  public mutating func binary(_ bytes: [UInt8], within range: Range<Int>? = nil) -> [UInt8] {
    var bytes = bytes
    for _ in 0...next(3) {
      let range = (range ?? 0..<bytes.count).clamped(to: 0..<bytes.count)
      guard !range.isEmpty else { return bytes }
      let place = range.lowerBound + next(range.count)
      let length = min(1 + next(16), range.upperBound - place)
      switch next(10) {
      case 0, 1: bytes[place] ^= 1 << UInt8(next(8))
      case 2: bytes[place] = UInt8(next(256))
      case 3: bytes.removeSubrange(place...)
      case 4: bytes.removeSubrange(place..<(place + length))
      case 5: bytes.insert(contentsOf: bytes[place..<(place + length)], at: place)
      case 6:
        let other = range.lowerBound + next(range.count)
        bytes.swapAt(place, other)
      default: overwrite(&bytes, at: place)
      }
    }
    return bytes
  }

  private mutating func overwrite(_ bytes: inout [UInt8], at place: Int) {
    let values: [UInt64] = [
      0, 1, 0xFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 1 << 32, 1 << 40, 1 << 62,
      0x7FFF_FFFF_FFFF_FFFF, 1 << 63, .max,
    ]
    var value = values[next(values.count)]
    for index in place..<min(place + (1 << next(4)), bytes.count) {
      bytes[index] = UInt8(truncatingIfNeeded: value)
      value >>= 8
    }
  }

  /// As `binary`, or a number, word, key or string of a JSON text replaced by another value.
  public mutating func json(_ bytes: [UInt8], within range: Range<Int>? = nil) -> [UInt8] {
    let range = (range ?? 0..<bytes.count).clamped(to: 0..<bytes.count)
    guard next(2) == 0, !range.isEmpty else { return binary(bytes, within: range) }
    var start = range.lowerBound + next(range.count)
    while start < range.upperBound, !Self.isToken(bytes[start]) { start += 1 }
    while start > range.lowerBound, Self.isToken(bytes[start - 1]) { start -= 1 }
    var end = start
    while end < range.upperBound, Self.isToken(bytes[end]) { end += 1 }
    let values = [
      "0", "-1", "1", "3.5", "1e308", "4294967296", "9223372036854775807",
      "99999999999999999999", "null", "true", "[]", "{}", "[[[[]]]]", "\"\"", "F16", "I64", "F4",
      "-9223372036854775808", "(a+)+$", "[", "\\\\", "\\ud800",
    ]
    return bytes[..<start] + Array(values[next(values.count)].utf8) + bytes[end...]
  }

  private static func isToken(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"), UInt8(ascii: "-"),
      UInt8(ascii: "."):
      true
    default: false
    }
  }

  /// The process's peak of resident memory, in bytes.
  public static var peakMemory: Int {
    var usage = rusage()
    let who = __rusage_who_t(RUSAGE_SELF.rawValue)
    return unsafe getrusage(who, &usage) == 0 ? usage.ru_maxrss * 1024 : 0
  }
}
