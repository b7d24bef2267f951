internal import Tensors

/// The geometric mean of probabilities whose logarithms have the given sum; 0 for none.
public func geometricMean(sum: Float, count: Int) -> Float {
  count == 0 ? 0 : min(1, Elementary.exp(sum / Float(count)))
}

/// ln x, for small positive x too.
func logarithm(_ x: Float) -> Float {
  Float(Elementary.log(Double(max(x, .leastNormalMagnitude))))
}
