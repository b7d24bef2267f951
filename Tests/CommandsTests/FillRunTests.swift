import Commands
import DecodingPolicies
import Documents
import Editing
import Infilling
import Synchronization
import Testing

@testable import palimpsest

/// Not the editor's, which has the same name.
private typealias Passage = palimpsest.Passage

struct FillRunTests {
  private func fill(
    _ text: String, _ passages: [Passage], _ infiller: ScriptedInfiller,
    _ output: any FillOutput = SilentFillOutput()
  ) async throws -> String {
    var run = FillRun(
      document: Document(text), passages: passages, settings: DecodingConfiguration(seed: 9))
    try await run.perform(infiller, output)
    return String(decoding: try run.document.contents(), as: UTF8.self)
  }

  @Test func laterPassagesSeeEarlierOnes() async throws {
    let text = "a {{one}} b {{two}} c"
    let infiller = ScriptedInfiller(["longer", " text"])
    let passages = try Passage.marked("{{", "}}", in: Text(text))
    #expect(try await fill(text, passages, infiller) == "a longer text b longer text c")
    #expect(infiller.requests.map(\.prefix) == ["a ", "a longer text b "])
    #expect(infiller.requests.map(\.original) == ["one", "two"])
    #expect(infiller.requests.map(\.suffix) == [" b two c", " c"])
    #expect(infiller.requests.allSatisfy { $0.settings.seed == 9 })
  }

  @Test func lineEndsAndByteOrderMarkStay() async throws {
    let text = "\u{FEFF}a\r\nb\r\nc"
    let infiller = ScriptedInfiller(["x\ny"])
    let passage = try Passage(span: "2:1-2:2", in: Document(text).text)
    #expect(try await fill(text, [passage], infiller) == "\u{FEFF}a\r\nx\r\ny\r\nc")
    #expect(infiller.requests[0].prefix == "a\n")
    #expect(infiller.requests[0].suffix == "\nc")
  }

  @Test func contextIsCutBetweenCharacters() async throws {
    let text =
      String(repeating: "é", count: InfillRequest.reach.before) + "x"
      + String(repeating: "ü", count: InfillRequest.reach.before)
    let at = InfillRequest.reach.before * 2
    let infiller = ScriptedInfiller(["y"])
    _ = try await fill("a" + text + "b", [Passage(at + 1..<at + 2)], infiller)
    #expect(infiller.requests[0].prefix.allSatisfy { $0 == "é" })
    #expect(infiller.requests[0].suffix.allSatisfy { $0 == "ü" })
  }

  /// The editor and the command ask the same of the engine.
  @Test func theEditorAsksTheSame() async throws {
    let text = "\u{FEFF}é one\r\ntwo three\r\n" + String(repeating: "ü\r\n", count: 9000)
    let infiller = ScriptedInfiller(["x"])
    let document = Document(text)
    let passage = try Passage(span: "2:1-2:4", in: document.text)
    _ = try await fill(text, [passage], infiller)
    var editor = Editor(document: document, settings: EditorSettings())
    var asked: [InfillRequest] = []
    for key in ["Down", "Home", "Shift-Right", "Shift-Right", "Shift-Right", "Alt-Enter"] {
      for case .beginRun(_, let request) in editor.update(.key(Key(key)!)) {
        asked.append(request)
      }
    }
    #expect(asked.first?.prefix == infiller.requests[0].prefix)
    #expect(asked.first?.original == infiller.requests[0].original)
    #expect(asked.first?.suffix == infiller.requests[0].suffix)
  }

  @Test func candidatesTakeTurnsAndTheLikeliestStays() async throws {
    let infiller = ScriptedInfiller(["one", " two"])
    var settings = DecodingConfiguration(temperature: 0.5, seed: 3)
    settings.slots = nil
    var run = FillRun(
      document: Document("a b"), passages: [Passage(2..<3)], settings: settings,
      ranking: CandidateRanking(count: 3) { texts, _ in
        #expect(texts == ["one two", "one two", "one two"])
        return [-3, -1, -2].map { CandidateScore(passage: .init(logProbability: $0, tokens: 1)) }
      })
    try await run.perform(infiller, SilentFillOutput())
    #expect(run.texts == ["one two"])
    // The first asks how long a try is.
    #expect(infiller.requests.dropFirst().map(\.settings.seed) == [3, 4, 5])
    #expect(infiller.requests.dropFirst().map(\.settings.slots) == [nil, 2, 3])
  }

  /// One search where it finds enough; its own best stays, whatever the scores of the others.
  @Test func candidatesAreWhatASearchFinds() async throws {
    let infiller = ScriptedInfiller(["one", " two"], others: ["three", "one two", "four"])
    var run = FillRun(
      document: Document("a b"), passages: [Passage(2..<3)],
      settings: DecodingConfiguration(seed: 3),
      ranking: CandidateRanking(count: 3) { texts, _ in
        #expect(texts == ["one two", "three", "four"])
        return [-3, -1, -2].map { CandidateScore(passage: .init(logProbability: $0, tokens: 1)) }
      })
    try await run.perform(infiller, SilentFillOutput())
    #expect(run.texts == ["one two"])
    #expect(infiller.requests.map(\.settings.seed) == [3])
  }

