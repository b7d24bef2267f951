/// Time spent in the parts of passes, summed over layers and passes.
public final class StageTimes {
  public enum Stage: String, Sendable, CaseIterable {
    case embedding
    case norms
    case queryKeyValue = "q, k, v"
    case rotation
    case attention
    case output = "attention output"
    case gateUp = "gate, up"
    case activation = "swiglu"
    case down
    case adapter
    case head
    case confidences
  }

  public private(set) var durations: [Stage: Duration] = [:]
  private let clock = ContinuousClock()

  public init() {}

  /// Runs `body` and adds its time to `stage`.
  package func measure<Result>(_ stage: Stage, _ body: () throws -> Result) rethrows -> Result {
    let start = clock.now
    defer { durations[stage, default: .zero] += clock.now - start }
    return try body()
  }
}

extension StageTimes? {
  /// As `StageTimes.measure`; without times only runs `body`.
  package func measure<Result>(_ stage: StageTimes.Stage, _ body: () throws -> Result) rethrows
    -> Result
  {
    guard let self else { return try body() }
    return try self.measure(stage, body)
  }
}
