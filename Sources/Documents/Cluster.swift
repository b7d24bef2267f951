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
}

extension Text {
  /// The clusters of `range`, which should begin and end at cluster boundaries. O(log n + range).
  public func clusters(in range: Range<Int>) -> [Cluster] {
    let bytes = bytes(in: range)
    var result: [Cluster] = []
    var index = 0
    while index < bytes.count {
      let valid = UTF8Sequence.validPrefix(of: bytes[index...])
      for character in String(decoding: bytes[index..<index + valid], as: UTF8.self) {
        let start = range.lowerBound + index
        result.append(
          Cluster(String(character), range: start..<start + character.utf8.count))
        index += character.utf8.count
      }
      if index < bytes.count {
        let start = range.lowerBound + index
        result.append(Cluster("\u{FFFD}", range: start..<start + 1, isValid: false))
        index += 1
      }
    }
    return result
  }
}
