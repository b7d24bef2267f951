internal import Documents
internal import Highlighting

extension Command {
  static let lines: [Command] = [
    Command("comment", "Comment the lines, or uncomment them") { $0.toggleComment() },
    Command("duplicate", "Duplicate the lines, or the selection in a line") { $0.duplicate() },
    Command("lines-up", "Move the lines up") { $0.moveLines(down: false) },
    Command("lines-down", "Move the lines down") { $0.moveLines(down: true) },
  ]
}

extension Editor {
  /// Numbers of the lines that the selection touches. A line at whose start it ends is none of them.
  var selectedLines: ClosedRange<Int> {
    let text = document.text
    let range = selection.range
    let first = text.line(at: range.lowerBound)
    var last = text.line(at: range.upperBound)
    if last > first, text.offset(ofLine: last) == range.upperBound { last -= 1 }
    return first...last
  }

  /// Edits lines as one undo node. The selection follows.
  mutating func changeLines(_ edits: [Edit], label: String) {
    guard !edits.isEmpty else { return }
    let transaction = Transaction(edits)
    let moved = Selection(
      anchor: transaction.map(selection.anchor, bias: .right),
      head: transaction.map(selection.head, bias: .right))
    change(edits, label: label, selecting: moved)
  }

  /// The selected lines with their line ends.
  private var selectedFullLines: Range<Int> {
    let lines = selectedLines
    let text = document.text
    return text.offset(ofLine: lines.lowerBound)..<text.fullLineRange(lines.upperBound).upperBound
  }

  private func endsInNewline(_ range: Range<Int>) -> Bool {
    !range.isEmpty && document.text[range.upperBound - 1] == UInt8(ascii: "\n")
  }

  // MARK: Duplicating and moving

  mutating func duplicate() {
    let text = document.text
    let range = selection.range
    let lines = selectedLines
    if !range.isEmpty, text.line(at: range.lowerBound) == text.line(at: range.upperBound) {
      let end = range.upperBound
      change(
        [Edit(range: end..<end, replacement: text.bytes(in: range))], label: "duplicate",
        selecting: Selection(
          anchor: selection.anchor + range.count, head: selection.head + range.count))
      return
    }
    let full = selectedFullLines
    var copy = text.bytes(in: full)
    // The copy comes before: what is pending in the lines stays with the last of the two.
    if !endsInNewline(full) { copy += document.lineEnding.bytes }
    guard !copy.isEmpty, lines.count > 0 else { return }
    change(
      [Edit(range: full.lowerBound..<full.lowerBound, replacement: copy)], label: "duplicate",
      selecting: Selection(
        anchor: selection.anchor + copy.count, head: selection.head + copy.count))
  }

  /// Exchanges the selected lines with the one above or below. The lines themselves are not edited:
  /// passages in them stay pending.
  mutating func moveLines(down: Bool) {
    let text = document.text
    let lines = selectedLines
    let block = selectedFullLines
    let ending = document.lineEnding.bytes
    let edits: [Edit]
    let shift: Int
    if down {
      guard endsInNewline(block), text.hasLine(lines.upperBound + 1), block.upperBound < text.count
      else { return }
      let next = text.fullLineRange(lines.upperBound + 1)
      var moved = text.bytes(in: next)
      var removed = next
      if !endsInNewline(next) {
        moved += ending
        removed = text.lineRange(lines.upperBound).upperBound..<next.upperBound
      }
      shift = moved.count
      edits = [
        Edit(range: block.lowerBound..<block.lowerBound, replacement: moved),
        Edit(range: removed, replacement: []),
      ]
    } else {
      guard lines.lowerBound > 0 else { return }
      let previous = text.fullLineRange(lines.lowerBound - 1)
      var moved = text.bytes(in: previous)
      if !endsInNewline(block) {
        moved = ending + text.bytes(in: text.lineRange(lines.lowerBound - 1))
      }
      shift = -previous.count
      edits = [
        Edit(range: previous, replacement: []),
        Edit(range: block.upperBound..<block.upperBound, replacement: moved),
      ]
    }
    change(
      edits, label: "move lines",
      selecting: Selection(anchor: selection.anchor + shift, head: selection.head + shift))
  }

  // MARK: Comments

  /// Makes the lines comments; if all of them are, the text they contain.
  mutating func toggleComment() {
    guard let comments else { return show(.noComments) }
    let text = document.text
    // A single empty line becomes a comment, too.
    let all = Array(selectedLines)
    let lines = all.count == 1 ? all : all.filter { !text.isBlank(line: $0) }
    guard !lines.isEmpty else { return }
    if let sign = comments.line {
      toggleComment(lines, Array(sign.utf8))
    } else if let block = comments.block {
      toggleComment(lines, open: Array(block.open.utf8), close: Array(block.close.utf8))
    } else {
      show(.noComments)
    }
  }

  private mutating func toggleComment(_ lines: [Int], _ sign: [UInt8]) {
    let text = document.text
    let starts = lines.map { text.endOfIndent(from: text.offset(ofLine: $0)) }
    if let edits = removal(of: sign, at: starts) { return changeLines(edits, label: "uncomment") }
    // All signs below one another, at the least indent.
    let least = zip(lines, starts).map { $1 - text.offset(ofLine: $0) }.min() ?? 0
    let edits = lines.map { line in
      let offset = text.offset(ofLine: line) + least
      return Edit(range: offset..<offset, replacement: sign + [UInt8(ascii: " ")])
    }
    changeLines(edits, label: "comment")
  }

  /// What removes a sign and a blank after it; nil unless it is at all places.
  private func removal(of sign: [UInt8], at starts: [Int]) -> [Edit]? {
    let text = document.text
    var edits: [Edit] = []
    for start in starts {
      let found = text.bytes(in: start..<min(text.count, start + sign.count + 1))
      guard found.starts(with: sign) else { return nil }
      let count = sign.count + (found.count > sign.count && found[sign.count] == 0x20 ? 1 : 0)
      edits.append(Edit(range: start..<start + count, replacement: [UInt8]()))
    }
    return edits
  }

  private mutating func toggleComment(_ lines: [Int], open: [UInt8], close: [UInt8]) {
    let text = document.text
    let ranges = lines.map { line in
      let range = text.lineRange(line)
      return min(text.endOfIndent(from: range.lowerBound), range.upperBound)..<range.upperBound
    }
    let blank = [UInt8(ascii: " ")]
    let areComments = ranges.allSatisfy { range in
      let bytes = text.bytes(in: range)
      return bytes.count >= open.count + close.count && bytes.starts(with: open)
        && bytes.reversed().starts(with: close.reversed())
    }
    let edits = ranges.flatMap { range -> [Edit] in
      let (start, end) = (range.lowerBound, range.upperBound)
      guard areComments else {
        return [
          Edit(range: start..<start, replacement: open + blank),
          Edit(range: end..<end, replacement: blank + close),
        ]
      }
      let inner = text.bytes(in: start + open.count..<end - close.count)
      let before = inner.first == 0x20 ? 1 : 0
      let after = inner.count > 1 && inner.last == 0x20 ? 1 : 0
      return [
        Edit(range: start..<start + open.count + before, replacement: [UInt8]()),
        Edit(range: end - close.count - after..<end, replacement: [UInt8]()),
      ]
    }
    changeLines(edits, label: areComments ? "uncomment" : "comment")
  }
}
