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
    #expect(desk.editor.message == .wrapped(forward: true))
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
    #expect(desk.editor.message == .noMatch("x"))
    #expect(desk.marked == "▮one")
  }

  @Test func replacesAllAsOneNode() {
    var desk = Desk("one on▮e One")
    desk.press("Ctrl-R")
    desk.type("one")
    desk.press("Enter")
    desk.type("1")
    desk.press("Enter", "a")
    #expect(desk.text == "1 1 1")
    #expect(desk.editor.message == .replaced(3, kept: 0))
    desk.press("Ctrl-Z")
    #expect(desk.marked == "one on▮e One")
  }

  @Test func replacesWithinSelectedLines() {
    var desk = Desk("x\n▯x\nx\n▮x")
    desk.press("Ctrl-R")
    desk.type("x")
    desk.press("Enter")
    desk.type("yy")
    desk.press("Enter", "a")
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
    desk.press("Enter", "a")
    #expect(desk.text == "a 1. Two one. b 1.")
    #expect(desk.editor.message == .replaced(2, kept: 1))
  }
}

/// Patterns and how they are read.
@Suite struct FindOptionsTests {
  @Test func switchesAreShownAndTakeEffectAtOnce() {
    var desk = Desk("▮Cat concat cat")
    desk.press("Ctrl-F")
    desk.type("cat")
    #expect(desk.editor.prompt?.label == "Find: " && desk.editor.finding?.count == 3)
    desk.press("Alt-W")
    #expect(desk.editor.prompt?.label == "Find, whole words: " && desk.editor.finding?.count == 2)
    desk.press("Alt-C")
    #expect(desk.editor.prompt?.label == "Find, exact case, whole words: ")
    #expect(desk.editor.finding?.count == 1)
    desk.press("Alt-C", "Alt-X")
    #expect(desk.editor.prompt?.label == "Find expression, any case, whole words: ")
    // The next search begins as the last one was.
    desk.press("Esc", "Ctrl-F")
    #expect(desk.editor.prompt?.label == "Find expression, any case, whole words: ")
  }

  @Test func faultsAreShownAsTheyAreTyped() {
    var desk = Desk("▮ab ab")
    desk.press("Ctrl-F", "Alt-X")
    desk.type("b")
    #expect(desk.marked == "a▯b▮ ab")
    desk.type("(")
    #expect(desk.editor.message?.text == "Missing closing parenthesis, at character 3")
    #expect(desk.editor.prompt?.fault == 2 && desk.marked == "▮ab ab")
    desk.press("Enter")
    #expect(desk.editor.mode == .prompt && desk.editor.message?.kind == .warning)
    desk.type(")")
    #expect(desk.editor.message == nil && desk.editor.prompt?.fault == nil)
    #expect(desk.marked == "a▯b▮ ab")
  }

  @Test func aPatternThatIsTooCostlyIsReported() {
    var desk = Desk(String(repeating: "a", count: 3000) + "bx")
    desk.press("Ctrl-F", "Alt-X")
    desk.send(.paste("(a+)+x"))
    #expect(desk.editor.message?.text.contains("too many steps") == true)
    #expect(desk.editor.mode == .prompt && desk.editor.status.searching == nil)
  }

  @Test func linesAreFoundAcross() {
    var desk = Desk("one\r\ntwo\r\n")
    desk.press("Ctrl-F")
    desk.send(.paste("one\ntwo"))
    #expect(desk.editor.finding?.count == 1)
    #expect(desk.editor.document.text.string(in: desk.editor.selection.range) == "one\r\ntwo")
  }
}

/// Replacing one at a time and all.
@Suite struct ReplaceTests {
  /// A desk in which replacing asks about the first match.
  private func desk(
    _ marked: String, _ pattern: String, by replacement: String, isExpression: Bool = false
  ) -> Desk {
    var desk = Desk(marked)
    desk.press("Ctrl-R", "Ctrl-U")
    if isExpression { desk.press("Alt-X") }
    desk.type(pattern)
    desk.press("Enter")
    desk.type(replacement)
    desk.press("Enter")
    return desk
  }

  @Test func oneAtATimeIsOneNodeToo() {
    var desk = desk("▮a1 a2 a3 a4", "a", by: "bb")
    #expect(desk.editor.status.hints.map(\.key) == ["y", "n", "a", "q"])
    desk.press("y", "n", "y")
    #expect(desk.marked == "bb1 a2 bb3 ▯a▮4")
    desk.press("q")
    #expect(desk.editor.message == .replaced(2, kept: 0) && desk.editor.mode == .text)
    desk.press("Ctrl-Z")
    #expect(desk.marked == "▮a1 a2 a3 a4")
    desk.press("Ctrl-Y")
    #expect(desk.text == "bb1 a2 bb3 a4")
  }

