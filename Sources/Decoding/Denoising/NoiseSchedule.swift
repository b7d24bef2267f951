internal import Glibc

/// The share α(t) of tokens that the forward process has not masked at time t, 0...1, and what
/// follows from it.
public enum NoiseSchedule: String, Sendable, CaseIterable {
  /// 1 − t (dllm).
  case linear
  /// 1 − cos(π/2 · (1 − t)) (dllm).
  case cosine
  /// MDLM's schedules with their published constants, named by σ = −ln α: α is 1 − 0.999 t,
  case logLinear
  /// 0.001 + 0.999 cos(π/2 · t),
  case logCosine
  /// 0.001 + 0.999 cos²(π/2 · t),
  case logCosineSquared
  /// exp(−0.001^(1 − t)).
  case geometric

  public func shown(_ t: Double) -> Double {
    switch self {
    case .linear: 1 - t
    case .cosine: 1 - cos(.pi / 2 * (1 - t))
    case .logLinear: 1 - 0.999 * t
    case .logCosine: 0.001 + 0.999 * cos(.pi / 2 * t)
    case .logCosineSquared: 0.001 + 0.999 * cos(.pi / 2 * t) * cos(.pi / 2 * t)
    case .geometric: exp(-pow(0.001, 1 - t))
    }
  }

  /// dα/dt.
  public func slope(_ t: Double) -> Double {
    switch self {
    case .linear: -1
    case .cosine: -.pi / 2 * sin(.pi / 2 * (1 - t))
    case .logLinear: -0.999
    case .logCosine: -0.999 * .pi / 2 * sin(.pi / 2 * t)
    case .logCosineSquared: -0.999 * .pi * sin(.pi / 2 * t) * cos(.pi / 2 * t)
    case .geometric: -shown(t) * pow(0.001, 1 - t) * log(1000)
    }
  }

  /// σ(t) = −ln α(t), MDLM's total noise.
  public func totalNoise(_ t: Double) -> Double { -log(shown(t)) }

  /// dσ/dt, MDLM's rate.
  public func rate(_ t: Double) -> Double { -slope(t) / shown(t) }
}
