/// Walks a text scalar by scalar in both directions. A byte that is no part of a well-formed UTF-8
/// sequence is a unit of its own.
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
    let length = UTF8Sequence.length(of: sequence[...])
    guard length > 0 else { return Unit(scalar: nil, range: index..<index + 1) }
    let scalar = UTF8Sequence.scalar(sequence.prefix(length))
    return Unit(scalar: scalar, range: index..<index + length)
  }
}

/// Well-formed UTF-8 as in table 3-7 of the Unicode standard.
enum UTF8Sequence {
  /// Bytes of the well-formed sequence at the beginning of `bytes`, 0 where there is none.
  static func length(of bytes: ArraySlice<UInt8>) -> Int {
    guard let first = bytes.first else { return 0 }
    let (length, second): (Int, ClosedRange<UInt8>) =
      switch first {
      case 0...0x7F: (1, 0...0)
      case 0xC2...0xDF: (2, 0x80...0xBF)
      case 0xE0: (3, 0xA0...0xBF)
      case 0xED: (3, 0x80...0x9F)
      case 0xE1...0xEF: (3, 0x80...0xBF)
      case 0xF0: (4, 0x90...0xBF)
      case 0xF1...0xF3: (4, 0x80...0xBF)
      case 0xF4: (4, 0x80...0x8F)
      default: (0, 0...0)
      }
    if length <= 1 { return length }
    guard bytes.count >= length, second.contains(bytes[bytes.startIndex + 1]) else { return 0 }
    let rest = bytes.dropFirst(2).prefix(length - 2)
    return rest.allSatisfy { $0 & 0xC0 == 0x80 } ? length : 0
  }

  /// The scalar that `bytes`, one well-formed sequence, encode.
  static func scalar(_ bytes: ArraySlice<UInt8>) -> Unicode.Scalar? {
    guard let first = bytes.first else { return nil }
    let lead =
      switch bytes.count {
      case 1: UInt32(first)
      case 2: UInt32(first & 0x1F)
      case 3: UInt32(first & 0x0F)
      default: UInt32(first & 0x07)
      }
    return Unicode.Scalar(bytes.dropFirst().reduce(lead) { $0 << 6 | UInt32($1 & 0x3F) })
  }

  /// Bytes at the beginning of `bytes` that are well-formed.
  static func validPrefix(of bytes: ArraySlice<UInt8>) -> Int {
    var rest = bytes
    while let first = rest.first {
      let length = first < 0x80 ? 1 : length(of: rest)
      if length == 0 { break }
      rest = rest.dropFirst(length)
    }
    return bytes.count - rest.count
  }
}
