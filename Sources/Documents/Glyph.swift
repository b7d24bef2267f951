/// The contents of a terminal cell: a character with the marks on it, at most five scalars, the
/// limit of curses. A value of two words without references, since a screen has thousands.
public struct Glyph: Sendable, Hashable {
  /// Three scalars and two, 21 bits each, the first in the lowest bits; 0 for no scalar.
  private var first: UInt64
  private var second: UInt64 = 0

  public static let mostScalars = 5
  public static let blank = Glyph(" ")

  @inline(__always)
  public init(_ scalar: Unicode.Scalar) { first = UInt64(scalar.value) }

  /// The first five scalars. U+0000, which no terminal shows, ends it.
  public init(_ text: String) {
    self.init(text.unicodeScalars)
  }

  init(_ scalars: some Sequence<Unicode.Scalar>) {
    first = 0
    for (index, scalar) in scalars.prefix(Self.mostScalars).enumerated() {
      put(scalar, at: index)
    }
  }

  /// Puts a scalar at a place below 5 that has none.
  mutating func put(_ scalar: Unicode.Scalar, at index: Int) {
    if index < 3 {
      first |= UInt64(scalar.value) << UInt64(21 * index)
    } else {
      second |= UInt64(scalar.value) << UInt64(21 * (index - 3))
    }
  }

  /// The scalar at 0..<5; nil after the last.
  public func scalar(_ index: Int) -> Unicode.Scalar? {
    let bits = index < 3 ? first >> UInt64(21 * index) : second >> UInt64(21 * (index - 3))
    let value = UInt32(bits & 0x1F_FFFF)
    return value == 0 ? nil : Unicode.Scalar(value)
  }

  @inline(__always)
  public var isBlank: Bool { first == 0x20 && second == 0 }

  public var scalars: [Unicode.Scalar] { (0..<Self.mostScalars).compactMap { scalar($0) } }

  public var text: String { String(String.UnicodeScalarView(scalars)) }
}

extension Glyph: ExpressibleByStringLiteral {
  public init(stringLiteral text: String) { self.init(text) }
}
