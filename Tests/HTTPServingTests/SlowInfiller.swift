import Infilling
import Synchronization

/// Writes the text before the passage backwards, a word a step, so that an answer tells whose it is;
/// a step takes as long as it is told to.
final class SlowInfiller: Infiller {
  private let pause: Duration
  private let state = Mutex((open: 0, begun: 0))

  init(pause: Duration = .zero) { self.pause = pause }

  var open: Int { state.withLock { $0.open } }
  var begun: Int { state.withLock { $0.begun } }

  static func text(_ prefix: String) -> String {
    prefix.split(separator: " ").reversed().map { "\($0) " }.joined()
  }

  func prepare() async throws -> ModelSummary {
    ModelSummary(name: "slow", parameters: 0, backend: "none")
  }

  func begin(_ request: InfillRequest) async throws -> any InfillSession {
    state.withLock {
      $0.open += 1
      $0.begun += 1
    }
    return Session(self, request.prefix.split(separator: " ").reversed().map { "\($0) " })
  }

  private final class Session: InfillSession {
    let canvas: [InfillCell]
    private let infiller: SlowInfiller
    private let words: [String]
    private let done = Mutex(0)

    init(_ infiller: SlowInfiller, _ words: [String]) {
      self.infiller = infiller
      self.words = words
      canvas = words.map { _ in .open }
    }

    deinit { infiller.state.withLock { $0.open -= 1 } }

    func next() async throws -> InfillStep? {
      if infiller.pause > .zero { try await Task.sleep(for: infiller.pause) }
      try Task.checkCancellation()
      let count = done.withLock { count in
        count += 1
        return count
      }
      guard count <= words.count else { return nil }
      let cells = words.indices.map {
        $0 < count ? InfillCell(state: .draft, text: words[$0], confidence: 0.5) : .open
      }
      return InfillStep(
        index: count, cells: cells, changed: [count - 1], isLast: count == words.count)
    }
  }
}
