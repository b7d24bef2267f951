internal import Strings

/// Walks a text scalar by scalar in both directions. A byte outside of a well-formed UTF-8
/// sequence is one unit.
struct ScalarReader {
  /// One scalar, or one stray byte.
  struct Unit: Equatable {
    /// nil for a byte that is not UTF-8.
    var scalar: Unicode.Scalar?
    var range: Range<Int>
  }

  let text: Text
  /// Between two units.
  private(set) var offset: Int
  private let count: Int
  private var bytes: ArraySlice<UInt8>
  private var start: Int

  init(_ text: Text, at offset: Int) {
    self.text = text
    self.offset = offset
    count = text.count
    (bytes, start) = text.chunk(at: offset)
  }

  /// The unit at `offset`, which is passed; nil at the end. Amortised O(1).
  mutating func next() -> Unit? {
    guard offset < count else { return nil }
    let unit = unit(at: offset)
    offset = unit.range.upperBound
    return unit
  }

  /// The unit before `offset`, which is passed backwards; nil at the beginning. Amortised O(1).
  mutating func previous() -> Unit? {
    guard offset > 0 else { return nil }
    // A lead byte is never a continuation, so going back finds the units that going forward does.
    for length in 2...4 where length <= offset && byte(at: offset - 1) >= 0x80 {
      let unit = unit(at: offset - length)
      if unit.range.upperBound == offset {
        offset -= length
        return unit
      }
    }
    let unit = unit(at: offset - 1)
    offset -= 1
    return unit
  }

  /// The unit at `offset`, which is not passed.
  func peek() -> Unit? {
    var copy = self
    return copy.next()
  }

  private mutating func byte(at index: Int) -> UInt8 {
    if index < start || index >= start + bytes.count {
      (bytes, start) = text.chunk(at: index)
    }
    return bytes[bytes.startIndex + index - start]
  }

  private mutating func unit(at index: Int) -> Unit {
    let first = byte(at: index)
    if first < 0x80 { return Unit(scalar: Unicode.Scalar(first), range: index..<index + 1) }
    var sequence: [UInt8] = [first]
    for position in index + 1..<max(index + 1, min(index + 4, count)) {
      sequence.append(byte(at: position))
    }
    guard let (scalar, length) = UTF8Sequence.scalar(in: sequence, at: 0) else {
      return Unit(scalar: nil, range: index..<index + 1)
    }
    return Unit(scalar: scalar, range: index..<index + length)
  }
}

/// Well-formed UTF-8 as in table 3-7 of the Unicode standard.
enum UTF8Sequence {
  /// The scalar whose well-formed sequence begins at `index`, and its length in bytes; nil without
  /// one.
  @inline(__always)
  static func scalar(
    in bytes: [UInt8], at index: Int
  ) -> (scalar: Unicode.Scalar, length: Int)? {
    let first = bytes[index]
    if first < 0x80 { return (Unicode.Scalar(first), 1) }
    func continuation(_ offset: Int) -> UInt32? {
      guard index + offset < bytes.count, bytes[index + offset].isUTF8Continuation else {
        return nil
      }
      return UInt32(bytes[index + offset] & 0x3F)
    }
    guard first >= 0xC2, let second = continuation(1) else { return nil }
    if first < 0xE0 { return Self.scalar(UInt32(first & 0x1F) << 6 | second, from: 0x80, 2) }
    guard let third = continuation(2) else { return nil }
    if first < 0xF0 {
      return Self.scalar(UInt32(first & 0x0F) << 12 | second << 6 | third, from: 0x800, 3)
    }
    guard first < 0xF5, let fourth = continuation(3) else { return nil }
    return Self.scalar(
      UInt32(first & 0x07) << 18 | second << 12 | third << 6 | fourth, from: 0x10000, 4)
  }

  /// Nil for surrogates, values beyond Unicode and those that a shorter sequence encodes.
  private static func scalar(
    _ value: UInt32, from least: UInt32, _ length: Int
  ) -> (scalar: Unicode.Scalar, length: Int)? {
    guard value >= least, let scalar = Unicode.Scalar(value) else { return nil }
    return (scalar, length)
  }
}
