internal import Documents
internal import Infilling
internal import Strings

/// Text being typed into a draft in place of some of its slots.
struct Writing: Sendable, Equatable {
  /// Empty to write between two words.
  var slots: Range<Int>
  var text = ""

  /// `cells` with the text as one pinned cell, blanks put where words would touch.
  func applied(to cells: [InfillCell]) -> [InfillCell] {
    guard slots.upperBound <= cells.count, text.contains(where: { !$0.isWhitespace }) else {
      return cells
    }
    var cells = cells
    var text = text
    let before = cells[..<slots.lowerBound].last { $0.state != .deleted }
    let after = cells[slots.upperBound...].first { $0.state != .deleted }
    let touchesWord = text.first?.isWordPart ?? false
    if let before, touchesWord, before.state == .open || before.text.last?.isWhitespace == false {
      text = " " + text
    }
    if let after, after.state != .open, after.text.first?.isWordPart == true,
      text.last?.isWhitespace == false
    {
      text += " "
    }
    cells.replaceSubrange(slots, with: [InfillCell(state: .pinned, text: text, confidence: 1)])
    return cells
  }
}

extension Editor {
  /// Asks for text before the chosen words, or in their place. The run pauses.
  mutating func write(_ index: Int, replacing: Bool) {
    let passage = passages[index]
    guard passage.candidate.trajectory != nil else { return show(.nothingToWriteInto) }
    hold(index)
    let word = passage.chosenSlots
    passages[index].writing = Writing(
      slots: replacing ? word : word.lowerBound..<word.lowerBound)
    passages[index].refresh()
    let id = passage.id
    var prompt = Prompt(replacing ? "Write instead: " : "Write before the word: ") {
      $0.finishWriting(id, $1)
      return nil
    }
    prompt.edited = { $0.showWriting(id, $1) }
    prompt.cancelled = { editor, _ in editor.endWriting(id) }
    ask(prompt)
  }

  /// Shows in the draft what the prompt holds.
  mutating func showWriting(_ id: Passage.ID, _ text: String) {
    changeWriting(id) { $0?.text = text }
  }

  mutating func endWriting(_ id: Passage.ID) { changeWriting(id) { $0 = nil } }

  private mutating func changeWriting(_ id: Passage.ID, _ change: (inout Writing?) -> Void) {
    guard let index = index(of: id) else { return }
    change(&passages[index].writing)
    passages[index].refresh()
  }

  /// Pins what was typed; the engine rewrites the rest around it.
  mutating func finishWriting(_ id: Passage.ID, _ text: String) {
    guard let index = index(of: id) else { return }
    showWriting(id, text)
    let cells = passages[index].cells
    let isWritten = text.contains { !$0.isWhitespace }
    endWriting(id)
    guard isWritten else { return }
    steer(index, cells)
    if passages[index].masksLeft == 0 { show(.allPinned) }
  }
}
