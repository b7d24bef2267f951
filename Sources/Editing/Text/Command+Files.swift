internal import Documents
internal import Strings

extension Command {
  static let files: [Command] = [
    Command("save", "Save", in: Set(Mode.allCases).subtracting([.recovery])) {
      $0.save(thenQuit: false)
    },
    Command("save-as", "Save under another name", in: [.text, .review]) { editor in
      editor.askForPath(editor.document.path ?? "", thenQuit: false)
    },
    Command("quit", "Quit", in: [.text, .review]) { $0.quit() },
    Command("suspend", "Suspend to the shell", in: Set(Mode.allCases)) { $0.emit(.suspend) },
    Command("open", "Open another file") { $0.show(.opensNoOther) },
    Command("new", "New document") { $0.show(.opensNoNew) },
  ]
}

extension Editor {
  mutating func save(thenQuit: Bool) {
    guard !isReplay else { return show(.recordingCannotBeSaved) }
    guard saving == nil else { return show(.saving) }
    if prompt?.purpose == .saving { return submitPrompt() }
    if prompt?.isQuestion == true { cancelPrompt() }
    guard let path = document.path else { return askForPath(thenQuit: thenQuit) }
    guard !document.isReadOnly else {
      askForPath(path, thenQuit: thenQuit)
      return show(.chooseAnotherName)
    }
    save(to: path, thenQuit: thenQuit)
  }

  fileprivate mutating func askForPath(_ proposed: String = "", thenQuit: Bool) {
    var asked = Prompt("Save as: ", text: proposed) { editor, path in
      if path.isEmpty {
        editor.show(.notSaved)
      } else {
        editor.save(to: path, thenQuit: thenQuit)
      }
      return nil
    }
    asked.purpose = .saving
    ask(asked)
  }

  /// Asks for the document, without any draft, to be written.
  mutating func save(to path: String, thenQuit: Bool) {
    guard saving == nil else { return show(.saving) }
    document.closeUndoGroup()
    lastEdit = nil
    saving = 0
    emit(.save(SaveRequest(path: path, document: document, thenQuit: thenQuit)))
    show(.savingBegan)
  }

  /// Whether there was a save to stop.
  mutating func stopSaving() -> Bool {
    guard saving != nil else { return false }
    emit(.cancelSave)
    show(.stoppingSave)
    return true
  }

  mutating func saved(_ request: SaveRequest, failure: String?, caution: String?) {
    saving = nil
    if let failure {
      // A name that was just given can be mended.
      if request.path != document.path, mode == .text || mode == .review {
        askForPath(request.path, thenQuit: request.thenQuit)
      }
      return show(.failure(failure))
    }
    document.path = request.path
    document.isReadOnly = false
    document.markSaved(request.document.revision)
    lastEdit = nil
    if let caution { return show(.savedWithCaution(caution)) }
    if request.thenQuit, !document.isDirty { return emit(.quit(code: 0)) }
    let name = DisplayForm.visible(request.path)
    show(.saved(name, pending: passages.count))
  }

  mutating func quit() {
    if isReplay {
      quitNow()
    } else if saving != nil {
      show(.saving)
    } else if document.isDirty {
      ask(
        Prompt(
          "Quit without saving? ",
          choices: [
            Prompt.Choice("s", "save and quit") { $0.save(thenQuit: true) },
            Prompt.Choice("d", "discard and quit") { $0.quitNow() },
            Prompt.Choice("c", "cancel") { _ in },
          ]))
    } else if !passages.isEmpty {
      ask(
        Prompt(
          "Quit and drop \(passages.count.counted("pending passage"))? ",
          choices: [
            Prompt.Choice("q", "quit") { $0.quitNow() },
            Prompt.Choice("c", "cancel") { _ in },
          ]))
    } else {
      emit(.quit(code: 0))
    }
  }

  mutating func quitNow() {
    closeRace()
    for index in passages.indices { dropRuns(index) }
    emit(.quit(code: document.isDirty ? 1 : 0))
  }
}
