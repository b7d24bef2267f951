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
      $0.show(.opensNoOther)
    },
    Command("new", "New document") {
      $0.show(.opensNoNew)
    },
  ]
}

extension Editor {
  mutating func save(thenQuit: Bool) {
    guard !isReplay else { return show(.recordingCannotBeSaved) }
    guard saving == nil else { return noteSaving() }
    guard let path = document.path else { return ask(.saveAs(thenQuit: thenQuit)) }
    guard !document.isReadOnly else {
      show(.chooseAnotherName)
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
    show(.savingBegan)
  }

  private mutating func noteSaving() { show(.saving) }

  /// Whether there was a save to stop.
  mutating func stopSaving() -> Bool {
    guard saving != nil else { return false }
    emit(.cancelSave)
    show(.stoppingSave)
    return true
  }

  mutating func saved(_ request: SaveRequest, failure: String?, caution: String?) {
    saving = nil
    if let failure { return show(.failure(failure)) }
    document.path = request.path
    document.isReadOnly = false
    document.markSaved(request.document.revision)
    lastEdit = nil
    if let caution { return show(.savedWithCaution(caution)) }
    if request.thenQuit, !document.isDirty { return emit(.quit(code: 0)) }
    let name = DisplayForm.visible(request.path)
    show(.saved(name, pending: fills.count))
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
