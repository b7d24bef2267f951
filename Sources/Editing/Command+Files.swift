internal import Documents

extension Command {
  static let files: [Command] = [
    Command("save", "Save") { $0.save(thenQuit: false) },
    Command("save-as", "Save under another name") { editor in
      editor.ask(.saveAs(thenQuit: false), text: editor.document.path ?? "")
    },
    Command("quit", "Quit") { $0.quit() },
    Command("suspend", "Suspend to the shell") { $0.emit(.suspend) },
    Command("open", "Open another file") {
      $0.note("One document at a time: start palimpsest with the other file")
    },
    Command("new", "New document") {
      $0.note("One document at a time: start palimpsest without a file")
    },
  ]
}

extension Editor {
  mutating func save(thenQuit: Bool) {
    guard !isReplay else { return note("A recording: there is nothing to save") }
    guard saving == nil else { return noteSaving() }
    guard let path = document.path else { return ask(.saveAs(thenQuit: thenQuit)) }
    guard !document.isReadOnly else {
      warn("The document is read-only: choose another name")
      return ask(.saveAs(thenQuit: thenQuit), text: path)
    }
    save(to: path, thenQuit: thenQuit)
  }

  /// Asks for the document, without any draft, to be written.
  mutating func save(to path: String, thenQuit: Bool) {
    guard saving == nil else { return noteSaving() }
    document.closeUndoGroup()
    lastEdit = nil
    saving = 0
    emit(.save(SaveRequest(path: path, document: document, thenQuit: thenQuit)))
    note("Saving…")
  }

  private mutating func noteSaving() { note("Saving: Esc stops it") }

  /// Whether there was a save to stop.
  mutating func stopSaving() -> Bool {
    guard saving != nil else { return false }
    emit(.cancelSave)
    note("Stopping…")
    return true
  }

  mutating func saved(_ request: SaveRequest, failure: String?, caution: String?) {
    saving = nil
    if let failure { return fail(failure) }
    document.path = request.path
    document.isReadOnly = false
    document.markSaved(request.document.revision)
    lastEdit = nil
    if let caution { return warn("Saved. \(caution)") }
    if request.thenQuit, !document.isDirty { return emit(.quit(code: 0)) }
    let name = DisplayForm.visible(request.path)
    switch fills.count {
    case 0: note("Saved \(name)")
    case 1: note("Saved \(name): span pending, saved without it")
    default: note("Saved \(name): \(fills.count) spans pending, saved without them")
    }
  }

  mutating func quit() {
    if isReplay {
      quitNow()
    } else if saving != nil {
      noteSaving()
    } else if document.isDirty || !fills.isEmpty {
      ask(.question(.quit))
    } else {
      emit(.quit(code: 0))
    }
  }

  mutating func quitNow() {
    closeRace()
    for index in fills.indices { dropRuns(index) }
    emit(.quit(code: document.isDirty ? 1 : 0))
  }
}
