import DecodingPolicies
import Editing
import Infilling

/// An engine that passages a passage with made-up words, two slots a step, from the outside in.
struct ScriptedEngine {
  private struct Session {
    var tokens: [String]
    var cells: [InfillCell]
    var steps = 0
  }

  private var sessions: [RunID: Session] = [:]

  /// The words a request is filled with, one slot each: as many as the original has, and one more.
  static func words(for request: InfillRequest) -> [String] {
    let count = request.original.split(whereSeparator: \.isWhitespace).count + 1
    return (0..<count).map { ($0 == 0 ? "" : " ") + "s\(request.settings.seed)w\($0)" }
  }

  static func text(for request: InfillRequest) -> String { words(for: request).joined() }

  mutating func begin(_ run: RunID, _ request: InfillRequest) -> Event {
    let words = Self.words(for: request)
    let cells = request.canvas ?? Array(repeating: .open, count: words.count)
    let tokens = cells.indices.map { words[$0 % words.count] }
    sessions[run] = Session(tokens: tokens, cells: cells)
    return .run(run, .began(canvas: cells))
  }

  /// The next step; nil for a run that is not known.
  mutating func step(_ run: RunID) -> Event? {
    guard var session = sessions[run] else { return nil }
    let open = session.cells.indices.filter { session.cells[$0].state == .open }
    guard let first = open.first, let last = open.last else { return .run(run, .ended) }
    session.steps += 1
    let changed = Array(Set([first, last])).sorted()
    for slot in changed {
      session.cells[slot] = InfillCell(
        state: .draft, token: slot, text: session.tokens[slot], confidence: 0.5)
    }
    sessions[run] = session
    let step = InfillStep(
      index: session.steps, cells: session.cells, changed: changed, plannedSteps: nil,
      milliseconds: 10, forwardPasses: session.steps,
      isLast: session.cells.allSatisfy { $0.state != .open })
    return .run(run, .step(step))
  }

  /// A text reads the better the shorter it is.
  static func scores(of texts: [String]) -> [CandidateScore] {
    texts.map { CandidateScore(passage: .init(logProbability: -Double($0.utf8.count), tokens: 10)) }
  }

  /// Words that begin with a q are doubted, the longer the more.
  static func doubts(about request: DoubtRequest) -> [WordDoubt] {
    let bytes = Array(request.text.utf8)
    return request.words.map { range in
      let word = String(decoding: bytes[range], as: UTF8.self)
      guard word.hasPrefix("q") else { return WordDoubt(probability: 0.9) }
      return WordDoubt(
        probability: 0.001 / Float(word.count),
        alternatives: [InfillAlternative(token: 1, text: "good", probability: 0.5)])
    }
  }

  mutating func drop(_ run: RunID) { sessions[run] = nil }

  var count: Int { sessions.count }
}
