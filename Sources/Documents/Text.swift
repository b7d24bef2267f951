internal import _RopeModule

/// Text as bytes, expected to be UTF-8 but kept byte for byte. A rope of small
/// chunks that know their length and line feeds: edits and lookups are O(log n), copies O(1) and
/// cheap to keep as snapshots. Every position is a byte offset.
///
/// A line ends with LF; a CR before it belongs to the line end. A final newline opens another,
/// empty line for the cursor: the empty text has one line, "a\n" has two. A CR without LF is not a
/// line end.
public struct Text: Sendable {
  var rope: Rope<Chunk>
  let chunkLimit: Int

  /// Bytes a leaf may hold.
  static let chunkLimit = 2048

  public init() {
    self.init([])
  }

  public init(_ string: String) {
    self.init(Array(string.utf8))
  }

  /// The leaves are slices of `bytes`: nothing is copied. O(n), for counting lines.
  public init(_ bytes: [UInt8]) {
    self.init(bytes, chunkLimit: Text.chunkLimit)
  }

  /// The bytes stay in storage, except for those that edits need. O(n / block), since nothing is
  /// read: lines are counted on demand until `takeLineCounts`.
  public init(_ stored: StoredText) {
    self.init(stored, chunkLimit: Text.chunkLimit)
  }

  package init(_ stored: StoredText, chunkLimit: Int) {
    self.chunkLimit = chunkLimit
    rope = Rope(stored.blocks.map { Chunk(stored, $0, limit: chunkLimit) })
  }

  /// `chunkLimit` ≥ 2 is for tests that want many leaves.
  package init(_ bytes: [UInt8], chunkLimit: Int) {
    precondition(chunkLimit >= 2, "chunk limit \(chunkLimit)")
    self.chunkLimit = chunkLimit
    self.rope = Rope(Text.chunks(of: bytes, limit: chunkLimit))
  }

  /// `bytes` cut into leaves of three quarters of the limit, so that the first edits stay in place.
  private static func chunks(of bytes: [UInt8], limit: Int) -> [Chunk] {
    let size = max(1, limit - limit / 4)
    return stride(from: 0, to: bytes.count, by: size).map {
      Chunk(bytes[$0..<min($0 + size, bytes.count)], limit: limit)
    }
  }

  /// Bytes. O(1).
  public var count: Int { rope.count(in: ByteMetric()) }

  public var isEmpty: Bool { rope.isEmpty }

  /// Whether positions and lines are found in the times given below. Before that they are O(n).
  public var linesAreCounted: Bool { rope.count(in: UncountedMetric()) == 0 }

  /// Applies the counts of `StoredText.countLines`, and counts the rest. O(n / block).
  public mutating func takeLineCounts() {
    if !linesAreCounted { rope = Rope(rope.map(\.counted)) }
  }

  /// Line feeds plus one. O(1).
  public var lineCount: Int {
    linesAreCounted
      ? rope.count(in: NewlineMetric()) + 1 : rope.reduce(1) { $0 + $1.countedNewlines }
  }

  /// Whether the line exists. O(1).
  public func hasLine(_ line: Int) -> Bool {
    guard !linesAreCounted else { return line >= 0 && line < lineCount }
    var left = line
    return line == 0
      || line > 0
        && rope.contains { leaf in
          left -= leaf.countedNewlines
          return left <= 0
        }
  }

  /// The number of lines, or until they are counted, an estimate from the first part of the text.
  public var expectedLineCount: Int {
    guard !linesAreCounted, let first = rope.first else { return lineCount }
    return 1 + first.countedNewlines * (count / max(1, first.count))
  }

  /// The byte at `offset`, which must be below `count`. O(log n).
  public subscript(offset: Int) -> UInt8 {
    let (bytes, start) = chunk(at: offset)
    return bytes[bytes.startIndex + offset - start]
  }

  /// All bytes. O(n).
  public func contents() -> [UInt8] { bytes(in: 0..<count) }

