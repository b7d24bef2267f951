import Documents
import Testing

@testable import Editing

/// The states of a document by their times, and those of earlier sessions.
@Suite struct HistoryTests {
  /// A word typed each minute, from 1000 minutes on.
  private func desk(_ words: String...) -> Desk {
    var desk = Desk("")
    for (minute, word) in words.enumerated() {
      desk.editor.now = (1000 + minute) * 60
      desk.type(word)
      desk.press("Enter")
    }
    return desk
  }

  /// Another session on the text of a desk, with what that one keeps.
  private func next(_ desk: Desk) -> Desk {
    var next = Desk(desk.text)
    next.history = .kept(desk.editor.document.history.kept, isWhole: true)
    next.editor.now = desk.editor.now
    return next
  }

  private func go(_ desk: inout Desk, back time: String) {
    go(&desk, .ago(TimeSpan(spelled: time)!.seconds))
  }

  private func go(_ desk: inout Desk, _ way: Travel) {
    let effects = desk.editor.performing { $0.travel(by: way) }
    if effects.contains(.loadHistory) { desk.send(.history(desk.history)) }
  }

  @Test func undoOfAnEarlierSession() {
    let first = desk("one", "two")
    var second = next(first)
    #expect(second.editor.past == .unread)
    second.type("three ")
    second.press("Ctrl-Z")
    // The session's own undo needs nothing of earlier ones.
    #expect(second.editor.past == .unread)
    second.editor.now += 3 * 3600
    second.press("Ctrl-Z")
    #expect(second.text == "one\ntwo")
    #expect(second.editor.message == .undone("new line, 3 h ago"))
    second.press("Ctrl-Z", times: 3)
    #expect(second.text == "")
    second.press("Ctrl-Z")
    #expect(second.editor.message == .nothingToUndo)
    second.press("Ctrl-Y", times: 4)
    #expect(second.text == "one\ntwo\n" && !second.editor.document.isDirty)
  }

  @Test func theTextAsItWas() {
    var desk = desk("one", "two", "three")
    desk.editor.now = 1002 * 60 + 30
    go(&desk, back: "1m")
    #expect(desk.text == "one\ntwo\n")
    #expect(desk.editor.message == .asItWas(ago: 60, isFirst: false))
    go(&desk, back: "2m")
    #expect(desk.text == "one\n" || desk.text == "")
    go(&desk, .latest)
    #expect(desk.text == "one\ntwo\nthree\n" && desk.editor.message == .latestState)
    go(&desk, .latest)
    #expect(desk.editor.message == .wasLatest)
    go(&desk, back: "1s")
    #expect(desk.editor.message == .unchangedSince(ago: 1))
    go(&desk, back: "yesterday")
    #expect(desk.text == "" && desk.editor.message == .asItWas(ago: 86_400, isFirst: true))
  }

  @Test func theTextAsItWasYesterday() {
    var second = next(desk("one", "two"))
    second.editor.now += 86_400
    second.type("x")
    go(&second, back: "24h")
    #expect(second.text == "one\ntwo\n")
    go(&second, back: "1441m")
    #expect(second.text == "one\n")
    go(&second, .latest)
    #expect(second.text == "xone\ntwo\n")
  }

  /// The way back is the one that was left, not the state made last.
  @Test func theWayBackFromABranch() {
    var desk = desk("one", "two")
    desk.press("Ctrl-Z", times: 2)
    desk.editor.now += 3600
    go(&desk, back: "2h")
    #expect(desk.text == "")
    go(&desk, .latest)
    #expect(desk.text == "one\n")
    go(&desk, .latest)
    #expect(desk.text == "one\ntwo\n")
  }

  @Test func askingForATime() {
    var desk = desk("one", "two")
    desk.editor.now += 60
    desk.press("Ctrl-P")
    desk.type("earlier-state")
    desk.press("Enter")
    desk.type("soon")
    desk.press("Enter")
    #expect(desk.editor.message == .spanExpected && desk.editor.prompt != nil)
    desk.press("Ctrl-U")
    desk.type("90 s")
    desk.press("Enter")
    #expect(desk.editor.prompt == nil && desk.text == "one\n")
  }

