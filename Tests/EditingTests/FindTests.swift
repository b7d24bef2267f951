import Documents
import Editing
import Testing

@Suite struct FindTests {
  @Test func findsWhileTyping() {
    var desk = Desk("▮one two one Twofold")
    desk.press("Ctrl-F")
    desk.type("tw")
    #expect(desk.marked == "one ▯tw▮o one Twofold")
    desk.type("of")
    #expect(desk.marked == "one two one ▯Twof▮old")
    desk.press("Backspace", "Backspace")
    #expect(desk.marked == "one ▯tw▮o one Twofold")
    #expect(desk.editor.finding?.count == 2)
    #expect(desk.editor.finding?.index == 1)
    #expect(desk.editor.rows()[0].cells.filter(\.isMatch).count == 4)
    desk.press("Down")
    #expect(desk.marked == "one two one ▯Tw▮ofold")
    desk.press("Enter", "F3")
    #expect(desk.marked == "one ▯tw▮o one Twofold")
    #expect(desk.editor.message?.text == "From the top")
    desk.press("Shift-F3")
    #expect(desk.marked == "one two one ▯Tw▮ofold")
    desk.press("Esc")
    #expect(desk.editor.finding == nil)
  }

  @Test func escapeGoesBack() {
    var desk = Desk("on▮e two")
    desk.press("Ctrl-F")
    desk.type("two")
    desk.press("Esc")
    #expect(desk.marked == "on▮e two")
    #expect(desk.editor.rows()[0].cells.allSatisfy { !$0.isMatch })
  }

  @Test func saysSoWhenThereIsNone() {
    var desk = Desk("▮one")
    desk.press("Ctrl-F")
    desk.type("x")
    #expect(desk.editor.message?.text == "No match for “x”")
    #expect(desk.marked == "▮one")
  }

  @Test func replacesAllAsOneNode() {
    var desk = Desk("one on▮e One")
    desk.press("Ctrl-R")
    desk.type("one")
    desk.press("Enter")
    desk.type("1")
    desk.press("Enter")
    #expect(desk.text == "1 1 1")
    #expect(desk.editor.message?.text == "3 replaced")
    desk.press("Ctrl-Z")
    #expect(desk.marked == "one on▮e One")
  }

  @Test func replacesWithinSelectedLines() {
    var desk = Desk("x\n▯x\nx\n▮x")
    desk.press("Ctrl-R")
    desk.type("x")
    desk.press("Enter")
    desk.type("yy")
    desk.press("Enter")
    #expect(desk.text == "x\nyy\nyy\nx")
  }

  @Test func passagesUnderReviewAreLeftAlone() {
    var desk = Desk("a one. ▯Two one.▮ b one.")
    desk.press("Alt-Enter", "Alt-B", "Ctrl-Home", "Ctrl-F")
    desk.type("one")
    desk.press("Enter", "F3")
    #expect(desk.marked == "a one. Two one. b ▯one▮.")
    desk.press("Ctrl-R", "Enter")
    desk.type("1")
    desk.press("Enter")
    #expect(desk.text == "a 1. Two one. b 1.")
    #expect(desk.editor.message?.text == "2 replaced, 1 under review kept")
  }
}
