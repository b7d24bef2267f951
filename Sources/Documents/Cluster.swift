/// One grapheme cluster of a text, or one byte that is not UTF-8, and its place.
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
  public var kind: Kind
  /// The glyph to show; unused for tabs and newlines, which the layout expands.
  public var display: DisplayForm

  public init(range: Range<Int>, kind: Kind, display: DisplayForm) {
    self.range = range
    self.kind = kind
    self.display = display
  }
}

extension Text {
  /// The clusters of `range`, which should begin and end at cluster boundaries. O(log n + range).
  public func clusters(in range: Range<Int>) -> [Cluster] {
    var result: [Cluster] = []
    result.reserveCapacity(range.count)
    for cluster in Clusters(bytes(in: range), at: range.lowerBound) { result.append(cluster) }
    return result
  }
}

/// The clusters of some bytes in order: those of Swift's `Character` (UAX #29), and bytes that are
/// not UTF-8 one by one.
public struct Clusters: Sequence, IteratorProtocol, Sendable {
  private let bytes: [UInt8]
  /// Where the bytes are in their text.
  private let start: Int
  private var index = 0
  /// Of the present cluster; kept so that its memory is.
  private var scalars: [Unicode.Scalar] = []

  public init(_ bytes: [UInt8], at start: Int = 0) {
    self.bytes = bytes
    self.start = start
  }

  public init(_ text: String) {
    self.init(Array(text.utf8))
  }

  /// O(cluster).
  public mutating func next() -> Cluster? {
    guard index < bytes.count else { return nil }
    let byte = bytes[index]
    let next = index + 1
    if Text.isPlain(byte), next == bytes.count || bytes[next] < 0x80 {
      return plain(Unicode.Scalar(byte), columns: 1, end: next)
    }
    guard let (scalar, length) = UTF8Sequence.scalar(in: bytes, at: index) else {
      return passed(next, .control, .strayByte)
    }
    let columns = PlainCharacter.columns(scalar)
    if columns > 0, isPlainOrASCII(at: index + length) {
      return plain(scalar, columns: columns, end: index + length)
    }
    return segmented(from: scalar, end: index + length)
  }

  private mutating func plain(
    _ scalar: Unicode.Scalar, columns: Int, end: Int
  ) -> Cluster {
    passed(end, .text, DisplayForm(glyph: Glyph(scalar), width: columns))
  }

  private mutating func passed(
    _ end: Int, _ kind: Cluster.Kind, _ display: DisplayForm
  ) -> Cluster {
    defer { index = end }
    return Cluster(range: start + index..<start + end, kind: kind, display: display)
  }

  /// Whether nothing at `index` belongs to a plain character before it.
  private func isPlainOrASCII(at index: Int) -> Bool {
    if index == bytes.count || bytes[index] < 0x80 { return true }
    return UTF8Sequence.scalar(in: bytes, at: index).map { PlainCharacter.columns($0.scalar) > 0 }
      ?? true
  }

  private mutating func segmented(from first: Unicode.Scalar, end: Int) -> Cluster {
    var end = end
    var recognizer = Unicode._CharacterRecognizer()
    _ = recognizer.hasBreak(before: first)
    scalars.removeAll(keepingCapacity: true)
    scalars.append(first)
    while end < bytes.count, let (scalar, length) = UTF8Sequence.scalar(in: bytes, at: end),
      !recognizer.hasBreak(before: scalar)
    {
      scalars.append(scalar)
      end += length
    }
    let kind: Cluster.Kind =
      switch first {
      case "\t": .tab
      case "\n": .newline
      case "\r" where scalars.count == 2: .newline
      case _ where DisplayForm.isSymbol(first): .control
      default: .text
      }
    return passed(end, kind, DisplayForm(of: scalars))
  }
}
