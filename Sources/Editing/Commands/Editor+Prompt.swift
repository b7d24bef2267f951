internal import Documents

// The line at the bottom: what is typed there and what comes of it.

extension Command {
  static let prompting: [Command] = [
    Command("prompt-submit", "Submit", in: [.prompt]) { $0.submitPrompt() },
    Command("prompt-cancel", "Cancel", in: [.prompt]) { $0.cancelPrompt() },
    Command("prompt-delete-left", "Delete to the left", in: [.prompt]) {
      $0.editPrompt { $0.deleteBackward() }
    },
    Command("prompt-delete-right", "Delete to the right", in: [.prompt]) {
      $0.editPrompt { $0.deleteForward() }
    },
    Command("prompt-delete-word-left", "Delete the word to the left", in: [.prompt]) {
      $0.editPrompt { $0.deleteWordBackward() }
    },
    Command("prompt-delete-start", "Delete all to the left", in: [.prompt]) {
      $0.editPrompt { $0.deleteToStart() }
    },
    Command("prompt-delete-end", "Delete all to the right", in: [.prompt]) {
      $0.editPrompt { $0.deleteToEnd() }
    },
    Command("prompt-undo", "Undo", in: [.prompt]) { $0.editPrompt { $0.undo() } },
    Command("prompt-mark", "Mark all", in: [.prompt]) { $0.prompt?.markAll() },
    Command("prompt-left", "Left", in: [.prompt]) { $0.movePrompt { $0.cursor - 1 } },
    Command("prompt-right", "Right", in: [.prompt]) { $0.movePrompt { $0.cursor + 1 } },
    Command("prompt-word-left", "Word to the left", in: [.prompt]) {
      $0.movePrompt { $0.wordStart }
    },
    Command("prompt-word-right", "Word to the right", in: [.prompt]) {
      $0.movePrompt { $0.wordEnd }
    },
    Command("prompt-start", "Start", in: [.prompt]) { $0.movePrompt { _ in 0 } },
    Command("prompt-end", "End", in: [.prompt]) { $0.movePrompt { _ in .max } },
    Command("prompt-paste", "Paste", in: [.prompt]) { editor in
      if !editor.ask(for: .clipboard) { editor.typeIntoPrompt(editor.clipboard) }
    },
    Command("help", "This list", in: Set(Mode.allCases).subtracting([.help])) { $0.helpRow = 0 },
    Command("close-help", "Back", in: [.help]) { $0.helpRow = nil },
    Command("help-up", "Up", in: [.help]) { $0.scrollHelp(by: -1) },
    Command("help-down", "Down", in: [.help]) { $0.scrollHelp(by: 1) },
    Command("help-page-up", "Page up", in: [.help]) { $0.scrollHelp(by: -$0.viewport.textRows) },
    Command("help-page-down", "Page down", in: [.help]) { $0.scrollHelp(by: $0.viewport.textRows) },
  ]
}

extension Editor {
  /// Opens a prompt, in the place of one that is open.
  mutating func ask(_ prompt: Prompt) {
    cancelPrompt()
    var asked = prompt
    asked.origin = selection
    self.prompt = asked
  }

  mutating func typeIntoPrompt(_ text: String) {
    guard let prompt, prompt.isQuestion else { return editPrompt { $0.insert(text) } }
    guard let answer = text.lowercased().first,
      let choice = prompt.choices.first(where: { $0.key == answer })
    else { return }
    self.prompt = nil
    choice.perform(&self)
  }

  mutating func editPrompt(_ edit: (inout Prompt) -> Void) {
    guard var edited = prompt, !edited.isQuestion else { return }
    edit(&edited)
    edited.fault = nil
    prompt = edited
    edited.edited?(&self, edited.text)
  }

  mutating func movePrompt(_ place: (Prompt) -> Int) {
    if let present = prompt { prompt?.move(to: place(present)) }
  }

  /// Leaves everything as it was before the prompt.
  mutating func cancelPrompt() {
    guard let cancelled = prompt else { return }
    prompt = nil
    cancelled.cancelled(&self, cancelled)
  }

  /// Hands the text over. A prompt whose text is refused stays, with the reason.
  mutating func submitPrompt() {
    guard let submitted = prompt, !submitted.isQuestion else { return }
    prompt = nil
    guard let refusal = submitted.submitted(&self, submitted.text) else { return }
    prompt = submitted
    show(refusal)
  }

  /// Asks about a passage, which may be gone by the time of the answer.
  mutating func ask(
    about index: Int, _ label: String, text: String = "",
    then submitted: @escaping @Sendable (inout Editor, Int, String) -> Message?
  ) {
    let id = passages[index].id
    ask(
      Prompt(label, text: text) { editor, text in
        guard let index = editor.index(of: id) else { return nil }
        return submitted(&editor, index, text)
      })
  }

  mutating func askForLine() {
    ask(Prompt("Go to line[:column]: ") { $0.goToLine($1) })
  }

  /// `12` or `12:7`.
  private mutating func goToLine(_ text: String) -> Message? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard let line = parts.first.flatMap({ Int($0) }), line > 0, parts.count <= 2 else {
      return .noLine(DisplayForm.visible(text))
    }
    go(toLine: line, column: parts.count == 2 ? max(1, Int(parts[1]) ?? 1) : 1)
    return nil
  }

  // MARK: Help

  /// The keys of the mode help was called from, one command a line.
  public var helpLines: [HelpLine] {
    var lines: [HelpLine] = []
    let modes: [Mode] =
      recovering != nil
      ? [.recovery]
      : conflict != nil
        ? [.disk] : race != nil ? [.race] : focus == nil ? [.text, .review] : [.review, .text]
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
    case .disk: "The file has changed on disk"
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
