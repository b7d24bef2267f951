import Documents
import Editing
import Infilling
import Testing

/// The last line names keys of the present mode, each of which does something there.
struct HintTests {
  /// A desk in each of the modes.
  private static func desk(in mode: Mode) -> Desk {
    var desk = Desk("One. ▯Two two two.▮ Three.")
    switch mode {
    case .text: break
    case .review:
      desk.press("Alt-Enter")
      desk.runEngine()
    case .race:
      desk.press("Alt-V")
      desk.runEngine()
    case .recovery:
      desk.send(
        .recoverable([Recovery(id: "a", title: "edits", text: Text("other"), isPlain: false)]))
    case .disk:
      desk.type("x")
      desk.send(.disk(.changed(Text("other"))))
      desk.press("Ctrl-S")
    case .prompt: desk.press("Ctrl-F")
    case .list: desk.press("Ctrl-P")
    case .help: desk.press("F1")
    }
    return desk
  }

  @Test(arguments: Mode.allCases)
  func everyModeHasItsOwn(mode: Mode) {
    let desk = Self.desk(in: mode)
    #expect(desk.editor.mode == mode)
    let hints = desk.editor.status.hints
    #expect(hints.count >= 2)
    #expect(Set(hints.map(\.action)).count == hints.count)
    for other in Mode.allCases where other != mode {
      #expect(Self.desk(in: other).editor.status.hints != hints, "\(other.rawValue)")
    }
    // `Up/Down` stands for two keys.
    for key in hints.flatMap({ $0.key.split(separator: "/") }) {
      let bound = Key(String(key)).flatMap { desk.editor.keymap.bindings[mode]?[$0] }
      let isOfTheList = mode == .list && key == "d"
      #expect(bound != nil || isOfTheList, "\(key) in \(mode.rawValue)")
    }
  }

  @Test func aQuestionHasItsAnswers() {
    var desk = Desk("One.▮")
    desk.type("x")
    desk.press("Ctrl-Q")
    #expect(desk.editor.status.hints.map(\.key) == ["s", "d", "c"])
  }
}
