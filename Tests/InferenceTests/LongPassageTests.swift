import Decoding
import DecodingPolicies
import Infilling
import Testing

@testable import Inference

/// Passages longer than one canvas.
@Suite struct LongPassageTests {
  let model: TemporaryModel
  let sentence = " The river was quiet in the evening, and snow fell on the old stone road."

  init() throws { model = try TemporaryModel() }

  var request: InfillRequest {
    var request = InfillRequest(
      prefix: "The old harbour.", original: String(repeating: sentence, count: 40),
      suffix: " The end.\n")
    request.settings.unmasking = .steps(6, .linear)
    return request
  }

  @Test func aLongPassageIsFilledPartByPart() async throws {
    let session = try await model.infiller().begin(request.masked)
    #expect(session.notice?.contains("parts") == true)
    let count = session.canvas.count
    #expect(count > 600 && session.canvas.allSatisfy { $0 == .open })
    let steps = try await session.steps()
    let last = try #require(steps.last)
    #expect(last.isLast && last.masksLeft == 0)
    #expect(steps.dropLast().allSatisfy { !$0.isLast && $0.masksLeft > 0 })
    #expect(steps.map(\.index) == Array(1...steps.count))
    #expect(zip(steps, steps.dropFirst()).allSatisfy { $0.forwardPasses < $1.forwardPasses })
    // What is filled stays; masks stand behind it.
    var filled = 0
    for (before, after) in zip(steps, steps.dropFirst()) {
      let committed = before.cells.firstIndex { $0.state == .open } ?? before.cells.count
      #expect(committed >= filled)
      #expect(before.cells[..<committed].map(\.text) == after.cells[..<committed].map(\.text))
      filled = committed
    }
    #expect(steps.allSatisfy { $0.changed.allSatisfy($0.cells.indices.contains) })
    #expect(try await session.next() == nil)
  }

  @Test func aPassageThatFitsIsFilledAtOnce() async throws {
    var request = request
    request.original = sentence
    #expect(try await model.infiller().begin(request.masked).notice == nil)
  }

  @Test func aCanvasOfAPartFilledPassageGoesOn() async throws {
    let infiller = try model.infiller()
    let request = request.masked
    let whole = try await infiller.begin(request).steps()
    var branch = request
    branch.canvas = whole[whole.count / 2].cells
    let last = try #require(try await infiller.begin(branch).steps().last)
    #expect(last.isLast && last.masksLeft == 0)
  }

  @Test func whatTakesLongSaysSoBeforehand() {
    var settings = DecodingConfiguration()
    settings.unmasking = .quality(3)
    var pace = SearchPace(parameters: 135_000_000)
    #expect(pace.words(parts: 1, settings) == nil)
    #expect(pace.words(parts: 20, settings) == "takes about 25 seconds")
    #expect(SearchPace(parameters: 1000).words(parts: 20, settings) == nil)
    settings.unmasking = .quality(5)
    #expect(pace.words(parts: 1, settings) == "takes about 10 seconds")
    settings.unmasking = .budget(milliseconds: 60_000)
    #expect(pace.words(parts: 2, settings) == "takes about 2 minutes")
    // A machine ten times as slow.
    settings.unmasking = .quality(3)
    for _ in 0..<20 { pace.learn(13_000, settings) }
    #expect(pace.words(parts: 1, settings) == "takes about 15 seconds")
  }

  @Test func partsEndWithSentences() {
    // Token 9 ends a sentence.
    let original = (0..<1000).map { $0 % 50 == 49 ? 9 : 1 }
    let parts = PassageParts(
      canvas: nil, original: original, limit: 512, isEnd: { $0 == 9 }, slots: { $0 + $0 / 4 }
    ).parts
    #expect(parts.map(\.original.lowerBound) == stride(from: 0, to: 1000, by: 50).map(\.self))
    #expect(parts.last?.original.upperBound == 1000)
    #expect(parts.reduce(0) { $0 + $1.canvas.count } == 1250)
    #expect(abs(parts.reduce(0) { $0 + $1.share } - 1) < 1e-9)
    let none = PassageParts(
      canvas: nil, original: [], limit: 512, isEnd: { _ in false }, slots: { _ in 1500 }
    ).parts
    #expect(none.reduce(0) { $0 + $1.canvas.count } == 1500 && none.count > 1)
  }
}
