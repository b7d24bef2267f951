internal import DecodingPolicies
internal import Infilling
internal import JSON

/// What calling an engine shows about it.
public struct EngineCheck: Sendable, Equatable {
  public enum Suffix: Sendable, Equatable {
    /// A word that stands only after the passage was written into it.
    case seen
    /// Another text after the passage gave another passage.
    case matters
    /// The same passage, whatever stands after it.
    case ignored
  }

  /// Milliseconds to the answer of the first call.
  public var reachedAfter: Double
  /// Models that the server lists; nil where it lists none.
  public var models: [String]?
  public var suffix: Suffix
  /// Steps of the first passage that were shown before its last.
  public var steps: Int
  public var confidences: Bool
  /// Whether a word that was pinned came back in its place.
  public var pins: Bool
  /// Milliseconds to the first and the last step of the first passage.
  public var firstStep: Double
  public var lastStep: Double
  /// What the service and its session reported.
  public var notices: [String]
}

extension RemoteInfiller {
  /// Calls the engine a few times with made-up texts. Throws what keeps it from filling a passage;
  /// nothing falls back.
  public func check() async throws -> EngineCheck {
    let greeted = try await greeting()
    let probe = try await fill(Self.request(word: "kestrel"))
    let other = try await fill(Self.request(word: "walnut"))
    let suffix: EngineCheck.Suffix =
      probe.text.lowercased().contains("kestrel") || other.text.lowercased().contains("walnut")
      ? .seen : probe.text == other.text ? .ignored : .matters
    var pinned = Self.request(word: "kestrel")
    pinned.original = ""
    pinned.canvas =
      [.open, .open, InfillCell(state: .pinned, text: " harbour", confidence: 1), .open, .open]
    let withPin = try await fill(pinned)
    return EngineCheck(
      reachedAfter: greeted.milliseconds, models: greeted.models, suffix: suffix,
      steps: max(0, probe.steps - 1), confidences: probe.confidences,
      pins: withPin.text.contains("harbour"), firstStep: probe.first, lastStep: probe.last,
      notices: probe.notices + other.notices)
  }

  /// A text in which the passage can only be known from what follows it.
  private static func request(word: String) -> InfillRequest {
    InfillRequest(
      prefix: "The password that opens the old door is ", original: "sesame",
      suffix: ". Remember it well, the password is \(word).\n",
      settings: DecodingConfiguration())
  }

  private func greeting() async throws -> (milliseconds: Double, models: [String]?) {
    let start = ContinuousClock.now
    let value = try await client.json(client.configuration.engine().greeting)
    let listed = value["data"]?.array ?? value["models"]?.array
    let names = listed?.compactMap { $0["id"]?.string ?? $0["name"]?.string ?? $0["model"]?.string }
    return ((ContinuousClock.now - start) / .milliseconds(1), names.map { Array($0.prefix(100)) })
  }

  private struct Filled {
    var text = ""
    var steps = 0
    var first = 0.0
    var last = 0.0
    var confidences = false
    var notices: [String] = []
  }

  private func fill(_ request: InfillRequest) async throws -> Filled {
    let start = ContinuousClock.now
    let session = try await begin(request)
    var filled = Filled()
    filled.notices += session.notice.map { [$0] } ?? []
    while let step = try await session.next() {
      filled.steps += 1
      filled.last = (ContinuousClock.now - start) / .milliseconds(1)
      if filled.steps == 1 { filled.first = filled.last }
      filled.text = step.text
      filled.notices += step.notice.map { [$0] } ?? []
      filled.confidences =
        filled.confidences
        || step.cells.contains { $0.state == .draft && $0.confidence > 0 && $0.confidence < 1 }
    }
    return filled
  }
}
