internal import Documents

// The encoding of the file and its line ends.

extension Command {
  static let format: [Command] = [
    Command("encoding", "Write the file in another encoding") { $0.listFormats() },
    Command("reopen-encoding", "Read the file again in another encoding") { $0.listEncodings() },
    Command("line-ends", "End all lines with LF, or with CRLF") { $0.askForLineEnds() },
    Command("document-style", "What .editorconfig says of this document") { $0.listStyle() },
  ]
}

extension Editor {
  fileprivate mutating func listFormats() {
    if let refusal = refusalToEdit { return show(refusal) }
    let present = document.format
    picker = Picker(
      .formats,
      FileFormat.all.enumerated().map { index, format in
        Picker.Item(
          text: format.title, detail: format == present ? "now" : "", index: index)
      }, selected: FileFormat.all.firstIndex(of: present) ?? 0)
  }

  /// The next save writes the text so.
  mutating func choose(_ format: FileFormat) {
    guard format != document.format else { return show(.formatKept(format)) }
    document.format = format
    show(.formatChosen(format))
  }

  fileprivate mutating func listEncodings() {
    guard document.path != nil, !isReplay else { return show(.nothingToReopen) }
    guard !document.isDirty else { return show(.saveBeforeReopening) }
    guard passages.isEmpty else { return show(.settleBeforeReopening) }
    picker = Picker(
      .encodings,
      TextEncoding.allCases.enumerated().map { index, encoding in
        Picker.Item(
          text: encoding.title, detail: encoding == document.format.encoding ? "now" : "",
          index: index)
      }, selected: TextEncoding.allCases.firstIndex(of: document.format.encoding) ?? 0)
  }

  fileprivate mutating func askForLineEnds() {
    if let refusal = refusalToEdit { return show(refusal) }
    ask(
      Prompt(
        "End all lines with (now \(document.lineEnding.title)): ",
        choices: [
          Prompt.Choice("l", "LF") { $0.endLines(with: .lf) },
          Prompt.Choice("r", "CRLF") { $0.endLines(with: .crlf) },
          Prompt.Choice("c", "cancel") { _ in },
        ]))
  }

  /// Bytes of a text whose line ends can be changed: an edit is kept for each line.
  static let largestWithNewEnds = 16 << 20

  private mutating func endLines(with ending: LineEnding.Prevailing) {
    guard document.text.count <= Self.largestWithNewEnds else { return show(.tooLargeForEnds) }
    let transaction = Transaction(endingLinesOf: document.text, with: ending)
    if !transaction.isEmpty {
      guard
        change(
          transaction.edits, label: "line ends", selecting: selection.mapped(through: transaction))
      else { return }
      document.closeUndoGroup()
    }
    document.lineEnding = ending == .lf ? .lf : .crlf
    show(.lineEnds(document.lineEnding))
  }

  // MARK: What is in force

  fileprivate mutating func listStyle() {
    let own = [
      ("encoding: \(document.format.title)", "of the file"),
      ("line ends: \(document.lineEnding.title)", "of the text"),
    ]
    let values = style.values.map { value in
      (
        "\(value.name) = \(DisplayForm.visible(value.value))", DisplayForm.visible(value.source)
      )
    }
    picker = Picker(
      .style,
      (own + values).enumerated().map { index, item in
        Picker.Item(text: item.0, detail: item.1, index: index)
      })
  }

  /// Changes what can be changed of what is listed.
  mutating func chooseStyle(_ index: Int) {
    switch index {
    case 0: listFormats()
    case 1: askForLineEnds()
    default: break
    }
  }
}