  @Test func theStatesAreListed() {
    var desk = desk("one", "two")
    go(&desk, .list)
    #expect(
      desk.editor.picker?.items.map(\.text) == [
        "new line", "typing", "new line", "typing", "as it was opened",
      ])
    #expect(desk.editor.picker?.items[2].detail == "60 s ago")
    #expect(desk.editor.picker?.items[4].detail == "saved, ")
    desk.press("Down", "Down", "Enter")
    #expect(desk.text == "one\n")
  }

  @Test(arguments: [
    (HistoryReply.ofAnotherText, Message.undoOfAnotherText),
    (.failed("it is damaged"), .undoUnusable("it is damaged")),
    (.none, .nothingToUndo),
    (
      .kept(
        KeptHistory(
          known: KeptHistory.Stamp(number: 0, time: 0),
          states: [
            KeptHistory.State(
              stamp: KeptHistory.Stamp(number: 1, time: 0), neighbour: 7, isLater: true,
              isPreferred: true, label: "", selectionBefore: Selection(0),
              selectionAfter: Selection(0), forward: [], backward: [])
          ]), isWhole: true), .undoUnusable("it does not fit the text")
    ),
  ])
  func whyThereIsNoUndo(reply: HistoryReply, message: Message) {
    var desk = Desk("text")
    desk.history = reply
    desk.press("Ctrl-Z")
    #expect(desk.editor.message == message && desk.text == "text")
    // Told once.
    desk.press("Ctrl-Z")
    #expect(desk.editor.message == .nothingToUndo)
  }

  @Test func aPartIsUsedAndReported() {
    let first = desk("one", "two")
    var kept = first.editor.document.history.kept
    kept.states.removeLast(3)
    var second = Desk(first.text)
    second.history = .kept(kept, isWhole: false)
    second.press("Ctrl-Z")
    #expect(second.text == "one\ntwo")
    #expect(second.editor.message?.kind == .warning)
  }

  /// What is typed while the states are read is not undone by the key before it.
  @Test func typingGoesBeforeTheAnswer() {
    let first = desk("one")
    var editor = Editor(document: Document(first.text, path: "note.txt"))
    #expect(editor.update(.key(Key("Ctrl-Z")!)).contains(.loadHistory))
    #expect(!editor.update(.key(Key("Ctrl-Z")!)).contains(.loadHistory))
    _ = editor.update(.key(Key("x")!))
    _ = editor.update(.history(.kept(first.editor.document.history.kept, isWhole: true)))
    #expect(editor.document.text.description == "xone\n")
    _ = editor.update(.key(Key("Ctrl-Z")!))
    _ = editor.update(.key(Key("Ctrl-Z")!))
    #expect(editor.document.text.description == "one")
  }

  @Test func keysThatWaitAreAllPerformed() {
    let first = desk("one", "two")
    var editor = Editor(document: Document(first.text, path: "note.txt"))
    for _ in 0..<3 { _ = editor.update(.key(Key("Ctrl-Z")!)) }
    _ = editor.update(.history(.kept(first.editor.document.history.kept, isWhole: true)))
    #expect(editor.document.text.description == "one")
  }

  @Test(arguments: [
    ("10m", 600), ("2h", 7200), ("3 days", 259_200), ("1h30m", 5400), ("1 H 30 min", 5400),
    ("45s", 45), ("2w", 1_209_600), ("yesterday", 86_400),
  ])
  func timesAreRead(text: String, seconds: Int) {
    #expect(TimeSpan(spelled: text) == TimeSpan(seconds))
  }

  @Test(arguments: ["", "10", "m", "10x", "-5m", "1.5h", "9999999999h", "999999999w", "١h"])
  func otherTextIsNoTime(text: String) {
    #expect(TimeSpan(spelled: text) == nil)
  }

  @Test(arguments: [
    (5, "5 s"), (119, "119 s"), (120, "2 min"), (7199, "119 min"), (7200, "2 h"),
    (172_800, "2 days"), (-5, "0 s"),
  ])
  func timesAreWritten(seconds: Int, words: String) {
    #expect(TimeSpan(seconds).words == words)
  }
}
