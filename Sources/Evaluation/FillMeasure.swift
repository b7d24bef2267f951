/// What one fill is worth, and what it cost.
public struct FillMeasure: Sendable, Equatable {
  /// NLL a token of the fill under the base: fluency. Nats.
  public var fill = 0.0
  /// NLL a token of the suffix's beginning under the base, after the fill.
  public var suffix = 0.0
  /// Both over all their tokens.
  public var joint = 0.0
  /// Share of the original's tokens that the fill has in their places.
  public var equal = 0.0
  public var rougeL = 0.0
  /// Difference of the lengths, in tokens.
  public var lengthError = 0.0
  public var tokens = 0.0
  /// Steps of denoising; for the base, tokens.
  public var steps = 0.0
  /// Forward passes of any size, those over the suffix and committed tokens included.
  public var forwardPasses = 0.0
  /// The prefix encoded before.
  public var milliseconds = 0.0

  public init() {}

  public var tokensPerForwardPass: Double { tokens / max(forwardPasses, 1) }
  public var tokensPerStep: Double { tokens / max(steps, 1) }

  /// The values by name, in the order of tables.
  static var fields: [(name: String, path: WritableKeyPath<FillMeasure, Double>)] {
    [
      ("fill", \.fill), ("suffix", \.suffix), ("joint", \.joint), ("equal", \.equal),
      ("rougeL", \.rougeL), ("lengthError", \.lengthError), ("tokens", \.tokens),
      ("steps", \.steps), ("forwardPasses", \.forwardPasses), ("milliseconds", \.milliseconds),
    ]
  }

  /// Means of every value. Zeros for no measures.
  static func mean(_ measures: [FillMeasure]) -> FillMeasure {
    var result = FillMeasure()
    for (_, path) in fields {
      result[keyPath: path] =
        measures.reduce(0) { $0 + $1[keyPath: path] } / Double(max(measures.count, 1))
    }
    return result
  }
}
