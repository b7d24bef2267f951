import Documents
import Editing
import Infilling
import Testing

/// The scripted engine doubts words that begin with a q, long ones more.
@Suite struct DoubtMapTests {
  private static let text =
    "One qa two.▮ Three four. Five qbcdefghijklm six.\n\nSeven, qc eight, nine."

  private func questions(_ desk: Desk) -> [DoubtRequest] {
    desk.effects.compactMap { if case .weighWords(_, let request) = $0 { request } else { nil } }
  }

  private func words(_ request: DoubtRequest) -> [String] {
    let bytes = Array(request.text.utf8)
    return request.words.map { String(decoding: bytes[$0], as: UTF8.self) }
  }

  private func doubtful(_ desk: Desk) -> [String] {
    (desk.editor.doubts?.doubtful ?? []).map { desk.editor.document.text.string(in: $0.range) }
  }

  private func mapped(_ text: String = text) -> Desk {
    var desk = Desk(text)
    desk.press("F7")
    desk.runEngine()
    return desk
  }

  @Test func theVisibleWordsAreRead() {
    let desk = mapped()
    #expect(doubtful(desk) == ["qa", "qbcdefghijklm", "qc"])
    #expect(desk.editor.doubts?.doubtful.map(\.level) == [.unlikely, .veryUnlikely, .unlikely])
    let status = desk.editor.status.doubts
    #expect(status?.doubtful == 3 && status?.read == 4 && status?.sentences == 4)
    let cells = desk.editor.rows()[0].cells.filter { $0.doubt == .veryUnlikely }
    #expect(cells.map(\.text).joined() == "qbcdefghijklm")
    #expect(desk.timers.isEmpty && desk.engineWork.isEmpty)
  }

  @Test func theNearestSentenceIsReadFirst() {
    var desk = Desk("One two. Three four. Fi▮ve six. Seven eight.")
    desk.press("F7")
    #expect(questions(desk).map(words) == [["Five", "six"]])
    desk.runEngine()
    #expect(questions(desk).map { words($0)[0] } == ["Five", "Three", "Seven", "One"])
  }

  @Test func theQuestionHasTheTextAround() throws {
    let desk = mapped()
    let request = try #require(questions(desk).first)
    #expect(request.text.hasPrefix("One qa two. Three four."))
    #expect(words(request) == ["One", "qa", "two"])
  }

  @Test func numbersAreNoWords() {
    var desk = Desk("▮It was 1984, 7:30.")
    desk.press("F7")
    #expect(questions(desk).map(words) == [["It", "was"]])
  }

  @Test func whatIsKnownIsNotAskedAgain() {
    var desk = mapped()
    let count = questions(desk).count
    desk.press("F7", "F7")
    desk.runEngine()
    // Off and on is a new map; within one, only the sentence that was edited is new.
    let second = questions(desk).count
    #expect(second == 2 * count)
    desk.press("Ctrl-Home")
    desk.type("x")
    desk.wake()
    desk.runEngine()
    #expect(questions(desk).count == second + 1)
    desk.press("Backspace")
    desk.wake()
    desk.runEngine()
    #expect(questions(desk).count == second + 1)
    #expect(doubtful(desk) == ["qa", "qbcdefghijklm", "qc"])
  }

  @Test func marksFollowTheTextAtOnce() {
    var desk = mapped()
    desk.press("Ctrl-Home", "Enter")
    // The sentence stands elsewhere, and has not changed.
    #expect(doubtful(desk) == ["qa", "qbcdefghijklm", "qc"])
  }

  @Test func typingStopsTheReadingForAWhile() throws {
    var desk = Desk(Self.text)
    desk.press("F7")
    desk.effects = []
    desk.type("x")
    let cancelled = desk.effects.contains {
      if case .withdraw = $0 { true } else { false }
    }
    #expect(cancelled && desk.engineWork.isEmpty)
    desk.type("y")
    #expect(questions(desk).isEmpty && desk.timers == [.doubts])
    desk.wake()
    #expect(questions(desk).count == 1)
    desk.runEngine()
    #expect(desk.editor.status.doubts?.read == 3)
  }

  @Test func aPassageThatIsRefinedGoesFirst() {
    var desk = Desk(Self.text)
    desk.press("F7")
    desk.effects = []
    desk.press("Alt-Enter")
    #expect(desk.effects.contains { if case .withdraw = $0 { true } else { false } })
    #expect(questions(desk).isEmpty)
    desk.runEngine()
    #expect(desk.editor.focusedPassage?.state == .ended)
    #expect(!questions(desk).isEmpty)
    #expect(desk.editor.doubts?.readCount == 4)
  }

