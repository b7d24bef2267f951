import Documents
import Testing

@testable import Editing

/// The encoding of a document and its line ends.
@Suite struct FormatTests {
  @Test func theStatusLineShowsWhatIsUnusual() {
    #expect(Desk("a\n").editor.status.encoding == nil)
    #expect(Desk("a\n").editor.status.lineEnds == nil)
    #expect(Desk("a\r\n").editor.status.lineEnds == "CRLF")
    var desk = Desk("a\r\nb\n")
    #expect(
      desk.editor.status.lineEnds == "CRLF and LF" || desk.editor.status.lineEnds == "LF and CRLF")
    desk.editor.document.format = FileFormat(.utf16LE)
    #expect(desk.editor.status.encoding == "UTF-16 LE")
    #expect(desk.editor.status.parts(fitting: 80).contains { $0.text == " UTF-16 LE " })
  }

  @Test func lineEndsAreChanged() {
    var desk = Desk("one\ntw▮o\n")
    desk.press("Ctrl-P")
    desk.type("line-ends")
    desk.press("Enter", "r")
    #expect(desk.marked == "one\r\ntw▮o\r\n" && desk.editor.message == .lineEnds(.crlf))
    desk.press("Enter")
    #expect(desk.text == "one\r\ntw\r\no\r\n")
    desk.press("Ctrl-Z", "Ctrl-Z")
    #expect(desk.text == "one\ntwo\n")
    desk.press("Enter")
    #expect(desk.text == "one\ntw\no\n")
  }

  @Test func anotherEncodingIsUnsavedUntilItIsWritten() {
    var desk = Desk("é\n")
    desk.press("Ctrl-P")
    desk.type("encoding write")
    desk.press("Enter")
    #expect(desk.editor.picker?.items.first { $0.detail == "now" }?.text == "UTF-8")
    desk.press("Down", "Down", "Enter")
    #expect(
      desk.editor.document.isDirty && desk.editor.message == .formatChosen(FileFormat(.utf16LE)))
    desk.press("Ctrl-S")
    #expect(desk.disk["note.txt"] == [0xE9, 0, 0x0A, 0] && !desk.editor.document.isDirty)
  }

  @Test func readingAgainAsksForSavedText() {
    var desk = Desk("a\n")
    desk.type("x")
    desk.press("Ctrl-P")
    desk.type("reopen-encoding")
    desk.press("Enter")
    #expect(desk.editor.message == .saveBeforeReopening && desk.editor.picker == nil)
  }
}