  @Test func itGoesRoundAndEndsWhereItBegan() {
    var desk = desk("a1 ▮a2 a3", "a", by: "aa")
    desk.press("y", "y")
    #expect(desk.marked == "▯a▮1 aa2 aa3")
    desk.press("y")
    #expect(desk.text == "aa1 aa2 aa3" && desk.editor.prompt == nil)
    #expect(desk.editor.message == .replaced(3, kept: 0))
    desk.press("Ctrl-Z")
    #expect(desk.text == "a1 a2 a3")
  }

  @Test func allTheRestJoinsWhatWasAnswered() {
    var desk = desk("▮a1 a2 a3 a4", "a", by: "aa")
    desk.press("y", "n", "a")
    #expect(desk.text == "aa1 a2 aa3 aa4")
    #expect(desk.editor.message == .replaced(3, kept: 0))
    desk.press("Ctrl-Z")
    #expect(desk.text == "a1 a2 a3 a4")
  }

  @Test func onlyInSelectedLines() {
    var desk = desk("x1\n▯x2\nx3\n▮x4", "x", by: "yy")
    desk.press("y", "y")
    #expect(desk.text == "x1\nyy2\nyy3\nx4" && desk.editor.mode == .text)
  }

  @Test func groupsAndEmptyMatches() {
    var desk = desk("▮k=v\na=b\n", "(\\w)=(\\w)", by: "$2\\t\\1", isExpression: true)
    desk.press("a")
    #expect(desk.text == "v\tk\nb\ta\n")
    desk = self.desk("▮one\ntwo", "^", by: "> ", isExpression: true)
    desk.press("y", "y")
    #expect(desk.text == "> one\n> two" && desk.editor.mode == .text)
    desk.press("Ctrl-Z")
    #expect(desk.text == "one\ntwo")
  }

  @Test func theResultIsShownWhileItIsTyped() {
    var desk = Desk("▮cat concat\ndog")
    desk.press("Ctrl-R")
    desk.type("cat")
    desk.press("Enter")
    #expect(desk.screen == [" con", "dog"])
    desk.type("fish")
    #expect(desk.screen == ["fish confish", "dog"] && desk.text == "cat concat\ndog")
    #expect(desk.editor.finding?.count == 2)
    desk.press("Esc")
    #expect(desk.screen == ["cat concat", "dog"] && desk.marked == "▮cat concat\ndog")
    #expect(desk.editor.mode == .text && !desk.editor.document.isDirty)
  }

  @Test func aWrongReplacementIsReportedAsItIsTyped() {
    var desk = Desk("▮ab")
    desk.press("Ctrl-R", "Alt-X")
    desk.type("a")
    desk.press("Enter")
    desk.type("x\\1")
    #expect(desk.editor.message?.text == "No group 1: the expression has none")
    #expect(desk.editor.prompt?.fault == 2)
    desk.press("Enter")
    #expect(desk.editor.mode == .prompt && desk.editor.prompt?.isReplacement == true)
    desk.press("Backspace", "Backspace", "Enter", "y")
    #expect(desk.text == "xb")
  }

  @Test func aPatternWithoutAMatchKeepsThePrompt() {
    var desk = Desk("▮ab")
    desk.press("Ctrl-R")
    desk.type("x")
    desk.press("Enter")
    #expect(desk.editor.prompt?.isFind == true && desk.editor.message == .noMatch("x"))
    desk.press("Esc")
    #expect(desk.editor.mode == .text)
  }

  @Test func whatIsReplacedByItselfChangesNothing() {
    var desk = desk("▮aaa", "a", by: "a")
    desk.press("a")
    #expect(desk.text == "aaa" && desk.editor.mode == .text)
  }
}

/// In documents that are searched in the background.
@Suite struct LargeFindTests {
  private static let line = "All work and no play makes Jack a dull boy.\n"
  /// More than is searched at once, with one word at the end that is nowhere else.
  private static let text = Text(
    String(repeating: line, count: (17 << 20) / line.utf8.count) + "The needle.\n")

  private func editor() -> Editor {
    var document = Document()
    document.apply(
      Transaction(replacing: 0..<0, with: Self.text.contents()), label: "",
      selectionBefore: Selection(0), selectionAfter: Selection(0))
    return Editor(document: document)
  }

  private func wanted(_ effects: [Effect]) -> FindRequest? {
    for case .find(let request) in effects { return request }
    return nil
  }

  private func search(_ editor: inout Editor, for pattern: String) -> FindRequest? {
    _ = editor.update(.key(Key("Ctrl-F")!))
    return wanted(editor.update(.paste(pattern)))
  }