  @Test func jumpsFromWordToWord() {
    var desk = mapped()
    desk.press("Ctrl-Home", "F8")
    #expect(desk.marked.hasPrefix("One ▮qa"))
    #expect(desk.editor.message == .likelihood(of: "qa", "0.05 %", alternatives: "good"))
    #expect(desk.editor.status.doubts?.probability == "0.05 %")
    desk.press("F8", "F8")
    #expect(desk.marked.hasSuffix("▮qc eight, nine."))
    desk.press("F8")
    #expect(desk.marked.hasPrefix("One ▮qa"))
    desk.press("Shift-F8")
    #expect(desk.marked.hasSuffix("▮qc eight, nine."))
    desk.press("Alt-,")
    #expect(!desk.marked.hasSuffix("▮qc eight, nine."))
  }

  @Test func aWordIsRefinedWithWhatTheModelWouldRead() throws {
    var desk = mapped()
    desk.press("Ctrl-Home", "F8", "Alt-A")
    #expect(desk.editor.mode == .list)
    #expect(desk.editor.picker?.items.map(\.text) == ["qa", "good"])
    desk.press("Enter")
    #expect(desk.editor.focusedPassage?.text == "good")
    desk.press("Enter")
    #expect(desk.text.hasPrefix("One good two."))
    #expect(desk.editor.document.history.nodes.count == 2)
    desk.wake()
    desk.runEngine()
    #expect(doubtful(desk) == ["qbcdefghijklm", "qc"])
    desk.press("Ctrl-Z")
    #expect(desk.text.hasPrefix("One qa two."))
  }

  @Test func theEngineCanBeAskedForTheWord() {
    var desk = mapped()
    desk.press("Ctrl-Home", "F8", "Alt-A", "Esc", "r")
    desk.runEngine()
    #expect(desk.editor.focusedPassage?.text == "s1w0 s1w1")
    desk.press("Esc")
    #expect(desk.text.hasPrefix("One qa two."))
  }

  @Test func aClauseIsRefined() throws {
    var desk = mapped()
    desk.press("Ctrl-End", "Shift-F8", "Alt-K")
    let passage = try #require(desk.editor.focusedPassage)
    #expect(String(decoding: passage.original, as: UTF8.self) == "qc eight")
  }

  /// The model's first thought is another word; what the word is a typo of comes first all the
  /// same.
  @Test func aSlipIsDoubtedAndItsWordOfferedFirst() throws {
    var desk = Desk("▮The libary and Margaret.")
    desk.press("F7")
    guard case .weighWords(let run, let request)? = desk.engineWork.first else { return }
    func other(_ text: String, _ probability: Float) -> InfillAlternative {
      InfillAlternative(token: 1, text: text, probability: probability)
    }
    let likely = WordDoubt(probability: 0.9)
    #expect(request.words.count == 4)
    desk.send(
      .inquiry(
        run,
        .doubts([
          likely,
          WordDoubt(
            probability: 0.0004, alternatives: [other(" café", 0.05), other(" library", 0.02)]),
          likely, WordDoubt(probability: 0.000001, alternatives: [other(" We", 0.6)]),
        ])))
    #expect(doubtful(desk) == ["libary"])
    desk.press("F8", "Alt-A")
    #expect(desk.editor.picker?.items.map(\.text) == ["libary", "library", "café"])
  }

  @Test func anEngineThatCannotTellEndsTheMap() {
    var desk = Desk("One two.▮")
    desk.press("F7")
    guard case .weighWords(let run, _)? = desk.engineWork.first else {
      Issue.record("nothing asked")
      return
    }
    desk.send(.inquiry(run, .doubts([])))
    #expect(desk.editor.doubts == nil)
    #expect(desk.editor.message?.kind == .failure)
  }

  @Test func aFailureEndsTheMap() {
    var desk = Desk("One two.▮")
    desk.press("F7")
    guard case .weighWords(let run, _)? = desk.engineWork.first else { return }
    desk.send(.inquiry(run, .failed("no model")))
    #expect(desk.editor.doubts == nil && desk.editor.message == .failure("no model"))
  }

  @Test func onlyWhatIsVisibleIsRead() {
    let lines = (0..<200).map { "Line \($0) qx here." }.joined(separator: "\n\n")
    var desk = Desk("▮" + lines)
    desk.press("F7")
    desk.runEngine()
    let first = questions(desk).count
    #expect(first <= 12)
    desk.press("PageDown")
    desk.runEngine()
    #expect(questions(desk).count > first && questions(desk).count <= 24)
  }
}
