import Documents
import Editing
import Infilling
import TestSupport
import Testing

/// Fills as an overlay: whatever happens in whatever order, the document is what a plain model of
/// it says, and undo has one node for each change and no other.
@Suite struct OverlayTests {
  /// The document as an array of bytes, with every state it had.
  private struct Model {
    var states: [String]
    var current = 0

    var text: String { states[current] }

    mutating func commit(_ text: String) {
      states.removeSubrange((current + 1)...)
      states.append(text)
      current += 1
    }
  }

  /// 1 000 interleavings in all.
  @Test(arguments: 0..<20)
  func agreesWithAPlainModel(_ group: Int) {
    for number in 0..<50 {
      let seed = UInt64(group * 50 + number)
      var random = RandomSource(seed: seed)
      let start = (0..<4).map { "Para \($0) one. Second two here." }.joined(separator: "\n\n")
      var desk = Desk("", path: "note.txt")
      desk.send(.paste(start))
      desk.press("Ctrl-S")
      var model = Model(states: ["", start], current: 1)
      for step in 0..<40 {
        let action = act(&desk, &model, &random)
        let problem = problem(desk, model)
        #expect(problem == nil, "seed \(seed), step \(step), \(action)")
        if problem != nil { return }
      }
      finish(&desk, &model, seed)
    }
  }

  private func act(_ desk: inout Desk, _ model: inout Model, _ random: inout RandomSource) -> String
  {
    // The list of candidates opens by itself.
    if desk.editor.picker != nil { desk.press(random.pick(["Enter", "Esc"])) }
    let editor = desk.editor
    let action = random.pick([
      "edit", "edit", "delete", "start", "start", "step", "step", "step", "run", "pause", "scrub",
      "accept", "accept", "reject", "undo", "redo", "save", "background", "reroll", "tab", "pin",
      "remask", "play", "candidates", "refine", "seeds", "recall", "list",
      "choose", "branch",
    ])
    switch action {
    case "edit", "delete":
      click(&desk, &random)
      if action == "edit" {
        let head = desk.editor.selection.head
        desk.send(.paste("x y"))
        var bytes = Array(model.text.utf8)
        bytes.insert(contentsOf: "x y".utf8, at: head)
        model.commit(String(decoding: bytes, as: UTF8.self))
      } else {
        let head = desk.editor.selection.head
        let locked = desk.editor.passages.contains { $0.span.upperBound == head } || head == 0
        desk.press("Backspace")
        if !locked {
          var bytes = Array(model.text.utf8)
          bytes.remove(at: head - 1)
          model.commit(String(decoding: bytes, as: UTF8.self))
        }
      }
    case "start":
      click(&desk, &random)
      desk.press("Alt-Enter")
    case "step": desk.runEngine(1)
    case "run": desk.runEngine()
    case "play": desk.wake()
    case "pause": press(&desk, "Space")
    case "scrub": press(&desk, random.pick(["Left", "Right", "Home", "End", "PageUp"]))
    case "reroll": press(&desk, "r")
    case "tab": press(&desk, "Tab")
    case "choose": press(&desk, random.pick(["Shift-Right", "Shift-Left"]))
    case "branch": press(&desk, "R")
    case "pin": press(&desk, "p")
    case "remask": press(&desk, "m")
    case "candidates": press(&desk, "n")
    case "refine": press(&desk, "f")
    case "recall":
      if editor.focus == nil { desk.press("Alt-U") }
    case "seeds":
      guard editor.focus != nil else { break }
      desk.press("Alt-W")
      desk.type("warm")
      desk.press("Enter")
    case "list":
      press(&desk, "b")
      for key in ["Down", "d", random.pick(["Enter", "Esc"])] where desk.editor.picker != nil {
        desk.press(key)
      }
    case "background": desk.press("Alt-B")
    case "accept":
      guard let passage = editor.focusedPassage else { break }
      press(&desk, "Enter")
      guard desk.editor.passages.count < editor.passages.count else { break }
      var bytes = Array(model.text.utf8)
      bytes.replaceSubrange(passage.span, with: Array(passage.text.utf8))
      if bytes != Array(model.text.utf8) {
        model.commit(String(decoding: bytes, as: UTF8.self))
      }
    case "reject": press(&desk, "Esc")
    case "undo":
      guard editor.focus == nil else { break }
      let count = editor.passages.count
      desk.press("Ctrl-Z")
      let isDone = desk.editor.message?.text.hasPrefix("Undone: ") == true
      if isDone, desk.editor.passages.count == count, model.current > 0 { model.current -= 1 }
    case "redo":
      guard editor.focus == nil else { break }
      desk.press("Ctrl-Y")
      if desk.editor.message?.text.hasPrefix("Redone: ") == true { model.current += 1 }
    default:
      desk.press("Ctrl-S")
      #expect(desk.disk["note.txt"] == Array(model.text.utf8))
      #expect(!desk.editor.document.isDirty)
    }
    return action
  }

  /// Puts the cursor somewhere in the text.
  private func click(_ desk: inout Desk, _ random: inout RandomSource) {
    if desk.editor.focus != nil { desk.press("Alt-B") }
    let place = MouseEvent(
      kind: .press, column: random.below(40), row: random.below(8), time: random.below(1 << 30))
    desk.send(.mouse(place))
    desk.send(.mouse(MouseEvent(kind: .release, column: 0, row: 0)))
    if desk.editor.focus != nil { desk.press("Alt-B") }
  }

  /// Presses a key of the review, if a review has the keys.
  private func press(_ desk: inout Desk, _ key: String) {
    if desk.editor.focus != nil { desk.press(key) }
  }

  private func problem(_ desk: Desk, _ model: Model) -> String? {
    if desk.text != model.text { return "text: \(desk.text)\nmodel: \(model.text)" }
    for passage in desk.editor.passages
    where desk.editor.document.text.bytes(in: passage.span) != passage.original {
      return "span of \(passage.id) changed"
    }
    if let saved = desk.disk["note.txt"], String(decoding: saved, as: UTF8.self).contains("░") {
      return "mask in a saved file"
    }
    return nil
  }

  /// Rejects what is left and walks the whole history.
  private func finish(_ desk: inout Desk, _ model: inout Model, _ seed: UInt64) {
    if desk.editor.picker != nil { desk.press("Esc") }
    while !desk.editor.passages.isEmpty {
      if desk.editor.focus == nil { desk.press("Alt-J") }
      desk.press("Esc")
    }
    // A move forgets nothing, an edit does: the rejected draft must not come back below.
    desk.send(.paste("end"))
    let head = desk.editor.selection.head - 3
    var bytes = Array(model.text.utf8)
    bytes.insert(contentsOf: "end".utf8, at: head)
    model.commit(String(decoding: bytes, as: UTF8.self))
    while model.current > 0 {
      desk.press("Ctrl-Z")
      model.current -= 1
      #expect(desk.text == model.text, "seed \(seed), undo to \(model.current)")
    }
    desk.press("Ctrl-Z")
    #expect(desk.editor.message == .nothingToUndo, "seed \(seed): too many nodes")
    #expect(desk.engine.count == 0, "seed \(seed): sessions left")
  }
}
