import Documents
import Editing
import Testing

/// The terminal loses and gets the keyboard.
struct FocusEventTests {
  @Test func comingBackLooksAtTheFiles() {
    var desk = Desk("One.▮")
    desk.send(.focused(false))
    #expect(!desk.effects.contains(.lookAtFiles))
    desk.send(.focused(true))
    #expect(desk.effects.contains(.lookAtFiles))
  }

  /// Steps go on, and nothing fades.
  @Test func nothingFadesWhileNobodyLooks() {
    var desk = Desk("One. ▯Two two two.▮ Three.")
    desk.press("Alt-Enter")
    desk.runEngine(2)
    #expect(desk.timers.contains(.fading))
    desk.send(.focused(false))
    desk.timers = []
    desk.send(.woke(.fading))
    desk.runEngine()
    #expect(!desk.timers.contains(.fading))
    #expect(desk.editor.focusedPassage?.state == .ended)
    desk.send(.focused(true))
    desk.press("r")
    desk.runEngine(2)
    #expect(desk.timers.contains(.fading))
  }
}
