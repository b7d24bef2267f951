import Editing
import Infilling
import TestSupport
import Testing

@testable import palimpsest

/// What the driver tells the main loop.
@MainActor
@Suite struct FillDriverTests {
  private let arrived = AsyncStream<Void>.makeStream()
  private let mailbox: Mailbox
  private let driver: FillDriver
  private let infiller = ScriptedInfiller(["one", " two"])

  init() {
    let continuation = arrived.continuation
    mailbox = Mailbox { continuation.yield() }
    driver = FillDriver(infiller: infiller, mailbox: mailbox)
  }

  /// Events until `count` of those wanted have come.
  private func events(_ count: Int, where isWanted: (Event) -> Bool) async -> [Event] {
    var events: [Event] = []
    for await _ in arrived.stream {
      for delivery in mailbox.take() {
        switch delivery {
        case .event(let event): events.append(event)
        case .step(let run, let reply, _): events.append(.run(run, reply))
        case .session(let id, let session):
          if let event = driver.keep(id, session) { events.append(event) }
        case .answer(let id, let reply):
          if driver.isAwaited(id) { events.append(.inquiry(id, reply)) }
        case .saved, .document, .disk: break
        }
      }
      if events.count(where: isWanted) >= count { break }
    }
    return events
  }

  private static let request = InfillRequest(prefix: "", original: "x", suffix: "")

  private static func begun(_ event: Event) -> Bool {
    if case .run(_, .began) = event { true } else { false }
  }

  @Test func triesBeginTogetherAndStepApart() async {
    let runs = [RunID.candidate(1), RunID.candidate(2), RunID.candidate(3)]
    driver.begin(runs.map { RunStart($0, Self.request) })
    driver.drop(RunID.candidate(2))
    let begun = await events(2, where: Self.begun)
    #expect(begun.count(where: Self.begun) == 2)
    #expect(infiller.requests.count == 3)
    for _ in 0..<2 {
      for run in runs { driver.step(run, delay: .zero) }
      let steps = await events(2) { if case .run(_, .step) = $0 { true } else { false } }
      #expect(steps.count == 2)
    }
    driver.dropAll()
  }

  /// However runs are stopped and resumed: every step of each is in its record, in order.
  @Test(arguments: 1...8)
  func noStepIsLostOrOutOfPlace(_ seed: Int) async {
    var random = Mutator(seed: seed)
    let infiller = ScriptedInfiller((0..<30).map { " w\($0)" })
    let driver = FillDriver(infiller: infiller, mailbox: mailbox)
    let runs = [RunID.candidate(1), RunID.candidate(2), RunID.candidate(3), RunID.candidate(4)]
    driver.begin(runs.map { RunStart($0, Self.request) })
    var records: [RunID: [Int]] = [:]
    var begun = 0
    var ended: Set<RunID> = []
    for await _ in arrived.stream {
      for delivery in mailbox.take() {
        switch delivery {
        case .session(let id, let session): if driver.keep(id, session) != nil { begun += 1 }
        case .step(let id, .step(let step), _):
          records[id, default: []].append(step.index)
          if step.isLast { ended.insert(id) }
        default: break
        }
      }
      guard begun == runs.count else { continue }
      if ended.count == runs.count { break }
      for run in runs where !ended.contains(run) {
        // Asked twice, stopped in the middle, asked again.
        let delay = Duration.milliseconds(random.next(3))
        driver.step(run, delay: delay)
        if random.next(2) == 0 { driver.cancel(run) }
        if random.next(2) == 0 { driver.step(run, delay: .zero) }
      }
      mailbox.post(.event(.woke(.fading)))
    }
    for run in runs { #expect(records[run] == Array(1...30), "seed \(seed), \(run)") }
    driver.dropAll()
  }

  @Test func withdrawnQuestionsAreNotAnswered() async {
    driver.score(.ranking(1), ["a"], Self.request)
    driver.withdraw(.ranking(1))
    driver.weigh(.refinement(2), DoubtRequest(text: "a", words: [0..<1]))
    driver.score(.ranking(3), ["a"], Self.request)
    let answers = await events(2) {
      switch $0 {
      case .inquiry: true
      default: false
      }
    }
    #expect(answers.contains(.inquiry(.refinement(2), .doubts([]))))
    #expect(answers.contains(.inquiry(.ranking(3), .scores([]))))
    #expect(!answers.contains(.inquiry(.ranking(1), .scores([]))))
  }

  @Test func oneReadingIsUnderWay() async throws {
    var other = Self.request
    other.original = "y"
    driver.readAhead(Self.request)
    try await eventually("the reading") { !infiller.read.begun.isEmpty }
    #expect(infiller.read.ended == 0)
    driver.readAhead(other)
    try await eventually("the other reading") {
      infiller.read.begun.count == 2 && infiller.read.ended == 1
    }
    #expect(infiller.read.begun == [Self.request, other])
    driver.readAhead(nil)
    try await eventually("the end of both") { infiller.read.ended == 2 }
  }

  @Test func theModelIsLoadedByItself() async {
    driver.prepare()
    let events = await events(1) { if case .model(.ready) = $0 { true } else { false } }
    #expect(events.count == 1)
  }
}
