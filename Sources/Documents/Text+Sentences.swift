/// The sentence around a position.
extension Text {
  /// Bytes either way beyond which a sentence is not followed.
  static let sentenceReach = 1 << 12

  /// The sentence at `offset`, without the blanks around it; blanks after a sentence belong to it.
  /// Hard-wrapped lines of a paragraph are read as one. A list item, a heading, a cell of a table,
  /// a line of code, a line of verse or of a paragraph without a sentence, and a line that ends
  /// well before the margin are passages by themselves, without their markers. Empty on a blank
  /// line. Text that is much longer than a sentence is cut into parts. Examines at most
  /// `sentenceReach` bytes either way.
  public func sentenceRange(at offset: Int) -> Range<Int> {
    let line = line(at: offset)
    guard !isBlank(line: line) else { return offset..<offset }
    let sentences = sentences(of: sentenceBlock(around: line, at: offset).range)
    let found = sentences.last { $0.lowerBound <= offset } ?? sentences.first
    return found ?? offset..<offset
  }

  /// The sentences that a range touches, in order, as `sentenceRange` finds them; a sentence of
  /// more than `sentenceReach` bytes may come in parts. O(range).
  public func sentenceRanges(in range: Range<Int>) -> [Range<Int>] {
    var result: [Range<Int>] = []
    var offset = range.lowerBound
    while offset <= range.upperBound, offset < count {
      let line = line(at: offset)
      guard !isBlank(line: line) else {
        offset = lineRange(line).upperBound + 1
        continue
      }
      let block = sentenceBlock(around: line, at: offset)
      let found = sentences(of: block.range)
      // If the block was cut at its reach, its last sentence may be incomplete: it is read again.
      let isWhole = !block.isCut || found.count < 2
      for sentence in isWhole ? found : found.dropLast()
      where sentence.upperBound > range.lowerBound && sentence.lowerBound < range.upperBound
        && sentence.lowerBound >= (result.last?.upperBound ?? 0)
      {
        result.append(sentence)
      }
      let next = isWhole ? block.range.upperBound + 1 : found[found.count - 1].lowerBound
      offset = max(next, offset + 1)
    }
    return result
  }

  private func sentences(of block: Range<Int>) -> [Range<Int>] {
    var reader = ScalarReader(self, at: block.lowerBound)
    var units: [ScalarReader.Unit] = []
    while reader.offset < block.upperBound, let unit = reader.next() { units.append(unit) }
    return SentenceScanner(units).sentences()
  }

  /// The block of `line`, without the marker of its first line, and whether it extends beyond the
  /// reach.
  private func sentenceBlock(
    around line: Int, at offset: Int
  ) -> (range: Range<Int>, isCut: Bool) {
    let reach = Text.sentenceReach
    let paragraph = joinedLines(around: line, at: offset, reach: reach) { _, _ in true }
    if let cell = tableCell(at: offset, ofLine: line, in: paragraph, reach: reach) { return cell }
    let margin = paragraph.reduce(0) { max($0, lineRange($1).count) }
    let isProse =
      margin >= Text.narrowestMargin && !isVerse(paragraph, margin: margin)
      && hasSentenceEnd(in: paragraph, near: offset, reach: reach)
    let lines = joinedLines(around: line, at: offset, reach: reach) { upper, lower in
      let above = Line(self, upper)
      let below = Line(self, lower)
      if above.standsAlone || below.standsAlone || below.marker > 0 { return false }
      guard isProse || continuesItem(lower, in: paragraph) else { return false }
      return 4 * (above.length + 1 + below.firstWord) > 3 * margin
    }
    let first = lineRange(lines.lowerBound)
    let last = lineRange(lines.upperBound - 1)
    let start = max(first.lowerBound + Line(self, lines.lowerBound).marker, offset - reach)
    let end = graphemeBoundary(atOrBefore: min(last.upperBound, offset + reach))
    return (graphemeBoundary(atOrBefore: start)..<end, end < last.upperBound)
  }

  /// Lines of fewer bytes are no wrapped prose.
  private static let narrowestMargin = 24

