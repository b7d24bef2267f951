internal import CKernels

/// Elementary functions that are the same to the bit on every machine, which those of the C library
/// are not.
public enum Elementary {
  /// exp(x): relative error below 1e-15 for x in -700...700, 0 below, exp(700) above.
  public static func exp(_ x: Double) -> Double { ck_elementary_exp(x) }

  /// exp(x), rounded from double precision.
  public static func exp(_ x: Float) -> Float { Float(ck_elementary_exp(Double(x))) }

  /// ln(x) for positive normal x: error below 1e-15 of the result or of 1.
  public static func log(_ x: Double) -> Double { ck_elementary_log(x) }

  /// base^exponent for a positive base: relative error below 1e-14 where the result's logarithm is
  /// below 10.
  public static func power(_ base: Double, _ exponent: Double) -> Double {
    exp(exponent * log(base))
  }

  /// Sine and cosine for |x| < 1e6: absolute error below 3e-16.
  public static func sineAndCosine(_ x: Double) -> (sine: Double, cosine: Double) {
    var (sine, cosine) = (0.0, 0.0)
    unsafe ck_elementary_sine_cosine(x, &sine, &cosine)
    return (sine, cosine)
  }

  /// The error function 2/√π · ∫ exp(−t²) dt from 0 to x: relative error below 1e-14. The series
  /// 2/√π · exp(−x²) · Σ 2ⁿ x^(2n+1) / (1 · 3 · … · (2n+1)), whose terms have one sign.
  public static func erf(_ x: Double) -> Double {
    guard x.magnitude < 6 else { return x.isNaN ? x : x.sign == .minus ? -1 : 1 }
    var term = x
    var sum = x
    var divisor = 1.0
    while term.magnitude > 1e-17 * sum.magnitude {
      divisor += 2
      term *= 2 * x * x / divisor
      sum += term
    }
    return 1.128_379_167_095_512_574 * exp(-x * x) * sum
  }
}
