import Documents
import Editing
import Testing

@Suite struct RecoveryTests {
  private func recovery(_ id: String, _ text: String, isPlain: Bool = false) -> Recovery {
    Recovery(id: id, title: "edits \(id)", text: Text(text), isPlain: isPlain)
  }

  private func outcomes(_ desk: Desk) -> [String] {
    desk.effects.compactMap {
      if case .settleRecovery(let id, let outcome) = $0 { "\(id) \(outcome)" } else { nil }
    }
  }

  @Test func plainEditsAreTakenAtOnce() {
    var desk = Desk("one\ntwo\n")
    desk.send(.recoverable([recovery("a", "one\nand two\n", isPlain: true)]))
    #expect(desk.text == "one\nand two\n")
    #expect(desk.editor.mode == .text)
    #expect(desk.editor.message?.text.hasPrefix("Recovered edits a.") == true)
    #expect(outcomes(desk) == ["a taken"])
    #expect(desk.editor.status.isDirty)
    desk.press("Ctrl-Z")
    #expect(desk.text == "one\ntwo\n")
    #expect(!desk.editor.status.isDirty)
  }

  @Test func othersAreShownAndNothingHappensByItself() {
    var desk = Desk("OUTSIDE\ntwo\n")
    desk.send(.recoverable([recovery("a", "one\ntwo\n")]))
    #expect(desk.editor.mode == .recovery)
    #expect(desk.text == "OUTSIDE\ntwo\n")
    let diff = desk.editor.recovering?.diff
    #expect(diff?.lines(0..<10) == [.removed("OUTSIDE"), .added("one"), .same("two")])
    desk.type("x")
    #expect(desk.text == "OUTSIDE\ntwo\n")
    #expect(desk.editor.mode == .recovery)
    desk.press("Enter")
    #expect(desk.text == "one\ntwo\n")
    #expect(outcomes(desk) == ["a taken"])
    desk.press("Ctrl-Z")
    #expect(desk.text == "OUTSIDE\ntwo\n")
  }

  @Test func severalComeOneByOne() {
    var desk = Desk("x")
    desk.send(
      .recoverable([recovery("a", "ax", isPlain: true), recovery("b", "bx"), recovery("c", "ax")]))
    #expect(desk.editor.recovering?.number == 1)
    #expect(desk.editor.recovering?.count == 3)
    desk.press("Enter")
    #expect(desk.text == "ax")
    #expect(desk.editor.recovering?.recovery.id == "b")
    #expect(desk.editor.recovering?.diff.lines(0..<9) == [.removed("ax"), .added("bx")])
    desk.press("Esc")
    // The third is in the document already.
    #expect(desk.editor.recovering == nil)
    #expect(outcomes(desk) == ["a taken", "b left", "c taken"])
    #expect(desk.text == "ax")
  }

  @Test func discardingAsks() {
    var desk = Desk("x")
    desk.send(.recoverable([recovery("a", "ax")]))
    desk.press("Delete")
    #expect(desk.editor.mode == .prompt)
    desk.type("c")
    #expect(desk.editor.mode == .recovery && outcomes(desk).isEmpty)
    desk.press("Delete")
    desk.type("d")
    #expect(desk.editor.mode == .text)
    #expect(outcomes(desk) == ["a discarded"])
    #expect(desk.text == "x")
  }

  @Test func longDifferencesScroll() {
    let text = (0..<100).map { "line \($0)\n" }.joined()
    var desk = Desk("", rows: 10)
    desk.send(.recoverable([recovery("a", text)]))
    #expect(desk.editor.recovering?.diff.rows == 100)
    desk.press("PageDown", "Down")
    #expect(desk.editor.recovering?.row == 8)
    desk.press("PageDown", times: 50)
    #expect(desk.editor.recovering?.row == 99)
    desk.press("PageUp", times: 50)
    #expect(desk.editor.recovering?.row == 0)
  }

