import Documents
import Editing
import TestSupport
import Testing

/// Refinements one after another, hour after hour: what is kept does not grow.
@Suite struct SoakTests {
  /// Blocks of memory that so many refinements of the one sentence leave behind.
  private func kept(_ refinements: Int, _ desk: inout Desk, by key: String) -> Int {
    Allocations.countKept {
      for _ in 0..<refinements {
        desk.press("Alt-Enter")
        desk.runEngine()
        desk.wake()
        desk.press(key)
        desk.effects.removeAll()
        if key == "Enter" { desk.press("Ctrl-Z") }
        desk.effects.removeAll()
        desk.editor.show(Message(.note, ""))
      }
    }
  }

  @Test(.enabled(if: Allocations.areCounted)) func rejectedRefinementsLeaveNothing() {
    var desk = Desk("One two three four five. And more.▮")
    desk.press("Ctrl-Home")
    _ = kept(Property.soak / 2, &desk, by: "Esc")
    let first = kept(Property.soak / 4, &desk, by: "Esc")
    let second = kept(Property.soak / 4, &desk, by: "Esc")
    #expect(abs(second) <= 16 && abs(first) <= 16, "\(first), then \(second) blocks")
    #expect(desk.text == "One two three four five. And more.")
  }

  /// Undo keeps each of them; that is all.
  @Test(.enabled(if: Allocations.areCounted)) func acceptedRefinementsLeaveWhatUndoNeeds() {
    var desk = Desk("One two three four five. And more.▮")
    desk.press("Ctrl-Home")
    _ = kept(Property.soak / 2, &desk, by: "Enter")
    let first = kept(Property.soak / 4, &desk, by: "Enter")
    let second = kept(Property.soak / 4, &desk, by: "Enter")
    let each = Property.soak / 4
    #expect(
      second <= first + each / 4 + 16 && second < 40 * each, "\(first), then \(second) blocks")
    #expect(desk.text == "One two three four five. And more.")
  }
}