  /// A copy of the bytes of `range`. O(log n + range).
  public func bytes(in range: Range<Int>) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(range.count)
    _ = forEachSlice(in: range) {
      result += $0
      return true
    }
    return result
  }

  /// `range` decoded; bytes that are not UTF-8 become U+FFFD. O(log n + range).
  public func string(in range: Range<Int>) -> String {
    String(decoding: bytes(in: range), as: UTF8.self)
  }

  /// Replaces the bytes of `range`. O(log n + range / chunk + replacement).
  public mutating func replace(_ range: Range<Int>, with replacement: [UInt8]) {
    check(range)
    if range.isEmpty && replacement.isEmpty { return }
    if replaceInPlace(range, with: replacement) { return }
    rope.replaceSubrange(
      range, in: ByteMetric(), with: Text.chunks(of: replacement, limit: chunkLimit))
  }

  /// The common small edit: the result still fits the one leaf in memory that it touches.
  private mutating func replaceInPlace(_ range: Range<Int>, with replacement: [UInt8]) -> Bool {
    guard !rope.isEmpty, replacement.count <= chunkLimit else { return false }
    let found = rope.find(at: range.lowerBound, in: ByteMetric(), preferEnd: range.isEmpty)
    var index = found.index
    let start = found.remaining
    let old = rope[index]
    guard old.isInMemory else { return false }
    let local = start..<start + range.count
    let newCount = old.count - range.count + replacement.count
    guard local.upperBound <= old.count, newCount <= chunkLimit, newCount >= chunkLimit / 2,
      newCount > 0
    else { return false }
    rope.update(at: &index) { $0 = old.replacing(local, with: replacement[...]) }
    return true
  }

  /// Traps unless every leaf has a size the tree relies on. O(n).
  package func checkInvariants() {
    let isAlone = rope.isSingleton
    for chunk in rope {
      chunk.invariantCheck()
      precondition(isAlone || !chunk.isUndersized, "undersized chunk of \(chunk.count) bytes")
    }
  }

  func check(_ range: Range<Int>) {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= count,
      "range \(range) outside a text of \(count) bytes")
  }
}

// MARK: - Chunks

extension Text {
  /// The leaf that holds `offset`, and the offset of its first byte. At the end of a text that is
  /// not empty, the last leaf. O(log n).
  func chunk(at offset: Int) -> (bytes: ArraySlice<UInt8>, start: Int) {
    precondition(offset >= 0 && offset <= count, "offset \(offset) outside 0...\(count)")
    guard !rope.isEmpty else { return ([], 0) }
    let (index, remaining) = rope.find(at: offset, in: ByteMetric(), preferEnd: offset == count)
    return (rope[index].bytes, offset - remaining)
  }

  /// Calls `body` with the bytes of `range` leaf by leaf until it returns false; returns whether it
  /// never did. O(log n + leaves visited).
  @discardableResult
  public func forEachSlice(in range: Range<Int>, _ body: (ArraySlice<UInt8>) -> Bool) -> Bool {
    check(range)
    guard !range.isEmpty else { return true }
    var (index, skipped) = rope.find(at: range.lowerBound, in: ByteMetric(), preferEnd: false)
    var left = range.count
    while left > 0 {
      let slice = rope[index].bytes.dropFirst(skipped).prefix(left)
      if !body(slice) { return false }
      left -= slice.count
      skipped = 0
      rope.formIndex(after: &index)
    }
    return true
  }
}

// MARK: - Lines

extension Text {
  /// The line, counted from 0, that holds `offset`. O(log n).
  public func line(at offset: Int) -> Int {
    precondition(offset >= 0 && offset <= count, "offset \(offset) outside 0...\(count)")
    guard !rope.isEmpty else { return 0 }
    let (index, remaining) = rope.find(at: offset, in: ByteMetric(), preferEnd: true)
    return newlines(before: index) + rope[index].newlines(inFirst: remaining)
  }

  private func newlines(before index: Rope<Chunk>.Index) -> Int {
    guard !linesAreCounted else { return rope.offset(of: index, in: NewlineMetric()) }
    var newlines = 0
    var leaf = rope.startIndex
    while leaf < index {
      newlines += rope[leaf].countedNewlines
      rope.formIndex(after: &leaf)
    }
    return newlines
  }

