import DecodingPolicies
import Foundation
import Inference
import Infilling
import Tensors
import Testing

@Suite struct LocalInfillerTests {
  let model: TemporaryModel
  let request = InfillRequest(
    prefix: "The old harbour was ", original: "quiet in the evening", suffix: " and snow fell.\n")

  init() throws { model = try TemporaryModel() }

  func run(_ request: InfillRequest, threads: Int = 2) async throws -> [InfillStep] {
    try await model.infiller(threads: threads).begin(request).steps()
  }

  @Test func summaryNamesTheModel() async throws {
    let summary = try await model.infiller().prepare()
    #expect(summary.parameters > 10_000 && summary.backend.contains("threads"))
  }

  @Test func stepsFillTheCanvas() async throws {
    let session = try await model.infiller().begin(request)
    // " quiet in the evening" is four tokens here.
    #expect(session.canvas == Array(repeating: .open, count: 4))
    let steps = try await session.steps()
    let last = try #require(steps.last)
    #expect(last.isLast && last.masksLeft == 0 && !last.text.isEmpty)
    #expect(steps.map(\.index) == Array(1...steps.count))
    #expect(steps.dropLast().allSatisfy { !$0.isLast })
    #expect(steps.allSatisfy { $0.search != nil && $0.milliseconds >= 0 })
    #expect(steps.first?.search?.alive == steps.first?.search?.drafts)
    #expect(zip(steps, steps.dropFirst()).allSatisfy { $0.forwardPasses <= $1.forwardPasses })
    #expect(!last.text.hasPrefix(" "))
    #expect(last.others.allSatisfy { cells in cells.allSatisfy { $0.state == .draft } })
    #expect(try await session.next() == nil)
  }

  @Test(arguments: [0, 0.7])
  func theSameSeedGivesTheSameStepsOnAnyThreads(temperature: Double) async throws {
    var request = request
    request.settings.temperature = temperature
    request.settings.seed = 11
    func plain(_ steps: [InfillStep]) -> [InfillStep] {
      steps.map { step in
        var step = step
        step.milliseconds = 0
        return step
      }
    }
    let one = try await run(request, threads: 1)
    let three = try await run(request, threads: 3)
    #expect(plain(one) == plain(three))
  }

  @Test func anotherSeedDraftsOtherWords() async throws {
    var runs: Set<[String]> = []
    var request = request
    for seed in UInt64(0)..<6 {
      request.settings.seed = seed
      runs.insert(try await run(request).map(\.text))
    }
    #expect(runs.count == 6)
  }

  /// Filled mask by mask at temperature 0, a passage is the most probable one whatever the seed.
  @Test func masksAreFilledGreedilyAtZero() async throws {
    var request = request.masked
    let infiller = try model.infiller()
    let greedy = try await infiller.begin(request).steps().last?.text
    request.settings.seed = 99
    #expect(try await infiller.begin(request).steps().last?.text == greedy)
  }

  @Test func whatIsReadAheadIsNotReadAgain() async throws {
    var request = request
    request.prefix = String(repeating: "The old harbour was quiet, and snow fell. ", count: 20)
    request.suffix += request.prefix
    let plain = try await run(request)
    #expect((plain.first?.forwardPasses ?? 0) >= 2)
    let infiller = try model.infiller()
    // Nothing is loaded for it.
    try await infiller.readAhead(request)
    _ = try await infiller.prepare()
    // What is called off may be asked for again.
    let reading = Task { [request] in try await infiller.readAhead(request) }
    reading.cancel()
    _ = await reading.result
    try await infiller.readAhead(request)
    let steps = try await infiller.begin(request).steps()
    #expect(steps.first?.forwardPasses == 0)
    #expect(steps.map(\.cells) == plain.map(\.cells))
  }

