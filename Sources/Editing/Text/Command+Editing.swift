internal import Documents

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
    Command("undo", "Undo") { editor in
      if editor.recallRejected() { return }
      let label = editor.document.history.label
      if editor.travel(.nothingToUndo, { $0.undo() }) { editor.show(.undone(label)) }
    },
    Command("redo", "Redo") { editor in
      guard editor.travel(.nothingToRedo, { $0.redo() }) else { return }
      editor.show(.redone(editor.document.history.label))
    },
    Command("next-undo-branch", "Previous state, on any branch of undo") {
      $0.travel(.firstState) { $0.earlier() }
    },
  ]
}
