import Infilling
import Synchronization

/// Fills every passage with fixed words, one a step, and keeps the requests.
final class ScriptedInfiller: Infiller {
  let words: [String]
  let notice: String?
  let followsInstructions: Bool
  let takesGuidance: Bool
  /// What it finds besides; it searches if that is not nil.
  let others: [String]?
  private let asked = Mutex<[InfillRequest]>([])
  private let readings = Mutex((begun: [InfillRequest](), ended: 0))

  init(
    _ words: [String], notice: String? = nil, followsInstructions: Bool = false,
    takesGuidance: Bool = true, others: [String]? = nil
  ) {
    self.words = words
    self.others = others
    self.notice = notice
    self.followsInstructions = followsInstructions
    self.takesGuidance = takesGuidance
  }

  var requests: [InfillRequest] { asked.withLock { $0 } }

  /// What was read ahead, and how much of it was called off.
  var read: (begun: [InfillRequest], ended: Int) { readings.withLock { $0 } }

  /// Goes on until it is called off.
  func readAhead(_ request: InfillRequest) async throws {
    readings.withLock { $0.begun.append(request) }
    defer { readings.withLock { $0.ended += 1 } }
    try await Task.sleep(for: .seconds(1000))
  }

  func prepare() async throws -> ModelSummary {
    ModelSummary(
      name: "script", parameters: 0, backend: "none", followsInstructions: followsInstructions,
      takesGuidance: takesGuidance, searches: others != nil)
  }

  func begin(_ request: InfillRequest) async throws -> any InfillSession {
    asked.withLock { $0.append(request) }
    return Session(words, notice: notice, others: others)
  }

  private final class Session: InfillSession {
    let canvas: [InfillCell]
    let notice: String?
    private let words: [String]
    private let others: [String]?
    private let done = Mutex(0)

    init(_ words: [String], notice: String?, others: [String]?) {
      self.words = words
      self.others = others
      self.notice = notice
      canvas = words.map { _ in .open }
    }

    func next() async throws -> InfillStep? {
      let count = done.withLock { count -> Int? in
        guard count < words.count else { return nil }
        count += 1
        return count
      }
      guard let count else { return nil }
      let cells = words.indices.map { index in
        index < count
          ? InfillCell(
            state: .draft, token: index, text: words[index], confidence: 0.5,
            alternatives: [InfillAlternative(token: 7, text: " or", probability: 0.25)]) : .open
      }
      let isLast = count == words.count
      return InfillStep(
        index: count, cells: cells, changed: [count - 1],
        plannedSteps: others == nil ? words.count : nil,
        milliseconds: 1.5, forwardPasses: count, isLast: isLast,
        search: others.map { _ in
          SearchProgress(
            stage: isLast ? .polishing : .drafting, drafts: 4, alive: isLast ? 0 : 3,
            join: isLast ? 1.25 : nil)
        },
        others: isLast ? (others ?? []).map { [InfillCell(state: .draft, text: $0)] } : [])
    }
  }
}
