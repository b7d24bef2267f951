import Documents
import Editing
import Infilling
import TestSupport
import Testing

/// Every order of the events of two passages and of edits around them, up to a depth: the text
/// outside of the passages is what was typed, and each passage ends as its draft or as it was.
@Suite struct InterleavingTests {
  private enum Action: CaseIterable {
    case stepFirst, stepSecond, acceptFirst, acceptSecond, rejectFirst, rejectSecond
    case typeBefore, typeBetween, typeAfter, deleteBetween, undo, save
  }

  /// Two passages with text around them; what stands between is known by its letters.
  private static let start = "a. First passage here. b. Second passage there. c."

  private struct State {
    var desk: Desk
    /// Fills by the order in which they began; nil once they are settled.
    var passages: [Passage.ID?]
  }

  @Test func everyOrderUpToADepth() {
    var desk = Desk("", path: "note.txt")
    desk.send(.paste(Self.start))
    var passages: [Passage.ID?] = []
    for passage in ["First passage here.", "Second passage there."] {
      desk.press("Ctrl-F")
      desk.type(passage)
      desk.press("Enter", "Alt-Enter")
      passages.append(desk.editor.focus)
      // The canvas, and no step yet.
      desk.runEngine(1)
      desk.press("Alt-B")
    }
    var count = 0
    explore(State(desk: desk, passages: passages), [], &count)
    #expect(count > 0)
  }

  private func explore(_ state: State, _ path: [Action], _ count: inout Int) {
    guard path.count < Property.depth else { return }
    for action in Action.allCases {
      var next = state
      act(action, &next)
      count += 1
      let problem = problem(next)
      #expect(problem == nil, "after \(path + [action])")
      if problem != nil { return }
      explore(next, path + [action], &count)
    }
  }

  private func act(_ action: Action, _ state: inout State) {
    switch action {
    case .stepFirst: step(0, &state)
    case .stepSecond: step(1, &state)
    case .acceptFirst: settle(0, &state, by: "Enter")
    case .acceptSecond: settle(1, &state, by: "Enter")
    case .rejectFirst: settle(0, &state, by: "Esc")
    case .rejectSecond: settle(1, &state, by: "Esc")
    case .typeBefore: type("x", at: "a.", &state)
    case .typeBetween: type("y", at: "b.", &state)
    case .typeAfter: type("z", at: "c.", &state)
    case .deleteBetween: if place("b.", &state) { state.desk.press("Backspace") }
    case .undo: state.desk.press("Ctrl-Z")
    case .save: state.desk.press("Ctrl-S")
    }
  }

  /// The next piece of the engine's work for a passage.
  private func step(_ index: Int, _ state: inout State) {
    guard let id = state.passages[index], let passage = state.desk.editor.passage(id) else {
      return
    }
    let run = passage.candidate.id
    guard
      let work = state.desk.engineWork.firstIndex(where: {
        if case .stepRun(run, _) = $0 { true } else { false }
      })
    else { return }
    state.desk.engineWork.remove(at: work)
    if let event = state.desk.engine.step(run) { state.desk.send(event) }
  }

  private func settle(_ index: Int, _ state: inout State, by key: String) {
    guard let id = state.passages[index], let passage = state.desk.editor.passage(id) else {
      return
    }
    // Back to its review by the key that begins one, with the cursor in it.
    state.desk.send(
      .mouse(MouseEvent(kind: .press, column: column(of: passage, state), row: 0, time: 1 << 20)))
    state.desk.send(.mouse(MouseEvent(kind: .release, column: 0, row: 0)))
    guard state.desk.editor.focus == id else { return }
    state.desk.press(key)
    if key == "Esc", state.desk.editor.focus == id { state.desk.press(key) }
    if state.desk.editor.passage(id) == nil { state.passages[index] = nil }
    if state.desk.editor.focus != nil { state.desk.press("Alt-B") }
  }

  /// Where its first cell is on the screen, which has one line.
  private func column(of passage: Passage, _ state: State) -> Int {
    let cell = state.desk.editor.rows().first?.cells.first { $0.passage == passage.id }
    return (cell?.column ?? 0) + state.desk.editor.gutterWidth
  }

  /// False where the mark is gone: once no passage holds it, undo takes back the whole text.
  private func place(_ mark: String, _ state: inout State) -> Bool {
    if state.desk.editor.focus != nil { state.desk.press("Alt-B") }
    guard let range = state.desk.text.firstRange(of: mark) else { return false }
    let before = state.desk.text[..<range.lowerBound]
    state.desk.press("Ctrl-G")
    state.desk.type("1:\(before.count + 1)")
    state.desk.press("Enter")
    return true
  }

  private func type(_ letter: String, at mark: String, _ state: inout State) {
    if place(mark, &state) { state.desk.type(letter) }
  }

  private func problem(_ state: State) -> String? {
    let editor = state.desk.editor
    let text = editor.document.text
    for passage in editor.passages {
      guard text.bytes(in: passage.span) == passage.original else { return "a passage changed" }
    }
    let spans = editor.passages.map(\.span).sorted { $0.lowerBound < $1.lowerBound }
    for (one, other) in zip(spans, spans.dropFirst()) where one.upperBound > other.lowerBound {
      return "passages overlap"
    }
    // Without its letters and drafts, the text is that which was there.
    guard text.description.contains("a.") || text.count == 0 else { return "a. is gone: \(text)" }
    if let saved = state.desk.disk["note.txt"], !editor.document.isDirty,
      saved != text.contents()
    {
      return "what is saved is not the text"
    }
    return nil
  }
}
