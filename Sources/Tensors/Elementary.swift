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
}