  @Test func aCanvasGoesOnWhereItWas() async throws {
    let infiller = try model.infiller()
    let whole = try await infiller.begin(request).steps()
    let middle = try #require(whole.first { $0.masksLeft == 1 })
    var branch = request
    branch.canvas = middle.cells
    branch.settings.unmasking = .threshold(0.9)
    let session = try await infiller.begin(branch)
    #expect(session.canvas.map(\.token) == middle.cells.map(\.token))
    #expect(session.canvas.map(\.text) == middle.cells.map(\.text))
    let last = try #require(try await session.steps().last)
    #expect(
      zip(middle.cells, last.cells).prefix { $0.0.state == .draft }.allSatisfy {
        $0.0.token == $0.1.token
      })
  }

  /// The blank before the passage is the first token's.
  @Test func aTypedPassageIsTokenisedAsTheModelKnowsIt() async throws {
    var typed = request
    typed.original = "quiet in the evening."
    typed.suffix = " Then snow fell.\n"
    func canvas(_ texts: String...) async throws -> [InfillCell] {
      var request = typed
      request.canvas = texts.map { InfillCell(state: .draft, text: $0, confidence: 1) }
      return try await model.infiller().begin(request).canvas
    }
    let whole = try await canvas("quiet", " in the evening", ".")
    #expect(whole.map(\.text).joined() == "quiet in the evening.")
    #expect(try await canvas(" quiet in the evening.").map(\.token) == whole.map(\.token))
    let words = try await canvas("quiet", " in the evening")
    #expect(words.map(\.token) == whole.dropLast().map(\.token))
  }

  @Test func pinnedCellsStayAndTypedTextIsTokenised() async throws {
    var branch = request
    branch.settings.lengthMayChange = false
    branch.canvas = [
      .open, InfillCell(state: .pinned, text: " river lamp"), .open, InfillCell(state: .deleted),
      .open,
    ]
    let session = try await model.infiller().begin(branch)
    #expect(session.canvas.map(\.state) == [.open, .pinned, .pinned, .open, .open])
    let last = try #require(try await session.steps().last)
    #expect(last.text.contains(" river lamp"))
    #expect(last.cells.count { $0.state == .pinned } == 2 && last.cells[1].state == .pinned)
    branch.canvas = [InfillCell(state: .pinned, text: " river")]
    #expect(try await model.infiller().begin(branch).next() == nil)
  }

  @Test func fixedLengthKeepsTheSlots() async throws {
    var request = request
    request.settings.lengthMayChange = false
    let steps = try await run(request)
    #expect(steps.allSatisfy { $0.cells.count == 4 })
    request.settings.slots = 9
    #expect(try await run(request).last?.cells.count == 9)
  }

  @Test func stepsAreAsManyAsPlanned() async throws {
    var request = request
    request.settings.lengthMayChange = false
    request.settings.slots = 12
    request.settings.unmasking = .steps(5, .cosine)
    let steps = try await run(request)
    #expect((2...5).contains(steps.count) && steps.allSatisfy { $0.plannedSteps == 5 })
  }

  @Test func textAtEitherEndOfTheDocument() async throws {
    for (prefix, suffix) in [("", ""), ("", " and"), ("The old\n", ""), ("  ", "stone")] {
      var request = request
      request.prefix = prefix
      request.suffix = suffix
      let text = try #require(try await run(request).last?.text)
      #expect(!text.hasPrefix(" "), "after “\(prefix)”")
    }
    var empty = request
    empty.original = ""
    #expect(try await model.infiller().begin(empty).canvas.count == 12)
  }

  @Test func cancelledStepsCanBeAskedAgain() async throws {
    let session = try await model.infiller().begin(request)
    let task = Task {
      unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
      return try await session.next()
    }
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(try await session.steps().last?.isLast == true)
  }

  @Test func sessionsInterleave() async throws {
    let infiller = try model.infiller()
    var other = request
    other.prefix = "A quiet garden "
    let (a, b) = (try await infiller.begin(request), try await infiller.begin(other))
    let alone = try await run(other).last?.text
    var last: (InfillStep?, InfillStep?)
    while true {
      let (x, y) = (try await a.next(), try await b.next())
      if x == nil && y == nil { break }
      last = (x ?? last.0, y ?? last.1)
    }
    #expect(last.0?.isLast == true && last.1?.text == alone)
  }

  @Test func aModelWithoutAdapterScoresNoWords() async throws {
    try FileManager.default.removeItem(atPath: model.folder + "/adapter.safetensors")
    await #expect(throws: InferenceError.cannotInfill(path: model.folder, family: "llama")) {
      try await model.infiller().doubts(about: DoubtRequest(text: "the boat", words: [4..<8]))
    }
  }

  @Test func anAdapterOfAnotherBaseIsRefused() async throws {
    let other = try TemporaryModel(seed: 2)
    let infiller = try LocalInfiller(
      model: model.folder, adapter: other.folder + "/adapter.safetensors")
    await #expect(throws: InferenceError.self) { try await infiller.prepare() }
  }

  @Test func theBaseIsDigestedOnce() async throws {
    _ = try await model.infiller().prepare()
    let record = model.folder + "/model.safetensors.sha256"
    let text = try String(contentsOfFile: record, encoding: .utf8)
    #expect(text.split(separator: " ").count == 3)
    _ = try await model.infiller().prepare()
  }

  @Test func aMissingModelSaysWhatToDo() async throws {
    let infiller = try LocalInfiller(model: "/nowhere/model.gguf")
    await #expect(throws: InferenceError.noModel("/nowhere/model.gguf")) {
      try await infiller.prepare()
    }
    #expect(InferenceError.noDefaultModel(path: "x").description.contains("model fetch"))
  }
}
