/// The results of an evaluation.
public struct EvaluationReport: Sendable, Equatable {
  public struct Row: Sendable, Equatable {
    public var name: String
    /// Means over the windows.
    public var mean: FillMeasure
    /// NLL of the suffix after the fill less that after the base's continuation, window by window:
    /// below zero joins better. nil for fewer than two windows.
    public var suffixGain: Difference?

    public init(_ name: String, _ mean: FillMeasure, suffixGain: Difference? = nil) {
      self.name = name
      self.mean = mean
      self.suffixGain = suffixGain
    }
  }

  /// The mean of paired differences with its standard error.
  public struct Difference: Sendable, Equatable {
    public var mean: Double
    public var standardError: Double

    /// nil for fewer than two values.
    public init?(_ values: [Double]) {
      guard values.count > 1 else { return nil }
      let count = Double(values.count)
      let mean = values.reduce(0, +) / count
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
      self.mean = mean
      standardError = (variance / count).squareRoot()
    }
  }

  /// A mean NLL and its number of tokens.
  public struct Loss: Sendable, Equatable {
    public var name: String
    public var nll: Double
    public var tokens: Int

    public init(_ name: String, nll: Double, tokens: Int) {
      self.name = name
      self.nll = nll
      self.tokens = tokens
    }
  }

  /// A fill to look at.
  public struct Example: Sendable, Equatable {
    public var policy: String
    public var before: String
    public var original: String
    public var fill: String
    public var after: String

    public init(policy: String, before: String, original: String, fill: String, after: String) {
      self.policy = policy
      self.before = before
      self.original = original
      self.fill = fill
      self.after = after
    }
  }

  /// What was evaluated, on what and how: names and values.
  public var settings: [(name: String, value: String)]
  public var windows: Int
  /// NLL of the middle: the base from the left, then the denoiser by rate of masks.
  public var middle: [Loss]
  /// The table of the training log, where its windows were given.
  public var table: [Loss]
  /// The original, the base's continuation, and policies at the original's length.
  public var exact: [Row]
  /// The same policies with the length left to the model.
  public var free: [Row]
  /// Policies of the curve, exact length, by rising threshold.
  public var curve: [Row]
  /// Fills of the first windows, none left out.
  public var examples: [Example]

  public init(
    settings: [(name: String, value: String)] = [], windows: Int = 0, middle: [Loss] = [],
    table: [Loss] = [], exact: [Row] = [], free: [Row] = [], curve: [Row] = [],
    examples: [Example] = []
  ) {
    self.settings = settings
    self.windows = windows
    self.middle = middle
    self.table = table
    self.exact = exact
    self.free = free
    self.curve = curve
    self.examples = examples
  }

  public static func == (a: EvaluationReport, b: EvaluationReport) -> Bool {
    a.settings.elementsEqual(b.settings, by: ==) && a.windows == b.windows && a.middle == b.middle
      && a.table == b.table && a.exact == b.exact && a.free == b.free && a.curve == b.curve
      && a.examples == b.examples
  }
}
