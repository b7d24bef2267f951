import Testing

@testable import Editing

/// Blocks that are laid out for an event and the frame after it: each is laid out once.
@Suite struct LayoutCountTests {
  private static let lines = (1...10).map { "Line \($0) has a few words.\n" }.joined()

  private func blocksLaidOut(_ desk: inout Desk, _ event: (inout Desk) -> Void) -> Int {
    let before = desk.editor.layoutMemo.blocksLaidOut
    event(&desk)
    var layout = desk.editor.layout
    let rows = desk.editor.rows(&layout)
    _ = desk.editor.screenCursor(in: rows)
    _ = desk.editor.pickerPlace(in: rows)
    return layout.memo.blocksLaidOut - before
  }

  @Test func aKeyLaysOutTheTextOnce() {
    var desk = Desk(Self.lines)
    desk.press("Ctrl-End")
    // The empty line at the end is the eleventh.
    #expect(blocksLaidOut(&desk) { $0.type("x") } == 11)
    #expect(blocksLaidOut(&desk) { $0.press("Up") } == 0)
    #expect(blocksLaidOut(&desk) { $0.press("Home", "End", "Down") } == 0)
  }

  @Test func aClickLaysOutTheTextOnce() {
    var desk = Desk(Self.lines)
    let click = MouseEvent(kind: .press, column: 9, row: 4)
    desk.type("x")
    #expect(blocksLaidOut(&desk) { $0.send(.mouse(click)) } == 0)
  }

  @Test func aPageLaysOutWhatComesIntoView() {
    var desk = Desk(String(repeating: "line\n", count: 200), rows: 24)
    let count = blocksLaidOut(&desk) { $0.press("PageDown") }
    // A window of 22 rows, of which one was in the last.
    #expect(count <= 22)
  }

  @Test func aStepLaysOutItsPassageAlone() {
    var desk = Desk("One two three four five six.")
    #expect(blocksLaidOut(&desk) { $0.press("Alt-Enter") } == 1)
    #expect(blocksLaidOut(&desk) { $0.runEngine(1) } == 1)
    #expect(blocksLaidOut(&desk) { $0.runEngine(1) } == 1)
    #expect(blocksLaidOut(&desk) { $0.press("Space", "Left") } <= 2)
  }

  @Test func aStepLeavesTheOtherLinesAlone() {
    var desk = Desk(Self.lines)
    desk.press("Alt-Enter")
    desk.runEngine(1)
    #expect(blocksLaidOut(&desk) { $0.runEngine(1) } == 1)
  }

  @Test func whatIsShownIsLaidOutAgain() {
    var desk = Desk(Self.lines)
    let wide = desk.screen
    desk.editor.settings.tabWidth = 8
    desk.send(.resize(columns: 20, rows: 24))
    #expect(desk.screen != wide)
    desk.send(.resize(columns: 80, rows: 24))
    #expect(desk.screen == wide)
    desk.press("Alt-Enter")
    desk.runEngine()
    desk.press("Enter")
    #expect(desk.screen[0] != wide[0])
    desk.press("Ctrl-Z")
    #expect(desk.screen == wide)
  }
}
