import Documents
import Testing

@testable import Editing

/// Other programs change the file of an open document.
struct DiskTests {
  private func changed(_ desk: inout Desk, _ text: String) {
    desk.effects = []
    desk.send(.disk(.changed(Text(text))))
  }

  private func settlements(_ desk: Desk) -> [DiskState.Settlement] {
    desk.effects.compactMap {
      if case .settleDisk(let settlement) = $0 { settlement } else { nil }
    }
  }

  @Test func whatNobodyHasEditedIsReloaded() {
    var desk = Desk("one\ntwo\nthr▮ee\nfour\n")
    changed(&desk, "zero\none\ntwo\nthree!\nfour\n")
    #expect(desk.marked == "zero\none\ntwo\nthr▮ee!\nfour\n")
    #expect(settlements(desk) == [.taken] && !desk.editor.document.isDirty)
    #expect(desk.editor.message == .reloaded)
    desk.press("Ctrl-Z")
    #expect(desk.marked == "one\ntwo\nthr▮ee\nfour\n" && desk.editor.document.isDirty)
  }

  @Test func earlierUndoIsKept() {
    var desk = Desk("a▮\nb\n")
    desk.type("x")
    desk.press("Ctrl-S")
    changed(&desk, "ax\nb\nc\n")
    desk.press("Ctrl-Z", "Ctrl-Z")
    #expect(desk.text == "a\nb\n")
    desk.press("Ctrl-Y", "Ctrl-Y")
    #expect(desk.text == "ax\nb\nc\n" && !desk.editor.document.isDirty)
  }

  @Test func whatIsReadStaysInTheWindow() {
    var desk = Desk((1...60).map { "line \($0)\n" }.joined(), rows: 12)
    desk.press("PageDown", times: 3)
    let top = desk.screen[0]
    changed(&desk, "new\nnew\n" + desk.text)
    #expect(desk.screen[0] == top)
  }

  private func edited() -> Desk {
    var desk = Desk("one\ntwo▮\nthree\n")
    desk.type("!")
    desk.send(.disk(.changed(Text("one\ntwo\nthree\nfour\n"))))
    return desk
  }

  @Test func editsAreNotWrittenOver() {
    var desk = edited()
    #expect(desk.text == "one\ntwo!\nthree\n" && desk.editor.mode == .text)
    #expect(desk.editor.message == .changedOnDisk && settlements(desk).isEmpty)
    desk.type("?")
    #expect(desk.text == "one\ntwo!?\nthree\n")
    desk.press("Ctrl-S")
    #expect(desk.editor.mode == .disk && desk.disk.isEmpty)
    desk.press("x", "Esc")
    #expect(desk.editor.mode == .text && desk.text == "one\ntwo!?\nthree\n")
    desk.press("Ctrl-S")
    #expect(desk.editor.mode == .disk)
  }

  @Test func theTextOnDiskIsTaken() {
    var desk = edited()
    desk.press("Ctrl-S", "t")
    #expect(desk.text == "one\ntwo\nthree\nfour\n" && !desk.editor.document.isDirty)
    #expect(settlements(desk) == [.taken] && desk.disk.isEmpty)
    desk.press("Ctrl-Z")
    #expect(desk.text == "one\ntwo!\nthree\n")
  }

  @Test func theOwnTextIsKeptAndSaved() {
    var desk = edited()
    desk.press("Ctrl-S", "o")
    #expect(settlements(desk) == [.kept])
    #expect(desk.disk["note.txt"] == Array("one\ntwo!\nthree\n".utf8))
    #expect(desk.editor.disk == .same && !desk.editor.document.isDirty)
  }

  @Test func bothAreKept() {
    var desk = edited()
    desk.press("Ctrl-S", "b")
    #expect(desk.text == "one\ntwo!\nthree\nfour\n" && desk.editor.document.isDirty)
    #expect(settlements(desk) == [.kept] && desk.editor.message == .merged(conflicts: 0))
    // What is merged next is merged with the text on disk seen last.
    changed(&desk, "one\ntwo\nthree\nfour\nfive\n")
    desk.press("Ctrl-S", "b", "Ctrl-S")
    #expect(desk.disk["note.txt"] == Array("one\ntwo!\nthree\nfour\nfive\n".utf8))
  }

  @Test func aSaveOnTheWayOutEndsThere() {
    var desk = edited()
    desk.press("Ctrl-Q", "s")
    #expect(desk.editor.mode == .disk && desk.quitCode == nil)
    desk.press("o")
    #expect(desk.quitCode == 0 && desk.disk["note.txt"] != nil)
  }

  @Test func theSameTextIsNoChange() {
    var desk = Desk("one\n▮")
    desk.type("two\n")
    changed(&desk, "one\ntwo\n")
    #expect(settlements(desk) == [.taken] && !desk.editor.document.isDirty)
    #expect(desk.editor.disk == .same)
  }

  @Test func aPassageUnderReviewIsLeftAlone() {
    var desk = Desk("One two.▮ Rest.\n")
    desk.press("Alt-Enter")
    desk.runEngine()
    changed(&desk, "One 2. Rest.\n")
    #expect(desk.text == "One two. Rest.\n" && settlements(desk).isEmpty)
    #expect(desk.editor.message == .changedUnderReview)
    desk.press("Esc")
    #expect(desk.text == "One 2. Rest.\n" && settlements(desk) == [.taken])
  }

  @Test func changesBesideAPassageAreTaken() {
    var desk = Desk("One two.▮\n\nRest.\n")
    desk.press("Alt-Enter")
    desk.runEngine()
    changed(&desk, "Zero.\n\nOne two.\n\nRest!\n")
    #expect(desk.text == "Zero.\n\nOne two.\n\nRest!\n")
    desk.press("Enter")
    #expect(desk.text == "Zero.\n\ns0w0 s0w1 s0w2\n\nRest!\n")
  }

  @Test func aRemovedFileIsUnsavedText() {
    var desk = Desk("text\n▮")
    desk.send(.disk(.removed))
    #expect(desk.editor.document.isDirty && desk.editor.message == .removedFromDisk)
    desk.press("Ctrl-S")
    #expect(desk.disk["note.txt"] == Array("text\n".utf8) && desk.editor.disk == .same)
  }
}
