internal import Documents

// The line at the bottom: what is typed there and what comes of it.

extension Command {
  static let prompting: [Command] = [
    Command("prompt-submit", "Submit") { $0.submitPrompt() },
    Command("prompt-cancel", "Cancel") { $0.cancelPrompt() },
    Command("prompt-delete-left", "Delete to the left") { $0.editPrompt { $0.deleteBackward() } },
    Command("prompt-delete-right", "Delete to the right") { $0.editPrompt { $0.deleteForward() } },
    Command("prompt-delete-word-left", "Delete the word to the left") {
      $0.editPrompt { $0.deleteWordBackward() }
    },
    Command("prompt-delete-start", "Delete all to the left") {
      $0.editPrompt { $0.deleteToStart() }
    },
    Command("prompt-delete-end", "Delete all to the right") { $0.editPrompt { $0.deleteToEnd() } },
    Command("prompt-undo", "Undo") { $0.editPrompt { $0.undo() } },
    Command("prompt-mark", "Mark all") { $0.prompt?.markAll() },
    Command("prompt-left", "Left") { $0.movePrompt { $0.cursor - 1 } },
    Command("prompt-right", "Right") { $0.movePrompt { $0.cursor + 1 } },
    Command("prompt-word-left", "Word to the left") { $0.movePrompt { $0.wordStart } },
    Command("prompt-word-right", "Word to the right") { $0.movePrompt { $0.wordEnd } },
    Command("prompt-start", "Start") { $0.movePrompt { _ in 0 } },
    Command("prompt-end", "End") { $0.movePrompt { _ in .max } },
    Command("prompt-paste", "Paste") { $0.typeIntoPrompt($0.clipboard) },
    Command("help", "This list") { $0.helpRow = 0 },
    Command("close-help", "Back") { $0.helpRow = nil },
    Command("help-up", "Up") { $0.scrollHelp(by: -1) },
    Command("help-down", "Down") { $0.scrollHelp(by: 1) },
    Command("help-page-up", "Page up") { $0.scrollHelp(by: -$0.viewport.textRows) },
    Command("help-page-down", "Page down") { $0.scrollHelp(by: $0.viewport.textRows) },
  ]
}

extension Editor {
  mutating func ask(_ kind: Prompt.Kind, text: String = "") {
    prompt = Prompt(kind, text: text, origin: selection)
  }

  mutating func typeIntoPrompt(_ text: String) {
    if case .question(let question) = prompt?.kind {
      if let answer = text.lowercased().first { self.answer(question, answer) }
    } else {
      editPrompt { $0.insert(text) }
    }
  }

  mutating func editPrompt(_ edit: (inout Prompt) -> Void) {
    guard var edited = prompt else { return }
    if case .question = edited.kind { return }
    edit(&edited)
    prompt = edited
    if edited.kind.isFind { findWhileTyping(edited) }
    if case .write(let id, _) = edited.kind { showWriting(id, edited.text) }
  }

  mutating func movePrompt(_ place: (Prompt) -> Int) {
    if let present = prompt { prompt?.move(to: place(present)) }
  }

  /// Leaves everything as it was before the prompt.
  mutating func cancelPrompt() {
    guard let cancelled = prompt else { return }
    prompt = nil
    if case .write(let id, _) = cancelled.kind { endWriting(id) }
    if cancelled.kind.isFind {
      _ = stopSearching()
      finding = nil
      selection = Selection(
        anchor: clamped(cancelled.origin.anchor), head: clamped(cancelled.origin.head))
      keepOutOfSpans(forward: false)
    }
  }

  mutating func submitPrompt() {
    guard let submitted = prompt else { return }
    if case .question = submitted.kind { return }
    prompt = nil
    switch submitted.kind {
    case .find, .findExpression: endFinding(submitted.text)
    case .replacePattern:
      if !submitted.text.isEmpty { ask(.replacement(pattern: submitted.text)) }
    case .replacement(let pattern): replaceAll(pattern, with: submitted.text)
    case .goToLine: goToLine(submitted.text)
    case .saveAs(let thenQuit):
      let path = submitted.text
      if path.isEmpty { show(.notSaved) } else { save(to: path, thenQuit: thenQuit) }
    case .write(let id, _): finishWriting(id, submitted.text)
    case .remask(let id): onFill(id) { $0.remaskDoubtful($1, count: submitted.text) }
    case .temperature(let id): onFill(id) { $0.setTemperature($1, submitted.text) }
    case .reveal(let id): onFill(id) { $0.setReveal($1, submitted.text) }
    case .export(let id): onFill(id) { $0.export($1, to: submitted.text) }
    case .candidates(let id): onFill(id) { $0.tryCandidates($1, count: submitted.text) }
    case .instruct(let id): instruct(id, submitted.text)
    case .guidance(let id): onFill(id) { $0.setGuidance($1, submitted.text) }
    case .seedWords(let id): seed(id, submitted.text)
    case .question: break
    }
  }

  private mutating func onFill(_ id: Fill.ID, _ body: (inout Editor, Int) -> Void) {
    guard let index = fills.firstIndex(where: { $0.id == id }) else { return }
    body(&self, index)
  }

  private mutating func answer(_ question: Prompt.Question, _ answer: Character) {
    guard prompt?.choices.contains(where: { $0.key == answer }) == true else { return }
    prompt = nil
    switch (question, answer) {
    case (.quit, "s"): save(thenQuit: true)
    case (.quit, "d"): quitNow()
    case (.discardRecovery, "d"): discardRecovery()
    default: break
    }
  }

  /// `12` or `12:7`.
  private mutating func goToLine(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard let line = parts.first.flatMap({ Int($0) }), line > 0, parts.count <= 2 else {
      return show(.noLine(text))
    }
    go(toLine: line, column: parts.count == 2 ? max(1, Int(parts[1]) ?? 1) : 1)
  }

  // MARK: Help

  /// The keys of the mode help was called from, one command a line.
  public var helpLines: [HelpLine] {
    var lines: [HelpLine] = []
    let modes: [Mode] =
      recovering != nil
      ? [.recovery] : race != nil ? [.race] : focus == nil ? [.text, .review] : [.review, .text]
    for mode in modes {
      lines.append(HelpLine(keys: "", title: Self.heading(of: mode)))
      for (keys, command) in keymap.table(for: mode) {
        lines.append(HelpLine(keys: Self.names(of: keys), title: command.title))
      }
    }
    return lines
  }

  private static func heading(of mode: Mode) -> String {
    switch mode {
    case .review: "Review of a passage"
    case .race: "Race"
    case .recovery: "Unsaved edits of an earlier session"
    case .text, .prompt, .list, .help: "Text"
    }
  }

  /// The first key, and one more where both are short.
  private static func names(of keys: [Key]) -> String {
    let names = keys.prefix(2).map(\.description)
    let both = names.joined(separator: ", ")
    return both.count <= 16 ? both : names[0]
  }

  mutating func scrollHelp(by rows: Int) {
    guard let row = helpRow else { return }
    helpRow = max(0, min(row + rows, helpLines.count - viewport.textRows))
  }
}

/// A line of help; a heading when there are no keys.
public struct HelpLine: Sendable, Equatable {
  public var keys: String
  public var title: String
}
