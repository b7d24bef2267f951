import DecodingPolicies
import Documents
import Editing
import Infilling
import Testing

/// What the scenarios do not show: undo nodes, effects, what is kept.
@Suite struct SteeringTests {
  /// `One. [words under review] Three.`, settled.
  private func settled(_ text: String = "One. ▯Two two two.▮ Three.") -> Desk {
    var desk = Desk(text)
    desk.press("Alt-Enter")
    desk.runEngine()
    return desk
  }

  @Test func partsOfOneDraftAreOneUndoNode() {
    var desk = settled()
    desk.press("Alt-Right", "Alt-Right", "Enter")
    #expect(desk.text == "One. s0w0 s0w1 s0w2 s0w3 Three.")
    #expect(desk.editor.document.history.nodes.count == 2)
    let node = desk.editor.document.history.nodes[1]
    #expect(node.label == "rewrite “s0w0 s0w1 s0w2…”")
    desk.press("Ctrl-Z")
    #expect(desk.text == "One. Two two two. Three.")
  }

  @Test func allWordsOneByOneAreAnAccept() {
    var desk = settled()
    desk.press("Alt-Right", times: 4)
    #expect(desk.editor.passages.isEmpty)
    #expect(desk.text == "One. s0w0 s0w1 s0w2 s0w3 Three.")
  }

  @Test func otherTriesFollowAPartlyAcceptedPassage() {
    var desk = settled()
    desk.press("r")
    desk.runEngine()
    desk.press("Alt-Right")
    #expect(desk.text == "One. s1w0 two two. Three.")
    #expect(desk.editor.passages[0].candidates.count == 2)
    desk.press("Tab", "Enter")
    #expect(desk.text == "One. s1w0 s0w1 s0w2 s0w3 Three.")
    #expect(desk.engine.count == 0)
  }

  @Test func theEngineGoesOnWithTheRest() throws {
    var desk = Desk("One. ▯Two two two.▮ Three.")
    desk.press("Alt-Enter")
    desk.runEngine(2)
    desk.press("Alt-Right")
    let passage = try #require(desk.editor.focusedPassage)
    #expect(passage.state == .opening)
    #expect(passage.candidate.request.prefix == "One. s0w0 ")
    #expect(passage.candidate.request.canvas?.count == 3)
    desk.runEngine()
    #expect(desk.editor.focusedPassage?.state == .ended)
  }

  @Test func typedTextIsPinnedInTheRequest() throws {
    var desk = Desk("One. ▯Two two two.▮ Three.")
    desk.press("Alt-Enter")
    desk.runEngine(2)
    desk.press("Down", "Alt-I")
    desk.type("warm")
    #expect(desk.screen[0].contains("warm"))
    desk.press("Enter")
    let canvas = try #require(desk.editor.focusedPassage?.candidate.request.canvas)
    #expect(canvas.contains { $0.state == .pinned && $0.text == " warm" && $0.token == nil })
    desk.runEngine()
    #expect(desk.editor.focusedPassage?.text.contains("warm") == true)
    #expect(desk.editor.focusedPassage?.candidates.count == 2)
  }

  @Test func stepsThatArriveWhileTypingAreRecorded() {
    var desk = Desk("One. ▯Two two two.▮ Three.")
    desk.press("Alt-Enter")
    desk.runEngine(2)
    desk.press("Alt-I")
    desk.type("x")
    desk.runEngine()
    #expect(desk.editor.focusedPassage?.candidate.lastStep == 2)
    #expect(desk.editor.focusedPassage?.candidate.shownStep == 1)
    desk.press("Esc")
    #expect(desk.editor.focusedPassage?.text.contains("x") == false)
  }

  @Test func aTunedRunDropsItsOldSession() {
    var desk = Desk("One. ▯Two two two.▮ Three.")
    desk.press("Alt-Enter")
    desk.runEngine(2)
    desk.press("Space", "Alt-O", "Backspace")
    desk.type("0.5")
    desk.press("Enter")
    #expect(desk.engine.count == 0)
    desk.press("Space")
    #expect(desk.editor.focusedPassage?.candidate.request.settings.temperature == 0.5)
    desk.runEngine()
    desk.press("r")
    #expect(desk.editor.focusedPassage?.candidate.request.settings.temperature == 0.5)
  }

  @Test func exportAsksForAFile() throws {
    var desk = settled()
    desk.press("Ctrl-E", "Enter")
    for case .export(let request) in desk.effects {
      #expect(request.path == "note-rewritten.svg")
      #expect(request.form == .svg)
      #expect(request.recording.before == "One. ")
      #expect(request.recording.trajectory.end == 2)
      desk.send(.exported(path: request.path, failure: nil))
      #expect(desk.editor.message == .exported("note-rewritten.svg"))
      return
    }
    Issue.record("no export")
  }

  @Test func aRecordingIsShownAgain() throws {
    let desk = settled()
    let candidate = try #require(desk.editor.focusedPassage?.candidate)
    let recording = Recording(
      name: "note.txt", request: candidate.request, trajectory: try #require(candidate.trajectory))
    var editor = Editor(showing: recording, columns: 60, rows: 8)
    #expect(editor.focusedPassage?.masksLeft == 4)
    editor.show(step: 2)
    #expect(editor.focusedPassage?.text == "s0w0 s0w1 s0w2 s0w3")
    #expect(editor.update(.key(Key("Enter")!)).isEmpty)
    #expect(editor.document.text.description == "One. Two two two. Three.")
    _ = editor.update(.key(Key("Esc")!))
    #expect(editor.takeRequests() == [.leave(.quit(settled: []))])
  }
}
