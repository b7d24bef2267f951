internal import Tensors

/// Parameters of a rotary position embedding.
public struct RotaryConfiguration: Sendable, Equatable {
  public enum Scaling: Sendable, Equatable {
    case none
    /// Positions divided by a factor.
    case linear(Double)
    /// Llama 3: slow frequencies divided by `factor`, a ramp between.
    case llama3(factor: Double, low: Double, high: Double, original: Int)
    /// YaRN in the form of transformers 4.57.
    case yarn(YaRN)
  }

  public struct YaRN: Sendable, Equatable {
    public var factor: Double
    public var original: Int
    public var betaFast = 32.0
    public var betaSlow = 1.0
    /// Factor on cosine and sine; nil is the default 0.1 ln(factor) + 1.
    public var attentionFactor: Double?
    /// Whether the correction dimensions are rounded outwards to integers.
    public var truncates = true

    public init(factor: Double, original: Int) {
      self.factor = factor
      self.original = original
    }

    /// YaRN's magnitude correction: 0.1 · scale · ln(factor) + 1, and 1 up to a factor of 1.
    static func magnitude(_ factor: Double, _ scale: Double = 1) -> Double {
      factor <= 1 ? 1 : 0.1 * scale * Elementary.log(factor) + 1
    }
  }

  public var theta: Double
  /// Leading columns of a head that turn; even, at most the head.
  public var dimensions: Int
  public var scaling: Scaling = .none
  /// Llama 4: queries are multiplied by 1 + beta ln(1 + floor(position / original)).
  public var queryScale: QueryScale?

  public struct QueryScale: Sendable, Equatable {
    public var beta: Double
    public var original: Int

    public init(beta: Double, original: Int) {
      self.beta = beta
      self.original = original
    }

    public func factor(at position: Int) -> Float {
      Float(1 + beta * Elementary.log(1 + (Double(position) / Double(original)).rounded(.down)))
    }
  }

  public init(theta: Double, dimensions: Int) {
    self.theta = theta
    self.dimensions = dimensions
  }
}

/// Frequencies of a rotary embedding: pair i of a head turns by position · frequency(i).
public struct RotaryEmbedding: Sendable {
  /// `dimensions / 2` values.
  public let frequencies: [Float]
  /// Factor on cosine and sine (YaRN's attention scaling).
  public let magnitude: Float

  public init(_ configuration: RotaryConfiguration) {
    let half = configuration.dimensions / 2
    let base = (0..<half).map { index in
      Elementary.power(configuration.theta, -Double(2 * index) / Double(configuration.dimensions))
    }
    switch configuration.scaling {
    case .none:
      frequencies = base.map { Float($0) }
      magnitude = 1
    case .linear(let factor):
      frequencies = base.map { Float($0 / factor) }
      magnitude = 1
    case .llama3(let factor, let low, let high, let original):
      frequencies = base.map { frequency in
        let wave = 2 * Double.pi / frequency
        if wave < Double(original) / high { return Float(frequency) }
        if wave > Double(original) / low { return Float(frequency / factor) }
        let smooth = (Double(original) / wave - low) / (high - low)
        return Float((1 - smooth) * frequency / factor + smooth * frequency)
      }
      magnitude = 1
    case .yarn(let yarn):
      frequencies = Self.yarn(base, configuration, yarn)
      magnitude = Float(yarn.attentionFactor ?? RotaryConfiguration.YaRN.magnitude(yarn.factor))
    }
  }

  /// Fast frequencies kept, slow ones divided, a linear ramp between the dimensions that turn
  /// betaFast and betaSlow times over the original context.
  private static func yarn(
    _ base: [Double], _ configuration: RotaryConfiguration, _ yarn: RotaryConfiguration.YaRN
  ) -> [Float] {
    let dimensions = Double(configuration.dimensions)
    func dimension(turning times: Double) -> Double {
      dimensions * Elementary.log(Double(yarn.original) / (times * 2 * Double.pi))
        / (2 * Elementary.log(configuration.theta))
    }
    var low = dimension(turning: yarn.betaFast)
    var high = dimension(turning: yarn.betaSlow)
    if yarn.truncates {
      low = low.rounded(.down)
      high = high.rounded(.up)
    }
    low = max(low, 0)
    high = min(high, dimensions - 1)
    if low == high { high += 0.001 }
    return base.enumerated().map { index, frequency in
      let ramp = min(1, max(0, (Double(index) - low) / (high - low)))
      return Float(frequency / yarn.factor * ramp + frequency * (1 - ramp))
    }
  }
}
