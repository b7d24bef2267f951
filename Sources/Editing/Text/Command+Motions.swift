internal import Documents

extension Command {
  /// Each motion twice: `move-…` and, extending the selection, `select-…`.
  static let motions: [Command] = [
    motion("left", "Left") { $0.moveLeft(extending: $1) },
    motion("right", "Right") { $0.moveRight(extending: $1) },
    motion("up", "Up a row") { $0.moveByRows(-1, extending: $1) },
    motion("down", "Down a row") { $0.moveByRows(1, extending: $1) },
    motion("word-left", "Word left") {
      $0.moveHead(
        to: $0.document.text.previousWordStart(before: $0.selection.head), extending: $1)
    },
    motion("word-right", "Word right") {
      $0.moveHead(to: $0.document.text.nextWordEnd(after: $0.selection.head), extending: $1)
    },
    motion("line-start", "Start of the line") { $0.moveToLineStart(extending: $1) },
    motion("line-end", "End of the line") { $0.moveToLineEnd(extending: $1) },
    motion("paragraph-up", "Paragraph up") { $0.moveByParagraph(down: false, extending: $1) },
    motion("paragraph-down", "Paragraph down") { $0.moveByParagraph(down: true, extending: $1) },
    motion("sentence-left", "Sentence left") {
      $0.moveBySentence(forward: false, extending: $1)
    },
    motion("sentence-right", "Sentence right") {
      $0.moveBySentence(forward: true, extending: $1)
    },
    motion("page-up", "Page up") { $0.moveByPage(-1, extending: $1) },
    motion("page-down", "Page down") { $0.moveByPage(1, extending: $1) },
    motion("document-start", "Start of the document") { $0.moveHead(to: 0, extending: $1) },
    motion("document-end", "End of the document") {
      $0.moveHead(to: $0.document.text.count, extending: $1)
    },
  ].flatMap { $0 }

  private static func motion(
    _ name: String, _ title: String, _ move: @escaping @Sendable (inout Editor, Bool) -> Void
  ) -> [Command] {
    [
      Command("move-" + name, title) { move(&$0, false) },
      Command("select-" + name, "Select: " + title.lowercased()) { move(&$0, true) },
    ]
  }
}
