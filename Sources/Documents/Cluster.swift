/// One grapheme cluster of a text, or one byte that is not UTF-8, and where it is.
public struct Cluster: Sendable, Equatable {
  public enum Kind: Sendable, Equatable {
    case text
    case tab
    /// LF or CR LF.
    case newline
    /// A control or format character, a lone CR, a byte that is not UTF-8: shown as a symbol.
    case control
  }

  public var range: Range<Int>
  /// The characters themselves; U+FFFD for a stray byte. Not for a terminal: `display` is.
  public var source: String
  public var kind: Kind
  /// What to show; of no use for tabs and newlines, which are the layout's.
  public var display: DisplayForm

  init(_ source: String, range: Range<Int>, isValid: Bool = true) {
    self.source = source
    self.range = range
    kind =
      switch source {
      case "\t": .tab
      case "\n", "\r\n": .newline
      case _ where !isValid || DisplayForm.isControl(source): .control
      default: .text
      }
    display = isValid ? DisplayForm(of: source) : .strayByte
  }

  /// A printable ASCII character.
  init(plain byte: UInt8, at offset: Int) {
    source = String(Unicode.Scalar(byte))
    range = offset..<offset + 1
    kind = .text
    display = DisplayForm(text: source, width: 1)
  }
}

extension Text {
  /// The clusters of `range`, which should begin and end at cluster boundaries. O(log n + range).
  public func clusters(in range: Range<Int>) -> [Cluster] {
    let bytes = bytes(in: range)
    var result: [Cluster] = []
    result.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      if Text.isPlain(bytes[index]), index + 1 == bytes.count || bytes[index + 1] < 0x80 {
        let start = range.lowerBound + index
        result.append(Cluster(plain: bytes[index], at: start))
        index += 1
        continue
      }
      let end = Text.runEnd(in: bytes, from: index)
      let valid = UTF8Sequence.validPrefix(of: bytes[index..<end])
      for character in String(decoding: bytes[index..<index + valid], as: UTF8.self) {
        let start = range.lowerBound + index
        result.append(Cluster(String(character), range: start..<start + character.utf8.count))
        index += character.utf8.count
      }
      if index < end {
        let start = range.lowerBound + index
        result.append(Cluster("\u{FFFD}", range: start..<start + 1, isValid: false))
        index += 1
      }
    }
    return result
  }

  /// The first place after `start` where a cluster ends for certain: between two ASCII bytes, but
  /// for CR LF.
  private static func runEnd(in bytes: [UInt8], from start: Int) -> Int {
    var index = start + 1
    while index < bytes.count {
      if bytes[index] < 0x80 && bytes[index - 1] < 0x80
        && (bytes[index] != 0x0A || bytes[index - 1] != 0x0D)
      {
        return index
      }
      index += 1
    }
    return index
  }
}
