internal import Documents

extension Command {
  static let selecting: [Command] = [
    Command("select-all", "Select all") { $0.select(0..<$0.document.text.count) },
    Command("select-line", "Select the line, and the next") { $0.selectLine() },
    Command("select-sentence", "Select the sentence") {
      $0.select($0.document.text.sentenceRange(at: $0.selection.head))
    },
    Command("select-paragraph", "Select the paragraph") {
      $0.select($0.document.text.paragraphRange(at: $0.selection.head))
    },
    Command("deselect", "Drop the selection and search marks") {
      if $0.stopSearching() || $0.stopSaving() { return }
      $0.cursors = []
      $0.setCursor($0.selection.head)
      $0.finding = nil
    },
  ]
}

extension Editor {
  /// Selects a range with the cursor at its end.
  mutating func select(_ range: Range<Int>) {
    guard !range.isEmpty else { return }
    selection = Selection(anchor: range.lowerBound, head: range.upperBound)
    keepOutOfSpans(forward: true)
    goalColumn = nil
    lastEdit = nil
  }

  /// The lines the selection touches, with the last one's line end; whole lines already: one more.
  mutating func selectLine() {
    select(linesOfSelection())
  }

  /// The lines the selection touches, with the last one's line end.
  func linesOfSelection() -> Range<Int> {
    let text = document.text
    let range = selection.range
    let start = text.lineStart(at: range.lowerBound)
    return start..<text.fullLineRange(text.line(at: range.upperBound)).upperBound
  }
}
