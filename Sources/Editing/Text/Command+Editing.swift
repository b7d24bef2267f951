extension Command {
  static let editing: [Command] = [
    Command("newline", "New line") { $0.insertNewline() },
    Command("indent", "Tab, or indent the selected lines") { $0.indent() },
    Command("outdent", "Remove one tab stop of indent") { $0.outdent() },
    Command("delete-left", "Delete to the left") { $0.deleteLeft(byWord: false) },
    Command("delete-right", "Delete to the right") { $0.deleteRight(byWord: false) },
    Command("delete-word-left", "Delete the word to the left") { $0.deleteLeft(byWord: true) },
    Command("delete-word-right", "Delete the word to the right") { $0.deleteRight(byWord: true) },
    Command("toggle-overwrite", "Typing inserts or overwrites") {
      $0.overwrites.toggle()
      $0.show(.typing(overwrites: $0.overwrites))
    },
  ]
}