  @Test func equalLinesFarFromChangesAreLeftOut() {
    let old = (0..<40).map { "line \($0)\n" }.joined()
    var desk = Desk("x")
    desk.send(.recoverable([recovery("a", "y")]))
    desk.press("Esc")
    var other = Desk(old)
    let new = old.replacing("line 20\n", with: "here\n")
    other.send(.recoverable([recovery("a", new)]))
    #expect(
      other.editor.recovering?.diff.lines(0..<20) == [
        .gap(17), .same("line 17"), .same("line 18"), .same("line 19"), .removed("line 20"),
        .added("here"), .same("line 21"), .same("line 22"), .same("line 23"), .gap(16),
      ])
  }

  @Test func ofLongLinesTheDifferenceIsShown() {
    let line = String(repeating: "word ", count: 10_000)
    var desk = Desk(line + "end")
    desk.send(.recoverable([recovery("a", line + "new end")]))
    let lines = desk.editor.recovering?.diff.lines(0..<9) ?? []
    guard lines.count == 2, case .removed(let old) = lines[0], case .added(let new) = lines[1]
    else {
      Issue.record("\(lines.count) lines")
      return
    }
    #expect(old.hasSuffix("word end") && old.hasPrefix("…") && old.count < 1100)
    #expect(new.hasSuffix("word new end"))
  }

  @Test func othersWhoEditAreReported() {
    var desk = Desk("x")
    func send(_ neighbours: [Neighbour]) -> Message? {
      desk.send(.neighbours(neighbours))
      return desk.editor.message
    }
    #expect(send([Neighbour(process: 7, hasUnsavedEdits: false)]) == .openElsewhere(process: 7))
    #expect(desk.editor.status.isOpenElsewhere)
    desk.type("y")
    #expect(desk.editor.message == nil)
    #expect(desk.editor.status.isOpenElsewhere)
    #expect(send([Neighbour(process: 7, hasUnsavedEdits: true)]) == .editedElsewhere(process: 7))
    #expect(send([Neighbour(process: 7, hasUnsavedEdits: false)]) == .savedElsewhere(process: 7))
    #expect(send([]) == .closedElsewhere(process: 7))
    #expect(!desk.editor.status.isOpenElsewhere)
  }

  @Test func newsOfOthersLeavesAnUnreadMessageInSight() {
    var desk = Desk("old")
    desk.send(.recoverable([recovery("a", "new", isPlain: true)]))
    let recovered = desk.editor.message
    #expect(recovered == .recovered("edits a"))
    desk.send(.neighbours([Neighbour(process: 7, hasUnsavedEdits: false)]))
    #expect(desk.editor.message == .both(.recovered("edits a"), .openElsewhere(process: 7)))
    desk.send(.neighbours([Neighbour(process: 7, hasUnsavedEdits: true)]))
    #expect(desk.editor.message == .both(.recovered("edits a"), .editedElsewhere(process: 7)))
    #expect(desk.editor.message?.kind == .warning)
    desk.type("y")
    #expect(desk.editor.message == nil)
  }

  @Test func editsThatAreNotKeptStayInSight() {
    var desk = Desk("x")
    desk.send(.keeping(failure: "/state: No space left on device"))
    #expect(desk.editor.message?.kind == .warning)
    desk.type("y")
    #expect(desk.editor.message == nil)
    func parts() -> [String] { desk.editor.status.parts(fitting: 80).map(\.text) }
    #expect(parts().contains(" edits not kept "))
    desk.send(.keeping(failure: nil))
    #expect(desk.editor.message == .editsKeptAgain)
    #expect(!parts().contains(" edits not kept "))
  }

  @Test func whatFailsAfterTheSaveIsNoFailure() {
    var desk = Desk("a▮")
    desk.type("b")
    let effects = desk.editor.update(.key(Key("Ctrl-S")!))
    for case .save(let request) in effects {
      desk.send(.saved(request, failure: nil, caution: "/folder: cannot be synced"))
    }
    #expect(!desk.editor.status.isDirty)
    #expect(desk.editor.message == .savedWithCaution("/folder: cannot be synced"))
  }
}
