extension Matrix {
  /// x · Φ(x) of the first `rows` rows, in place: GELU with the error function, not its approximation
  /// by tanh (Hendrycks & Gimpel 2016).
  public func applyGELU(rows: Int) {
    check(rows: 0..<rows)
    for index in 0..<rows * columns {
      let x = unsafe Double(pointer[index])
      unsafe pointer[index] = Float(0.5 * x * (1 + Elementary.erf(x * 0.5.squareRoot())))
    }
  }
}