  @Test func whereASearchFindsTooFewAnotherSeedIsSearched() async throws {
    let infiller = ScriptedInfiller(["one"], others: ["three"])
    var run = FillRun(
      document: Document("a b"), passages: [Passage(2..<3)],
      settings: DecodingConfiguration(seed: 3),
      ranking: CandidateRanking(count: 3) { texts, _ in
        #expect(texts == ["one", "three"])
        return texts.map { _ in CandidateScore(passage: .init(logProbability: -1, tokens: 1)) }
      })
    try await run.perform(infiller, SilentFillOutput())
    #expect(run.texts == ["one"])
    #expect(infiller.requests.map(\.settings.seed) == [3, 4, 5])
  }

  @Test func jsonSaysHowASearchStandsAndWhatItFinds() async throws {
    let collected = Collector()
    _ = try await fill(
      "a b", [Passage(2..<3)], ScriptedInfiller(["x", "y"], others: ["z"]),
      JSONFillOutput { collected.append($0) })
    #expect(collected.lines.count == 3)
    #expect(
      collected.lines[0].hasSuffix(
        #""masksLeft":1,"search":{"stage":"drafting","tries":4,"alive":3,"join":null}}"# + "\n"))
    #expect(
      collected.lines[1].hasSuffix(
        #""search":{"stage":"polishing","tries":4,"alive":0,"join":1.25}}"# + "\n"))
    #expect(
      collected.lines[2]
        == #"{"passage":1,"candidates":[{"text":"xy","seed":"9","slots":2,"chosen":true},{"text":"z","seed":"9","slots":2,"chosen":false}]}"#
        + "\n")
  }

  @Test func theTerminalShowsHowASearchStands() {
    let search = SearchProgress(stage: .drafting, drafts: 16, alive: 12)
    #expect(
      WatchFillOutput.status(
        InfillStep(
          index: 3, cells: [.open], changed: [], milliseconds: 12.4, forwardPasses: 3,
          search: search)) == "drafting 12/16  12 ms  3 passes")
    #expect(
      WatchFillOutput.status(
        InfillStep(index: 3, cells: [.open], changed: [], plannedSteps: 8, milliseconds: 12.4))
        == "step 3/8  12 ms  1 mask left")
  }

  @Test func anInstructionNeedsAModelThatFollowsIt() async throws {
    func run(_ infiller: ScriptedInfiller) async throws -> [String] {
      var notices: [String] = []
      var run = FillRun(
        document: Document("a b"), passages: [Passage(2..<3)], settings: DecodingConfiguration(),
        instruction: "shorter")
      run.notify = { notices.append($0) }
      try await run.perform(infiller, SilentFillOutput())
      return notices
    }
    let deaf = ScriptedInfiller(["x"])
    await #expect(throws: CommandFailure.self) { try await run(deaf) }
    #expect(deaf.requests.isEmpty)
    let infiller = ScriptedInfiller(["x"], notice: "in two windows", followsInstructions: true)
    #expect(try await run(infiller) == ["in two windows"])
    #expect(infiller.requests.map(\.instruction) == ["shorter"])
  }

  @Test(arguments: [true, false]) func onlyAModelThatTakesGuidanceGetsAny(takes: Bool) async throws
  {
    let infiller = ScriptedInfiller(["x"], followsInstructions: true, takesGuidance: takes)
    var run = FillRun(
      document: Document("a b"), passages: [Passage(2..<3)], settings: DecodingConfiguration(),
      instruction: "shorter", instructionGuidance: 1.5)
    try await run.perform(infiller, SilentFillOutput())
    #expect(infiller.requests.map(\.settings.guidance) == [takes ? 1.5 : 0])
  }

  @Test func jsonHasOneObjectAStep() async throws {
    let collected = Collector()
    let output = JSONFillOutput { collected.append($0) }
    let document = try await fill(
      "a b", [Passage(2..<3)], ScriptedInfiller(["é\u{1B}", "y"]), output)
    try output.finished(texts: ["é\u{1B}y"], document: Array(document.utf8))
    #expect(
      collected.lines == [
        #"{"passage":1,"step":1,"canvas":["é\u001b",null],"changed":[{"slot":0,"token":0,"text":"é\u001b","confidence":0.5,"alternatives":[{"token":7,"text":" or","probability":0.25}]}],"milliseconds":1.5,"forwardPasses":1,"masksLeft":1}"#
          + "\n",
        #"{"passage":1,"step":2,"canvas":["é\u001b","y"],"changed":[{"slot":1,"token":1,"text":"y","confidence":0.5,"alternatives":[{"token":7,"text":" or","probability":0.25}]}],"milliseconds":1.5,"forwardPasses":2,"masksLeft":0}"#
          + "\n",
        #"{"passages":["é\u001by"],"document":"a é\u001by","tokens":2,"forwardPasses":2,"tokensPerForward":1.0,"tokensPerSecond":666.666667,"milliseconds":3.0}"#
          + "\n",
      ])
  }
}

final class Collector: Sendable {
  private let kept = Mutex<[String]>([])
  func append(_ line: String) { kept.withLock { $0.append(line) } }
  var lines: [String] { kept.withLock { $0 } }
}
