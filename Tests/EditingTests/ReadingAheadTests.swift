import Editing
import Infilling
import Testing

/// The text around a selection is read before the engine is asked to passage it.
@Suite struct ReadingAheadTests {
  static let text = "One two three. ▯Four five six.▮ Seven eight nine."

  func requests(_ desk: Desk) -> [InfillRequest?] {
    desk.effects.compactMap { if case .readAhead(let request) = $0 { request } else { nil } }
  }

  /// A selection, the model in memory, nothing read yet.
  func desk(_ text: String = text) -> Desk {
    var desk = Desk(text)
    desk.send(.model(.ready(desk.model)))
    return desk
  }

  func begun(_ desk: Desk) -> InfillRequest? {
    for case .beginRun(_, let request) in desk.effects { return request }
    return nil
  }

  @Test func aSelectionThatRestsIsReadAround() throws {
    var desk = desk()
    #expect(desk.timers == [.reading] && requests(desk).isEmpty)
    desk.wake()
    let read = try #require(requests(desk).last)
    #expect(read?.original == "Four five six." && read?.prefix == "One two three. ")
    #expect(desk.timers.isEmpty)
    // Once is enough.
    desk.send(.model(.ready(desk.model)))
    desk.wake()
    #expect(requests(desk).count == 1)
    desk.effects = []
    desk.press("Alt-Enter")
    #expect(begun(desk) == read)
    #expect(requests(desk) == [nil])
  }

  @Test func selectingOnWaitsAgain() throws {
    var desk = desk()
    desk.wake()
    desk.effects = []
    desk.press("Shift-Right", times: 6)
    #expect(requests(desk) == [nil] && desk.timers == [.reading])
    desk.wake()
    #expect(requests(desk).count == 2)
    #expect(requests(desk).last??.original == "Four five six. Seven")
  }

  @Test func typingEndsIt() {
    var desk = desk()
    desk.wake()
    desk.effects = []
    desk.type("x")
    desk.wake()
    #expect(requests(desk) == [nil])
    desk.press("Shift-Left")
    desk.press("Right")
    desk.wake()
    #expect(requests(desk) == [nil])
  }

  @Test func nothingIsReadWithoutAModel() {
    var desk = Desk(Self.text)
    desk.press("Shift-Right", "Shift-Left")
    desk.wake()
    desk.send(.model(.failed("no such file")))
    desk.wake()
    #expect(requests(desk).isEmpty)
  }

  @Test func stepsGoFirst() {
    var desk = desk()
    desk.press("Alt-Enter", "Alt-B")
    desk.press("Shift-Right", times: 6)
    desk.wake()
    #expect(requests(desk).isEmpty)
    desk.runEngine()
    desk.wake()
    #expect(requests(desk).count == 1)
    // What is under review needs no reading.
    desk.press("Shift-Home")
    desk.wake()
    #expect(requests(desk).last == .some(nil))
  }
}
