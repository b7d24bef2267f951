internal import Strings

/// A linear scale with round ticks, for plots.
struct Axis: Equatable {
  let low: Double
  let high: Double
  let step: Double
  private let start: Double
  private let end: Double

  /// Covers `values` with at most eight steps of 1, 2 or 5 times a power of ten, drawn from `start`
  /// to `end`.
  init(_ values: [Double], from start: Double, to end: Double) {
    let finite = values.filter(\.isFinite)
    let least = finite.min() ?? 0
    let range = max((finite.max() ?? 1) - least, 1e-6)
    var step = 1e-7
    var factor = 0
    while range / step > 6 {
      step *= factor == 1 ? 2.5 : 2
      factor = (factor + 1) % 3
    }
    self.step = step
    low = (least / step).rounded(.down) * step
    high = ((least + range) / step).rounded(.up) * step
    self.start = start
    self.end = end
  }

  var ticks: [Double] {
    let count = Int(((high - low) / step).rounded())
    return (0...count).map { low + Double($0) * step }
  }

  func place(_ value: Double) -> Double { start + (value - low) / (high - low) * (end - start) }

  func label(_ value: Double) -> String {
    var digits = 0
    var unit = step
    while unit < 0.999 && digits < 7 {
      unit *= 10
      digits += 1
    }
    return value.fixed(digits)
  }
}
