internal import Documents
internal import Strings

extension Command {
  static let files: [Command] = [
    Command("save", "Save", in: Set(Mode.allCases).subtracting([.recovery, .disk])) {
      $0.save(then: nil)
    },
    Command("save-as", "Save under another name", in: [.text, .review]) { editor in
      editor.askForPath(editor.document.path ?? "", then: nil)
    },
    Command("quit", "Quit", in: [.text, .review]) { $0.leave(.quit) },
    Command("suspend", "Suspend to the shell", in: Set(Mode.allCases)) { $0.emit(.suspend) },
  ]
}

extension Editor {
  mutating func save(then departure: Departure?) {
    guard !isReplay else { return show(.recordingCannotBeSaved) }
    guard saving == nil else { return show(.saving) }
    if prompt?.purpose == .saving { return submitPrompt() }
    if prompt?.isQuestion == true { cancelPrompt() }
    guard let path = document.path else { return askForPath(then: departure) }
    if case .changed(let text) = disk {
      return compare(with: text, interrupting: DiskConflict.InterruptedSave(departure: departure))
    }
    guard !document.isReadOnly else {
      askForPath(path, then: departure)
      return show(.chooseAnotherName)
    }
    save(to: path, then: departure)
  }

  fileprivate mutating func askForPath(_ proposed: String = "", then departure: Departure?) {
    var asked = Prompt("Save as: ", text: proposed) { editor, path in
      if path.isEmpty {
        editor.show(.notSaved)
      } else {
        editor.save(to: path, then: departure)
      }
      return nil
    }
    asked.purpose = .saving
    ask(asked)
  }

  /// Asks for the document, without any draft, to be written.
  mutating func save(to path: String, then departure: Departure?) {
    guard saving == nil else { return show(.saving) }
    tidyForSaving()
    document.closeUndoGroup()
    lastEdit = nil
    saving = 0
    emit(.save(SaveRequest(path: path, document: document, departure: departure)))
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
        askForPath(request.path, then: request.departure)
      }
      return show(.failure(failure))
    }
    document.path = request.path
    document.isReadOnly = false
    document.markSaved(request.document.revision, in: request.document.format)
    disk = .same
    diskText = request.document.text
    lastEdit = nil
    if let caution { return show(.savedWithCaution(caution)) }
    if let departure = request.departure, !document.isDirty {
      return ask(for: .leave(departure))
    }
    let name = DisplayForm.visible(request.path)
    show(.saved(name, pending: passages.count))
  }

  /// Leaves the document, once what would be lost with it was asked about.
  mutating func leave(_ departure: Departure) {
    guard losesSomething else { return ask(for: .leave(departure)) }
    guard saving == nil else { return show(.saving) }
    guard document.isDirty else { return askWhetherToDrop(departure) }
    guard surroundings.count > 1 else { return ask(about: departure) }
    // Which document it is counts more than what the key was.
    ask(
      Prompt(
        "Save \(DisplayForm.visible(documentName))? ",
        choices: [
          Prompt.Choice("s", "save") { $0.save(then: departure) },
          Prompt.Choice("d", "discard") { $0.ask(for: .leave(departure)) },
          Prompt.Choice("c", "cancel") { _ in },
        ]))
  }

  /// Nothing is unsaved, and passages are pending.
  private mutating func askWhetherToDrop(_ departure: Departure) {
    let (name, key) = departure == .close ? ("Close", "w") : ("Quit", "q")
    ask(
      Prompt(
        "\(name) and drop \(passages.count.counted("pending passage"))? ",
        choices: [
          Prompt.Choice(Character(key), name.lowercased()) { $0.ask(for: .leave(departure)) },
          Prompt.Choice("c", "cancel") { _ in },
        ]))
  }

  private mutating func ask(about departure: Departure) {
    let verb = departure == .close ? "close" : "quit"
    ask(
      Prompt(
        "\(departure == .close ? "Close" : "Quit") without saving? ",
        choices: [
          Prompt.Choice("s", "save and \(verb)") { $0.save(then: departure) },
          Prompt.Choice("d", "discard and \(verb)") { $0.ask(for: .leave(departure)) },
          Prompt.Choice("c", "cancel") { _ in },
        ]))
  }
}
