internal import Documents

// Typing and deleting.

extension Editor {
  mutating func type(_ typed: Character) {
    let character = typeset(typed)
    let bytes = Array(String(character).utf8)
    let isBlank = character.isWhitespace
    var range = selection.range
    if overwrites, range.isEmpty, range.upperBound < document.text.lineEnd(at: range.upperBound) {
      range = range.lowerBound..<document.text.nextGrapheme(after: range.lowerBound)
    }
    let joins = lastEdit.map {
      $0.kind == .typing && $0.offset == selection.head && (!$0.endsInBlank || isBlank)
    }
    guard
      replace(range, with: bytes, label: "typing", joining: joins == true && selection.isEmpty)
    else { return }
    lastEdit = EditRun(kind: .typing, offset: selection.head, endsInBlank: isBlank)
  }

  /// A line end of the document's kind and the indent of the present line.
  mutating func insertNewline() {
    let text = document.text
    let start = text.lineStart(at: selection.range.lowerBound)
    let indentEnd = min(text.endOfIndent(from: start), selection.range.lowerBound)
    let bytes = document.lineEnding.bytes + text.bytes(in: start..<indentEnd)
    replace(selection.range, with: bytes, label: "new line")
  }

  mutating func deleteLeft(byWord: Bool) {
    guard selection.isEmpty else { return deleteSelection() }
    let head = selection.head
    let start =
      byWord
      ? document.text.previousWordStart(before: head) : startOfDeletion(before: head)
    guard start < head else { return }
    let joins = lastEdit?.kind == .deletingLeft && lastEdit?.offset == head && !byWord
    guard replace(start..<head, with: [], label: "deleting", joining: joins) else { return }
    lastEdit = EditRun(kind: .deletingLeft, offset: selection.head)
  }

  /// Backspace takes a cluster; in an indent of blanks, back to the last tab stop.
  private func startOfDeletion(before head: Int) -> Int {
    let text = document.text
    let start = text.lineStart(at: head)
    let column = head - start
    let isIndent =
      column > 0 && column % indentWidth == 0
      && text.bytes(in: head - min(column, indentWidth)..<head).allSatisfy { $0 == 0x20 }
      && text.endOfIndent(from: start) >= head
    return isIndent ? head - indentWidth : text.previousGrapheme(before: head)
  }

  mutating func deleteRight(byWord: Bool) {
    guard selection.isEmpty else { return deleteSelection() }
    let head = selection.head
    let end =
      byWord ? document.text.nextWordEnd(after: head) : document.text.nextGrapheme(after: head)
    guard end > head else { return }
    let joins = lastEdit?.kind == .deletingRight && lastEdit?.offset == head && !byWord
    guard replace(head..<end, with: [], label: "deleting", joining: joins) else { return }
    lastEdit = EditRun(kind: .deletingRight, offset: selection.head)
  }

  mutating func deleteSelection() {
    replace(selection.range, with: [], label: "deleting")
  }

  // MARK: Indentation

  /// Blanks to the next tab stop, or a tab where the lines around use tabs; several selected lines
  /// are indented.
  mutating func indent() {
    let text = document.text
    let range = selection.range
    guard text.line(at: range.lowerBound) == text.line(at: range.upperBound) else {
      let bytes = indentBytes
      return shiftLines { start in
        text.lineEnd(at: start) == start ? nil : Edit(range: start..<start, replacement: bytes)
      }
    }
    if usesTabs {
      replace(range, with: [UInt8(ascii: "\t")], label: "tab")
    } else {
      let start = text.lineStart(at: range.lowerBound)
      let near = max(start, range.lowerBound - Layout.longLine)
      let column = CellWidth.columns(text.string(in: near..<range.lowerBound))
      let blanks = indentWidth - column % indentWidth
      replace(range, with: Array(repeating: 0x20, count: blanks), label: "tab")
    }
  }

  mutating func outdent() {
    let text = document.text
    let indentWidth = indentWidth
    shiftLines { start in
      let indent = text.endOfIndent(from: start) - start
      guard indent > 0 else { return nil }
      let isTab = text[start] == UInt8(ascii: "\t")
      let count = isTab ? 1 : min(indent, indentWidth)
      let blanks = text.bytes(in: start..<start + count).prefix { $0 == text[start] }.count
      return Edit(range: start..<start + blanks, replacement: [UInt8]())
    }
  }

  /// Edits the start of each line the selection touches, as one undo node.
  private mutating func shiftLines(_ edit: (Int) -> Edit?) {
    let text = document.text
    changeLines(selectedLines.compactMap { edit(text.offset(ofLine: $0)) }, label: "indent")
  }

  private var indentBytes: [UInt8] {
    usesTabs
      ? [UInt8(ascii: "\t")] : Array(repeating: UInt8(ascii: " "), count: indentWidth)
  }

  /// Whether the style of the document says so, or else the first indented line near the cursor begins
  /// with a tab.
  private var usesTabs: Bool {
    if let indent = style.indent { return indent == .tabs }
    let text = document.text
    let line = text.line(at: selection.head)
    let near = max(0, line - 100)..<min(text.lineCount, line + 100)
    for line in near.sorted(by: { abs($0 - line) < abs($1 - line) }) {
      let start = text.offset(ofLine: line)
      guard start < text.count else { continue }
      if text[start] == UInt8(ascii: "\t") { return true }
      if text[start] == UInt8(ascii: " ") { return false }
    }
    return document.path.map { $0.hasSuffix("akefile") } ?? false
  }
}