  @Test func theAnswerSelectsTheMatch() throws {
    var editor = editor()
    let request = try #require(search(&editor, for: "needle"))
    #expect(editor.status.searching == 0)
    var last = 0.0
    let result = request.result { share in
      #expect(share >= last && share <= 1)
      last = share
      return true
    }
    #expect(last > 0.5)
    _ = editor.update(.finding(request.id, progress: 0.5))
    #expect(editor.status.parts(fitting: 80).contains { $0.text == " searching 50 % " })
    _ = editor.update(.found(request, result))
    #expect(editor.status.searching == nil)
    #expect(editor.document.text.string(in: editor.selection.range) == "needle")
  }

  @Test func escapeStopsIt() throws {
    var editor = editor()
    let request = try #require(search(&editor, for: "needle"))
    let stopped = editor.update(.key(Key("Esc")!))
    #expect(stopped.contains(.cancelFind))
    _ = editor.update(.found(request, request.result()))
    #expect(editor.selection.isEmpty)
    #expect(request.result { _ in false } == .failure(SearchError(description: "Stopped looking")))
  }

  @Test func anOldAnswerIsNotTaken() throws {
    var editor = editor()
    let old = try #require(search(&editor, for: "needl"))
    let typed = editor.update(.key(Key("x")!))
    let new = try #require(wanted(typed))
    _ = editor.update(.found(old, old.result()))
    #expect(editor.selection.isEmpty && editor.status.searching != nil)
    _ = editor.update(.found(new, new.result()))
    #expect(editor.message?.text.hasPrefix("No match") == true)
  }

  /// An edit moves matches: the search is made again.
  @Test func anEditMeanwhileBeginsItAnew() throws {
    var editor = editor()
    _ = search(&editor, for: "needle")
    _ = editor.update(.key(Key("Enter")!))
    let next = editor.update(.key(Key("F3")!))
    let request = try #require(wanted(next))
    _ = editor.update(.key(Key("x")!))
    let answered = editor.update(.found(request, request.result()))
    let again = try #require(wanted(answered))
    _ = editor.update(.found(again, again.result()))
    #expect(editor.document.text.string(in: editor.selection.range) == "needle")
  }

  private func replacing(_ editor: inout Editor) throws -> ReplaceRequest {
    _ = editor.update(.key(Key("Ctrl-R")!))
    _ = editor.update(.paste("dull"))
    _ = editor.update(.key(Key("Enter")!))
    _ = editor.update(.paste("bright"))
    let first = try #require(wanted(editor.update(.key(Key("Enter")!))))
    _ = editor.update(.found(first, first.result()))
    #expect(editor.prompt?.isQuestion == true)
    for case .replace(let request) in editor.update(.key(Key("a")!)) { return request }
    throw NothingAsked()
  }

  private struct NothingAsked: Error {}

  @Test func replacingWaitsForTheNewText() throws {
    var editor = editor()
    _ = editor.update(.paste("One jack. "))
    let before = editor.document.text
    let request = try replacing(&editor)
    #expect(editor.document.text == before)
    #expect(editor.status.parts(fitting: 80).contains { $0.text == " replacing 0 % " })
    _ = editor.update(.key(Key("x")!))
    _ = editor.update(.key(Key("Ctrl-Z")!))
    #expect(editor.document.text == before && editor.message == .replacing)
    for keys in ["Ctrl-R", "Ctrl-F", "F3"] { _ = editor.update(.key(Key(keys)!)) }
    #expect(editor.prompt == nil)
    _ = editor.update(.replaced(request, request.result()))
    #expect(editor.status.searching == nil && editor.document.text != before)
  }

  @Test func replacesAsOneNode() throws {
    var editor = editor()
    let request = try replacing(&editor)
    var last = 0.0
    let result = request.result { share in
      #expect(share >= last && share <= 1)
      last = share
      return true
    }
    #expect(last == 1)
    _ = editor.update(.replaced(request, result))
    let count = (17 << 20) / Self.line.utf8.count
    #expect(editor.message == .replaced(count, kept: 0))
    let expected = Self.text.description.replacing("dull", with: "bright")
    #expect(editor.document.text == Text(expected))
    _ = editor.update(.key(Key("Ctrl-Z")!))
    #expect(editor.document.text == Self.text)
    _ = editor.update(.key(Key("Ctrl-Y")!))
    #expect(editor.document.text == Text(expected))
  }

  @Test func escapeStopsReplacing() throws {
    var editor = editor()
    let request = try replacing(&editor)
    let stopped = editor.update(.key(Key("Esc")!))
    #expect(stopped.contains(.cancelFind))
    _ = editor.update(.replaced(request, request.result()))
    #expect(editor.document.text == Self.text && editor.status.searching == nil)
    #expect(
      request.result { _ in false } == .failure(SearchError(description: "Stopped replacing")))
    _ = editor.update(.key(Key("x")!))
    #expect(editor.document.text != Self.text)
  }
}