  /// Where `line`, below `lineCount`, begins. O(log n).
  public func offset(ofLine line: Int) -> Int {
    precondition(line >= 0, "line \(line)")
    guard line > 0 else { return 0 }
    guard linesAreCounted else { return offsetByCounting(ofLine: line) }
    precondition(line < lineCount, "line \(line) outside 0..<\(lineCount)")
    let (index, remaining) = rope.find(at: line, in: NewlineMetric(), preferEnd: true)
    return rope.offset(of: index, in: ByteMetric())
      + rope[index].offset(afterNewline: remaining)
  }

  private func offsetByCounting(ofLine line: Int) -> Int {
    var left = line
    var start = 0
    for leaf in rope {
      let newlines = leaf.countedNewlines
      if left <= newlines { return start + leaf.offset(afterNewline: left) }
      left -= newlines
      start += leaf.count
    }
    preconditionFailure("line \(line) outside 0..<\(lineCount)")
  }

  /// The bytes of `line` with its line end. O(log n).
  public func fullLineRange(_ line: Int) -> Range<Int> {
    let start = offset(ofLine: line)
    guard linesAreCounted else { return start..<(lineBreak(from: start, within: count) ?? count) }
    return start..<(line + 1 < lineCount ? offset(ofLine: line + 1) : count)
  }

  /// The offset after the first line feed at or after `offset`, or the end of the text; nil when it
  /// is more than `reach` bytes away. O(log n + leaves passed).
  func lineBreak(from offset: Int, within reach: Int) -> Int? {
    guard offset < count else { return count }
    var (index, skipped) = rope.find(at: offset, in: ByteMetric(), preferEnd: false)
    var start = offset - skipped
    while start < count {
      guard start - offset <= reach else { return nil }
      let leaf = rope[index]
      if leaf.countedNewlines > 0,
        let feed = leaf.bytes.dropFirst(skipped).firstIndex(of: UInt8(ascii: "\n"))
      {
        let end = start + feed - leaf.bytes.startIndex + 1
        return end - offset <= reach ? end : nil
      }
      start += leaf.count
      skipped = 0
      rope.formIndex(after: &index)
    }
    return count - offset <= reach ? count : nil
  }

  /// The line with `offset`, its bytes without the line end, and where the next line begins. A line
  /// that extends more than `reach` bytes after `offset` is cut there, as if it were the last.
  /// O(log n + reach).
  public func line(
    at offset: Int, within reach: Int
  ) -> (line: Int, range: Range<Int>, next: Int?) {
    let line = line(at: offset)
    let start = self.offset(ofLine: line)
    guard let end = lineBreak(from: offset, within: reach) else {
      return (line, start..<offset + reach, nil)
    }
    return (line, content(ofLine: start..<end), endsLine(start..<end) ? end : nil)
  }

  /// The bytes of `line` without its LF or CR LF. O(log n).
  public func lineRange(_ line: Int) -> Range<Int> { content(ofLine: fullLineRange(line)) }

  private func content(ofLine full: Range<Int>) -> Range<Int> {
    guard endsLine(full) else { return full }
    let end = full.upperBound - 1
    let hasCR = end > full.lowerBound && self[end - 1] == UInt8(ascii: "\r")
    return full.lowerBound..<(hasCR ? end - 1 : end)
  }

  /// Where the line after `line` begins; nil for the last. O(log n).
  public func offset(ofLineAfter line: Int) -> Int? {
    let full = fullLineRange(line)
    return endsLine(full) ? full.upperBound : nil
  }

  /// Whether a full line has a line end, and so another line after it.
  private func endsLine(_ full: Range<Int>) -> Bool {
    !full.isEmpty && self[full.upperBound - 1] == UInt8(ascii: "\n")
  }
}

extension Text: Equatable {
  /// Whether the bytes are equal; leaves may differ. O(1) for copies of one text, else O(n).
  public static func == (left: Text, right: Text) -> Bool {
    if left.rope.isIdentical(to: right.rope) { return true }
    guard left.count == right.count else { return false }
    var offset = 0
    return left.forEachSlice(in: 0..<left.count) { slice in
      var rest = slice
      let range = offset..<offset + slice.count
      offset = range.upperBound
      return right.forEachSlice(in: range) { other in
        defer { rest = rest.dropFirst(other.count) }
        return rest.prefix(other.count) == other
      }
    }
  }
}

extension Text: CustomStringConvertible {
  public var description: String { string(in: 0..<count) }
}
