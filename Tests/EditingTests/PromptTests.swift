import DecodingPolicies
import Documents
import Editing
import Infilling
import Testing

/// The line of input: what was proposed, editing, the mouse.
@Suite struct PromptTests {
  /// A prompt with `text` typed into it.
  private func desk(_ text: String, columns: Int = 80) -> Desk {
    var desk = Desk("one two three", columns: columns)
    desk.press("Alt-W")
    desk.type(text)
    return desk
  }

  @Test(arguments: [
    (["Ctrl-W"], "ab cd "), (["Ctrl-W", "Ctrl-W"], "ab "), (["Alt-Backspace"], "ab cd "),
    (["Ctrl-U"], ""), (["Left", "Left", "Ctrl-U"], "ef"), (["Home", "Ctrl-K"], ""),
    (["Ctrl-Left", "Ctrl-K"], "ab cd "), (["Ctrl-Left", "Ctrl-Left", "x"], "ab xcd ef"),
    (["Home", "Ctrl-Right", "x"], "abx cd ef"), (["Home", "Delete"], "b cd ef"),
    (["Ctrl-A", "x"], "x"), (["Ctrl-A", "Backspace"], ""), (["Ctrl-A", "Left", "x"], "ab cd exf"),
    (["Ctrl-U", "Ctrl-Z"], "ab cd ef"), (["Ctrl-W", "Ctrl-W", "Ctrl-Z"], "ab cd "),
    (["Home", "Backspace", "Ctrl-W", "Ctrl-U", "Ctrl-Z"], "ab cd e"),
    (["Ctrl-E", "x"], "ab cd efx"),
  ])
  func keysEditTheLine(_ keys: [String], _ result: String) {
    var desk = desk("ab cd ef")
    for key in keys { desk.press(key) }
    #expect(desk.editor.prompt?.text == result)
  }

  @Test func whatIsProposedIsReplacedByTyping() {
    var desk = Desk("One. ▯Two two two.▮ Three.")
    desk.press("Alt-Enter")
    desk.runEngine(1)
    for (keys, text) in [
      (["0"], "0"), (["End", "0"], "4000"), (["Home", "0"], "0400"), (["Backspace"], ""),
    ] {
      desk.press("Alt-S")
      desk.type("400")
      desk.press("Enter")
      desk.press("Alt-S")
      #expect(desk.editor.prompt?.text == "400" && desk.editor.prompt?.isMarked == true)
      for key in keys { desk.press(key) }
      #expect(desk.editor.prompt?.text == text && desk.editor.prompt?.isMarked == false)
      desk.press("Esc")
    }
    desk.press("Alt-S", "Enter")
    #expect(desk.editor.focusedPassage?.candidate.next.unmasking == .steps(400, .linear))
  }

  @Test func aPasteTakesThePlaceOfAProposal() {
    var desk = Desk("one ▯two▮ three")
    desk.press("Ctrl-F")
    #expect(desk.editor.prompt?.text == "two")
    desk.send(.paste("th\nree"))
    #expect(desk.editor.prompt?.text == "th\nree")
  }

  @Test func aClickPutsTheCursor() {
    // " Words that must appear: " takes 25 columns.
    for (column, result) in [
      (25, "xab 漢字 ef"), (28, "ab x漢字 ef"), (29, "ab x漢字 ef"), (70, "ab 漢字 efx"), (3, "xab 漢字 ef"),
    ] {
      var desk = desk("ab 漢字 ef")
      desk.send(.mouse(MouseEvent(kind: .press, column: column, row: 23)))
      desk.type("x")
      #expect(desk.editor.prompt?.text == result, "column \(column)")
    }
  }

  @Test func aClickInAScrolledLineMeansWhatIsSeen() {
    var desk = desk("0123456789abcdefghij", columns: 30)
    // Five columns are left: the last four characters and the cursor.
    desk.send(.mouse(MouseEvent(kind: .press, column: 26, row: 23)))
    desk.type("x")
    #expect(desk.editor.prompt?.text == "0123456789abcdefgxhij")
  }

  // MARK: What is refused

  /// The keys that open a prompt of the review, a wrong entry, and a right one.
  @Test(arguments: [
    ("Alt-O", "hot", "0.5"), ("Alt-S", "nonsense", "12"), ("Alt-M", "99", "2"),
    ("Alt-K", "none", "1"), ("Ctrl-E", "name.doc", "name.svg"), ("Alt-L", "strong", "2"),
    ("Alt-W", " ", "warm"), ("Alt-G", " ", "shorter"),
  ])
  func aWrongEntryKeepsThePrompt(_ key: String, _ wrong: String, _ right: String) {
    var desk = Desk("One. ▯Two two two.▮ Three.")
    desk.model.followsInstructions = true
    desk.send(.model(.ready(desk.model)))
    desk.press("Alt-Enter")
    desk.runEngine()
    desk.press(key, "Ctrl-U")
    desk.type(wrong)
    desk.press("Enter")
    #expect(desk.editor.mode == .prompt && desk.editor.prompt?.text == wrong)
    #expect(desk.editor.message?.kind == .warning)
    // The next key answers, and the reason is gone.
    desk.press("Ctrl-U")
    #expect(desk.editor.message == nil)
    desk.type(wrong)
    desk.press("Enter", "Esc")
    #expect(desk.editor.mode == .review, "Esc leaves the prompt alone")
    desk.press(key, "Ctrl-U")
    desk.type(right)
    desk.press("Enter")
    #expect(desk.editor.prompt == nil && desk.editor.passages.count == 1)
  }

