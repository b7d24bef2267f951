internal import Documents

extension Command {
  static let editing: [Command] = [
    Command("newline", "New line") { $0.insertNewline() },
    Command("indent", "Tab, or indent the selected lines") { $0.indent() },
    Command("outdent", "Take a tab stop of indent away") { $0.outdent() },
    Command("delete-left", "Delete to the left") { $0.deleteLeft(byWord: false) },
    Command("delete-right", "Delete to the right") { $0.deleteRight(byWord: false) },
    Command("delete-word-left", "Delete the word to the left") { $0.deleteLeft(byWord: true) },
    Command("delete-word-right", "Delete the word to the right") { $0.deleteRight(byWord: true) },
    Command("toggle-overwrite", "Typing inserts or overwrites") {
      $0.overwrites.toggle()
      $0.note($0.overwrites ? "Overwriting" : "Inserting")
    },
    Command("undo", "Undo") { editor in
      if editor.recallRejected() { return }
      let label = editor.document.history.label
      if editor.travel("Nothing to undo", { $0.undo() }) { editor.note("Undone: \(label)") }
    },
    Command("redo", "Redo") { editor in
      guard editor.travel("Nothing to redo", { $0.redo() }) else { return }
      editor.note("Redone: \(editor.document.history.label)")
    },
    Command("next-undo-branch", "The state before, on any branch of undo") {
      $0.travel("This is the first state") { $0.earlier() }
    },
  ]
}