  /// Lines of verse have no more bytes than this.
  private static let widestVerse = 48

  /// Whether short lines end where their writer ended them: no sentence begins inside one, and in
  /// one of three the next word would have had room before the margin.
  private func isVerse(_ lines: Range<Int>, margin: Int) -> Bool {
    guard margin <= Text.widestVerse, lines.count > 2 else { return false }
    let early = lines.dropLast().count { line in
      Line(self, line).length + 1 + Line(self, line + 1).firstWord <= margin
    }
    return 3 * early >= lines.count - 1
      && lines.allSatisfy { sentences(of: lineRange($0)).count < 2 }
  }

  /// Whether a sentence ends somewhere in a paragraph; if not, its lines are treated as a list.
  private func hasSentenceEnd(in lines: Range<Int>, near offset: Int, reach: Int) -> Bool {
    let start = max(self.offset(ofLine: lines.lowerBound), offset - reach)
    let end = min(lineRange(lines.upperBound - 1).upperBound, offset + reach)
    return SentenceScanner.hasEnd(string(in: start..<end))
  }

  /// Whether a line is indented under the words of a list item.
  private func continuesItem(_ line: Int, in paragraph: Range<Int>) -> Bool {
    let indent = Line(self, line).indent
    guard indent > 0 else { return false }
    for upper in paragraph.prefix(while: { $0 < line }).reversed() {
      let above = Line(self, upper)
      if above.marker > 0 { return true }
      if above.indent != indent { return false }
    }
    return false
  }
}

/// The kind of a line, by its first bytes.
private struct Line {
  /// Bytes of the line.
  var length: Int
  /// Bytes of indentation.
  var indent: Int
  /// Bytes of indentation and of a list, heading or quotation marker with its blank; 0 without
  /// marker.
  var marker = 0
  /// Bytes of the first word.
  var firstWord: Int
  /// Headings, table rows, fences, comments, code.
  var standsAlone = false

  private static let comments = ["//", "/*", "*/", "--", "#", ">", "|", "```", "~~~", "<", "%"]

  init(_ text: Text, _ number: Int) {
    let range = text.lineRange(number)
    length = range.count
    let head = text.bytes(in: range.lowerBound..<min(range.lowerBound + 200, range.upperBound))
    let indent = head.prefix { $0 == 0x20 || $0 == 0x09 }
    self.indent = indent.count
    let rest = head.dropFirst(indent.count)
    firstWord = rest.prefix { $0 > 0x20 }.count
    let start = String(decoding: rest.prefix(4), as: UTF8.self)
    let isComment = Line.comments.contains { start.hasPrefix($0) }
    if isComment {
      let sign = rest.prefix { !($0 >= 0x80 || Line.isLetterOrDigit($0) || $0 == 0x20) }
      marker = indent.count + sign.count + (rest.dropFirst(sign.count).first == 0x20 ? 1 : 0)
    } else {
      marker = Line.listMarker(rest).map { indent.count + $0 } ?? 0
    }
    let tail = text.bytes(in: max(range.lowerBound, range.upperBound - 2)..<range.upperBound)
    let isCode =
      indent.contains(0x09) || indent.count >= 4 || tail.last == UInt8(ascii: "{")
      || tail.last == UInt8(ascii: "}") || tail == Array(");".utf8)
    standsAlone = isComment || (isCode && marker == 0)
  }

  /// Bytes of "- ", "* ", "+ ", "12. " or "12) ".
  private static func listMarker(_ bytes: ArraySlice<UInt8>) -> Int? {
    let digits = bytes.prefix(4).prefix { $0 >= 0x30 && $0 <= 0x39 }.count
    let sign = bytes.dropFirst(digits).first
    let signs = digits > 0 ? ".)" : "-*+"
    guard let sign, signs.utf8.contains(sign), bytes.dropFirst(digits + 1).first == 0x20 else {
      return nil
    }
    return digits + 2
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    (byte >= 0x30 && byte <= 0x39) || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A)
  }
}