  @Test func aWrongLineKeepsThePrompt() {
    var desk = Desk("One\nTwo")
    desk.press("Ctrl-G")
    desk.type("x")
    desk.press("Enter")
    #expect(desk.editor.mode == .prompt && desk.editor.message == .noLine("x"))
    desk.press("Backspace", "2", "Enter")
    #expect(desk.marked == "One\n▮Two")
  }

  @Test func aNameThatCannotBeSavedToIsAskedForAgain() {
    var editor = Editor(document: Document("x"))
    func press(_ key: Key) -> [Effect] { editor.update(.key(key)) }
    _ = press(Key("Ctrl-S")!)
    for character in "no/dir" { _ = press(Key(.character(character))) }
    let effects = press(Key(.enter))
    guard
      case .save(let request)? = effects.first(where: { if case .save = $0 { true } else { false } }
      )
    else {
      Issue.record("nothing is saved")
      return
    }
    _ = editor.update(.saved(request, failure: "No such folder: no/dir"))
    #expect(editor.prompt?.text == "no/dir" && editor.message?.kind == .failure)
    _ = press(Key(.escape))
    #expect(editor.mode == .text)
  }

  // MARK: Saving

  @Test(arguments: [
    ["Ctrl-F"], ["Ctrl-R"], ["Ctrl-R", "e", "Enter"], ["Ctrl-G"], ["Ctrl-P"], ["F1"],
    ["Alt-W"], ["Alt-Enter", "Alt-O"], ["Alt-Enter", "Alt-S"], ["Alt-Enter", "Alt-M"], ["Ctrl-Q"],
    ["Alt-V"],
  ])
  func theKeyThatSavesWorksInEveryPrompt(_ keys: [String]) {
    var desk = Desk("One two.▮")
    desk.type("x")
    for key in keys { desk.press(key) }
    let mode = desk.editor.mode
    #expect(mode != .text && mode != .review)
    desk.press("Ctrl-S")
    #expect(desk.disk["note.txt"] == Array("One two.x".utf8), "\(keys)")
    #expect(desk.editor.mode == mode || keys == ["Ctrl-Q"], "the prompt stays")
    #expect(desk.quitCode == nil)
  }

  @Test func aDocumentWithoutANameIsAskedForOneInAPrompt() {
    var desk = Desk("One", path: nil)
    desk.press("Ctrl-F", "Ctrl-S")
    desk.type("a.txt")
    desk.press("Ctrl-S")
    #expect(desk.disk["a.txt"] == Array("One".utf8) && desk.editor.prompt == nil)
  }

  // MARK: Lines

  @Test func pastedLinesAreNotJoined() {
    var desk = Desk("one two")
    desk.press("Alt-W")
    desk.send(.paste("ab\ncd\n"))
    #expect(desk.editor.prompt?.text == "ab cd")
    desk.press("Esc", "Ctrl-F")
    desk.send(.paste("one\ntwo\n"))
    #expect(desk.editor.prompt?.text == "one\ntwo")
  }

  // MARK: Instructions

  @Test func aModelThatFollowsNoInstructionsIsNotAsked() {
    var desk = Desk("One. ▯Two.▮ Three.")
    desk.press("Alt-G")
    desk.type("short")
    desk.runEngine(1)
    #expect(desk.editor.message != .noInstructions, "only the loaded model can tell")
    #expect(desk.effects.contains(.prepareModel), "the model is loaded meanwhile")
    desk.runEngine()
    #expect(desk.editor.prompt?.text == "short" && desk.editor.message == .noInstructions)
    desk.press("Enter")
    #expect(desk.editor.prompt != nil && desk.editor.message == .noInstructions)
    desk.press("Esc", "Alt-G")
    #expect(desk.editor.prompt == nil && desk.editor.message == .noInstructions)
  }

  @Test func aModelWithoutAChatFormIsNotLoadedForAnInstruction() {
    var desk = Desk("One. ▯Two.▮ Three.")
    desk.outline = ModelOutline(followsInstructions: false)
    desk.press("Alt-G")
    #expect(desk.effects.contains(.outlineModel))
    desk.type("short")
    desk.runEngine()
    #expect(desk.editor.prompt?.text == "short" && desk.editor.message == .noInstructions)
    desk.press("Enter")
    #expect(desk.editor.prompt != nil && desk.editor.message == .noInstructions)
    desk.press("Esc", "Alt-G")
    #expect(desk.editor.prompt == nil && desk.editor.message == .noInstructions)
    #expect(!desk.effects.contains(.prepareModel))
  }

  @Test func anInstructionGivenBeforeTheOutlineIsRefusedByIt() {
    var desk = Desk("One. ▯Two.▮ Three.")
    desk.outline = ModelOutline(followsInstructions: false)
    desk.press("Alt-G")
    desk.type("short")
    desk.press("Enter")
    #expect(desk.editor.prompt == nil && desk.editor.message == .loadingForInstruction)
    desk.runEngine(1)
    #expect(desk.editor.message == .noInstructions && desk.editor.passages.isEmpty)
  }

  @Test func aModelWithAChatFormIsLoadedWhileTheInstructionIsTyped() {
    var desk = Desk("One. ▯Two.▮ Three.")
    desk.outline = ModelOutline(followsInstructions: true)
    desk.model.followsInstructions = true
    desk.press("Alt-G")
    desk.type("short")
    desk.runEngine(1)
    #expect(desk.editor.prompt?.text == "short" && desk.engineWork == [.prepareModel])
  }
}
