/// The quality/speed curve as an SVG image: each policy of the curve at its tokens a forward pass
/// and its joint NLL, with the original and the base's continuation as levels.
public struct CurvePlot: Sendable, Equatable {
  struct Point: Sendable, Equatable {
    var label: String
    var x: Double
    var y: Double
  }

  struct Level: Sendable, Equatable {
    var label: String
    var y: Double
  }

  var title: String
  var points: [Point]
  var levels: [Level]

  /// nil where the report has no curve.
  public init?(_ report: EvaluationReport) {
    guard !report.curve.isEmpty else { return nil }
    title = "NLL of fill and suffix under the base, by tokens a forward pass"
    points = report.curve.map { row in
      let words = row.name.split(separator: " ")
      let label = words.count > 1 ? String(words[1]) : row.name
      return Point(label: label, x: row.mean.tokensPerForwardPass, y: row.mean.joint)
    }
    levels = report.exact.filter { ["original", "continuation"].contains($0.name) }
      .map { Level(label: $0.name, y: $0.mean.joint) }
  }

  /// 640 by 400 units, plain shapes and text, dark on white.
  public var svg: String {
    let horizontal = Axis(points.map(\.x), from: 70, to: 610)
    let vertical = Axis(points.map(\.y) + levels.map(\.y), from: 340, to: 50)
    var body = [
      #"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 400" font-family="sans-serif" "#
        + #"font-size="12">"#,
      #"<rect width="640" height="400" fill="white"/>"#,
      text(title, 320, 24, anchor: "middle"),
      text("tokens a forward pass", 340, 388, anchor: "middle"),
      line(70, 340, 610, 340), line(70, 50, 70, 340),
    ]
    for tick in horizontal.ticks {
      let x = horizontal.place(tick)
      body += [line(x, 340, x, 345), text(horizontal.label(tick), x, 362, anchor: "middle")]
    }
    for tick in vertical.ticks {
      let y = vertical.place(tick)
      body += [line(65, y, 70, y), text(vertical.label(tick), 60, y + 4, anchor: "end")]
    }
    for level in levels {
      let y = vertical.place(level.y)
      body += [line(70, y, 610, y, dashed: true), text(level.label, 606, y - 4, anchor: "end")]
    }
    let path = points.map {
      "\(fixed(horizontal.place($0.x), 1)),\(fixed(vertical.place($0.y), 1))"
    }
    body.append(
      #"<polyline points="\#(path.joined(separator: " "))" fill="none" stroke="steelblue"/>"#)
    for point in points {
      let (x, y) = (horizontal.place(point.x), vertical.place(point.y))
      body += [
        #"<circle cx="\#(fixed(x, 1))" cy="\#(fixed(y, 1))" r="4" fill="steelblue"/>"#,
        text(point.label, x + 7, y - 6, anchor: "start"),
      ]
    }
    return (body + ["</svg>"]).joined(separator: "\n") + "\n"
  }

  private func text(_ text: String, _ x: Double, _ y: Double, anchor: String) -> String {
    let safe = text.flatMap { character -> String in
      switch character {
      case "<": "&lt;"
      case "&": "&amp;"
      default: String(character)
      }
    }
    return #"<text x="\#(fixed(x, 1))" y="\#(fixed(y, 1))" text-anchor="\#(anchor)">"#
      + String(safe) + "</text>"
  }

  private func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, dashed: Bool = false
  ) -> String {
    let dash = dashed ? #" stroke-dasharray="4 4""# : ""
    return #"<line x1="\#(fixed(x1, 1))" y1="\#(fixed(y1, 1))" x2="\#(fixed(x2, 1))" "#
      + #"y2="\#(fixed(y2, 1))" stroke="dimgray"\#(dash)/>"#
  }
}

/// A linear scale with round ticks.
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
    return fixed(value, digits)
  }
}
