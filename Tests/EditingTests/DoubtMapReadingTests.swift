import Documents
import Infilling
import Testing

@testable import Editing

/// The map alone, without an editor.
@Suite struct DoubtMapReadingTests {
  private var numbering = Numbering()
  private var map = DoubtMap(below: 0.001)

  private static func screen(
    _ text: String, revision: Int = 0, cursor: Int = 0, isEngineBusy: Bool = false
  ) -> DoubtMap.Event {
    let text = Document(text, path: nil).text
    return .screen(
      DoubtMap.Screen(
        text: text, revision: revision, range: 0..<text.count, cursor: cursor,
        isEngineBusy: isEngineBusy))
  }

  private func asked(_ actions: [DoubtMap.Action]) -> (id: InquiryID, words: Int)? {
    for case .perform(.weighWords(let id, let request)) in actions {
      return (id, request.words.count)
    }
    return nil
  }

  @Test mutating func theSentenceAtTheCursorIsReadFirst() throws {
    let screen = Self.screen("One. Two three four. Five six.", cursor: 24)
    let first = try #require(asked(map.handle(screen, &numbering)))
    #expect(first.words == 2)
    #expect(map.handle(screen, &numbering) == [], "one question at a time")
    let likely = Array(repeating: WordDoubt(probability: 0.9), count: 2)
    #expect(map.handle(.inquiry(first.id, .doubts(likely)), &numbering) == [])
    let second = try #require(asked(map.handle(screen, &numbering)))
    #expect(second.words == 3 && map.readCount == 1 && map.sentenceCount == 3)
  }

  @Test mutating func wordsAreKnownByTheTextOfTheirSentence() throws {
    let first = try #require(asked(map.handle(Self.screen("Two qx."), &numbering)))
    let answer = [WordDoubt(probability: 0.9), WordDoubt(probability: 0.0002)]
    _ = map.handle(.inquiry(first.id, .doubts(answer)), &numbering)
    #expect(map.handle(Self.screen("Two qx."), &numbering) == [])
    #expect(map.doubtful.map(\.range) == [4..<6] && map.word(at: 6)?.range == 4..<6)
    // Elsewhere, after an edit before it.
    _ = map.handle(Self.screen("Yes it is. Two qx.", revision: 1), &numbering)
    #expect(map.doubtful.map(\.range) == [15..<17])
  }

  @Test mutating func typingWithdrawsAndWaits() throws {
    let first = try #require(asked(map.handle(Self.screen("Two three."), &numbering)))
    let edited = Self.screen("Two threee.", revision: 1)
    #expect(
      map.handle(edited, &numbering) == [
        .perform(.withdraw(first.id)),
        .perform(.wake(.doubts, afterMilliseconds: DoubtMap.restMilliseconds)),
      ])
    #expect(map.handle(.inquiry(first.id, .doubts([])), &numbering) == [], "withdrawn")
    #expect(map.handle(edited, &numbering) == [])
    #expect(map.handle(.rested, &numbering) == [])
    #expect(asked(map.handle(edited, &numbering)) != nil)
  }

  @Test mutating func aBusyEngineIsNotAsked() throws {
    #expect(map.handle(Self.screen("Two three.", isEngineBusy: true), &numbering) == [])
    let first = try #require(asked(map.handle(Self.screen("Two three."), &numbering)))
    #expect(
      map.handle(Self.screen("Two three.", isEngineBusy: true), &numbering)
        == [.perform(.withdraw(first.id))])
  }

  @Test(arguments: [InquiryReply.doubts([]), .failed("no model")])
  mutating func aModelThatCannotScoreEndsIt(_ reply: InquiryReply) throws {
    let first = try #require(asked(map.handle(Self.screen("Two three."), &numbering)))
    let actions = map.handle(.inquiry(first.id, reply), &numbering)
    #expect(actions.count == 1)
    guard case .fail? = actions.first else { return #expect(Bool(false), "\(actions)") }
  }
}
