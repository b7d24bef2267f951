internal import Documents

extension Editor {
  /// Bytes of a text whose lines are looked through when it is saved.
  static let largestTidied = 8 << 20

  /// Does to the text what its style asks for when it is saved, as one undo node; passages under review
  /// stay as they are.
  mutating func tidyForSaving() {
    let trims = style.trimsBlanks && document.text.count <= Self.largestTidied
    guard trims || style.endsWithNewline, refusalToEdit == nil, replacing == nil else { return }
    let transaction = Transaction(
      tidying: document.text, trims: trims, ends: style.endsWithNewline,
      lineEnd: document.lineEnding.bytes
    ) { range in passages.contains { $0.locks(range) } }
    guard !transaction.isEmpty else { return }
    let others = cursors.map { $0.mapped(through: transaction) }
    document.closeUndoGroup()
    change(
      transaction.edits, label: "tidy", selecting: selection.mapped(through: transaction))
    cursors = others
  }
}
