import Documents
import Editing
import Testing

@Suite struct MotionTests {
  @Test(arguments: [
    ("a▮bc", "Right", "ab▮c"), ("a▮bc", "Left", "▮abc"), ("▮abc", "Left", "▮abc"),
    ("abc▮", "Right", "abc▮"), ("a▯bc▮d", "Left", "a▮bcd"), ("a▯bc▮d", "Right", "abc▮d"),
    ("a▮\r\nb", "Right", "a\r\n▮b"), ("e\u{301}▮x", "Left", "▮e\u{301}x"),
    ("👩‍👩‍👧▮x", "Left", "▮👩‍👩‍👧x"), ("one two▮ three", "Ctrl-Left", "one ▮two three"),
    ("one▮ two three", "Ctrl-Right", "one two▮ three"), ("one\ntwo▮", "Home", "one\n▮two"),
    ("  in▮dent", "Home", "  ▮indent"), ("  ▮indent", "Home", "▮  indent"),
    ("▮  indent", "Home", "  ▮indent"), ("o▮ne\ntwo", "End", "one▮\ntwo"),
    ("one\nt▮wo", "Ctrl-Home", "▮one\ntwo"), ("o▮ne\ntwo", "Ctrl-End", "one\ntwo▮"),
    ("one\nt▮wo", "Up", "o▮ne\ntwo"), ("o▮ne\ntwo", "Down", "one\nt▮wo"),
    ("o▮ne", "Up", "▮one"), ("o▮ne", "Down", "one▮"),
    ("a▮\n\nb\nc\n\nd", "Ctrl-Down", "a\n▮\nb\nc\n\nd"),
    ("a\n\nb\nc▮\n\nd", "Ctrl-Up", "a\n▮\nb\nc\n\nd"),
  ])
  func moves(_ before: String, _ key: String, _ after: String) {
    var desk = Desk(before)
    desk.press(key)
    #expect(desk.marked == after)
  }

  @Test(arguments: [
    ("a▮bc", "Shift-Right", "a▯b▮c"), ("a▮bc", "Shift-Left", "▮a▯bc"),
    ("a▯b▮c", "Shift-Right", "a▯bc▮"), ("one ▮two", "Ctrl-Shift-Right", "one ▯two▮"),
    ("one two▮", "Ctrl-Shift-Left", "one ▮two▯"), ("o▮ne\ntwo", "Shift-Down", "o▯ne\nt▮wo"),
    ("one\nt▮wo", "Shift-End", "one\nt▯wo▮"), ("one\ntw▮o", "Shift-Home", "one\n▮tw▯o"),
    ("o▮ne\ntwo", "Ctrl-Shift-End", "o▯ne\ntwo▮"), ("a▮b\nc", "Ctrl-A", "▯ab\nc▮"),
    ("a▮b\nc", "Ctrl-L", "▯ab\n▮c"), ("▯ab\n▮c", "Ctrl-L", "▯ab\nc▮"),
    ("One. Tw▮o there. Three.", "Alt-S", "One. ▯Two there.▮ Three."),
    ("a\n\nb▮\nc\n\nd", "Alt-P", "a\n\n▯b\nc▮\n\nd"), ("a▯b▮c", "Esc", "ab▮c"),
  ])
  func selects(_ before: String, _ key: String, _ after: String) {
    var desk = Desk(before)
    desk.press(key)
    #expect(desk.marked == after)
  }

  @Test func verticalMotionKeepsTheColumnOverShortLines() {
    var desk = Desk("long li▮ne\nab\nanother")
    desk.press("Down")
    #expect(desk.marked == "long line\nab▮\nanother")
    desk.press("Down")
    #expect(desk.marked == "long line\nab\nanother▮")
    desk.press("Up", "Up")
    #expect(desk.marked == "long li▮ne\nab\nanother")
  }

  @Test func homeAndEndKnowSoftWrap() {
    // Twelve columns, the last of them for a hanging blank.
    var desk = Desk("aaa bbb ccc dd▮d eee", columns: 12, rows: 10)
    #expect(desk.screen == ["aaa bbb ccc ", "ddd eee"])
    desk.press("Home")
    #expect(desk.marked == "aaa bbb ccc ▮ddd eee")
    desk.press("Up", "End")
    #expect(desk.marked == "aaa bbb ccc▮ ddd eee")
    desk.press("End")
    #expect(desk.marked == "aaa bbb ccc ddd eee▮")
    desk.press("Home", "Home")
    #expect(desk.marked == "▮aaa bbb ccc ddd eee")
  }

  @Test func wideCharactersCountTwoColumns() {
    var desk = Desk("日本語▮\nabcdefgh")
    desk.press("Down")
    #expect(desk.marked == "日本語\nabcdef▮gh")
    desk.press("Left", "Up")
    #expect(desk.marked == "日本▮語\nabcdefgh")
  }

  @Test func pagesScrollAndMove() {
    let lines = (1...100).map(String.init).joined(separator: "\n")
    var desk = Desk(lines, columns: 40, rows: 12)
    desk.press("PageDown")
    #expect(desk.editor.status.line == 10)
    desk.press("PageDown")
    #expect(desk.editor.status.line == 19)
    desk.press("PageUp", "PageUp")
    #expect(desk.editor.status.line == 1)
    desk.press("Ctrl-End")
    #expect(desk.editor.status.line == 100)
    #expect(desk.editor.screenCursor != nil)
  }
}
