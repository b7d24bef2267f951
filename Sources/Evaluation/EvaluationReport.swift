/// The results of an evaluation.
public struct EvaluationReport: Sendable, Equatable {
  public struct Row: Sendable, Equatable {
    public var name: String
    /// Means over the windows.
    public var mean: FillMeasure

    public init(_ name: String, _ mean: FillMeasure) {
      self.name = name
      self.mean = mean
    }
  }

  /// A mean NLL and the number of tokens it was taken over.
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

  public init(
    settings: [(name: String, value: String)] = [], windows: Int = 0, middle: [Loss] = [],
    table: [Loss] = [], exact: [Row] = [], free: [Row] = [], curve: [Row] = []
  ) {
    self.settings = settings
    self.windows = windows
    self.middle = middle
    self.table = table
    self.exact = exact
    self.free = free
    self.curve = curve
  }

  public static func == (a: EvaluationReport, b: EvaluationReport) -> Bool {
    a.settings.elementsEqual(b.settings, by: ==) && a.windows == b.windows && a.middle == b.middle
      && a.table == b.table && a.exact == b.exact && a.free == b.free && a.curve == b.curve
  }
}
