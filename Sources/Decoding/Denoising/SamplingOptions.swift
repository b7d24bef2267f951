internal import DecodingPolicies

/// How a token is drawn from the distribution of a causal model. The filters apply in the order of
/// their declaration, each to what the ones before have left; the most probable token always stays.
public struct SamplingOptions: Sendable, Equatable {
  /// 0 takes the most probable token; the filters by probability then change nothing.
  public var temperature: Double
  /// Logits of tokens that are in the text already are divided by this where positive, multiplied
  /// where negative (CTRL, Keskar et al. 2019). 1 does nothing.
  public var repetitionPenalty: Double
  /// Tokens from the end of the text that the penalty looks at; nil is all of it.
  public var repetitionWindow: Int?
  /// Only this many most probable tokens.
  public var topK: Int?
  /// Nucleus: a token is dropped where those more probable sum to more than this already.
  public var topP: Double?
  /// Drops tokens less probable than this share of the most probable one's probability.
  public var minP: Double?
  /// The same seed draws the same text, whatever the mode.
  public var seed: UInt64

  public init(
    temperature: Double = 0, repetitionPenalty: Double = 1, repetitionWindow: Int? = nil,
    topK: Int? = nil, topP: Double? = nil, minP: Double? = nil, seed: UInt64 = 0
  ) {
    precondition(temperature >= 0, "temperature \(temperature)")
    precondition(repetitionPenalty > 0, "repetition penalty \(repetitionPenalty)")
    self.temperature = temperature
    self.repetitionPenalty = repetitionPenalty
    self.repetitionWindow = repetitionWindow
    self.topK = topK
    self.topP = topP
    self.minP = minP
    self.seed = seed
  }

  public static let greedy = SamplingOptions()

  /// Whether the logits of a row depend on the text before it.
  public var looksBack: Bool { repetitionPenalty != 1 }

  /// `logits` with what the options drop at −∞. `history` is the text before the token, whole.
  /// O(vocabulary log vocabulary) with `topP`.
  public func filter(_ logits: inout [Float], history: [Int]) {
    penalize(&logits, history)
    guard temperature > 0, let highest = logits.max() else { return }
    if let topK, topK > 0, topK < logits.count {
      let bound = logits.sorted(by: >)[topK - 1]
      // Of equals at the bound those with the lower ids stay.
      var ties = topK - logits.count { $0 > bound }
      for token in logits.indices where logits[token] <= bound {
        if logits[token] == bound && ties > 0 { ties -= 1 } else { logits[token] = -.infinity }
      }
    }
    let inverse = 1 / temperature
    func weight(_ logit: Float) -> Double { exponential(Double(logit - highest) * inverse) }
    if let topP, topP < 1 {
      let order = logits.indices.filter { logits[$0] > -.infinity }.sorted {
        logits[$0] != logits[$1] ? logits[$0] > logits[$1] : $0 < $1
      }
      let total = order.reduce(0) { $0 + weight(logits[$1]) }
      var before = 0.0
      for token in order {
        let own = weight(logits[token])
        if before > topP * total { logits[token] = -.infinity }
        before += own
      }
    }
    if let minP, minP > 0 {
      for token in logits.indices where weight(logits[token]) < minP { logits[token] = -.infinity }
    }
  }

  private func penalize(_ logits: inout [Float], _ history: [Int]) {
    guard repetitionPenalty != 1 else { return }
    let factor = Float(repetitionPenalty)
    for token in Set(history.suffix(repetitionWindow ?? history.count))
    where logits.indices.contains(token) {
      logits[token] = logits[token] > 0 ? logits[token] / factor : logits[token] * factor
    }
  }

  /// Whether `filter` may change logits.
  public var filters: Bool {
    looksBack || (temperature > 0 && (topK != nil || topP != nil || minP != nil))
  }
}

/// e^x for x ≤ 0, to fp64 accuracy, without a C library: halves x until it is small, sums the
/// series, squares back.
private func exponential(_ x: Double) -> Double {
  guard x > -700 else { return 0 }
  var halvings = 0
  var y = x
  while y < -0.5 {
    y /= 2
    halvings += 1
  }
  var term = 1.0
  var sum = 1.0
  for k in 1...14 {
    term *= y / Double(k)
    sum += term
  }
  for _ in 0..<halvings { sum *= sum }
  return sum
}
