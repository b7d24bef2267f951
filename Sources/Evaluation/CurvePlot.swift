/// The quality/speed curve as an SVG image: the policies of the curve by what they cost, in tokens
/// a forward pass and in time, against the joint NLL, with the original and the base's
/// continuation as levels.
public struct CurvePlot: Sendable, Equatable {
  struct Point: Sendable, Equatable {
    /// The threshold.
    var label: String
    var tokensPerForwardPass: Double
    var milliseconds: Double
    var joint: Double
  }

  struct Level: Sendable, Equatable {
    var label: String
    var joint: Double
  }

  var points: [Point]
  var levels: [Level]

  /// nil where the report has no curve.
  public init?(_ report: EvaluationReport) {
    guard !report.curve.isEmpty else { return nil }
    points = report.curve.map { row in
      let words = row.name.split(separator: " ")
      return Point(
        label: words.count > 1 ? String(words[1]) : row.name,
        tokensPerForwardPass: row.mean.tokensPerForwardPass, milliseconds: row.mean.milliseconds,
        joint: row.mean.joint)
    }
    levels = report.exact.filter { ["original", "continuation"].contains($0.name) }
      .map { Level(label: $0.name, joint: $0.mean.joint) }
  }

  /// 880 by 380 units, two panels of plain shapes and text, dark on white.
  public var svg: String {
    let body =
      [
        #"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 880 380" font-family="sans-serif" "#
          + #"font-size="12">"#,
        #"<rect width="880" height="380" fill="white"/>"#,
        SVG.text(
          "NLL of fill and suffix under the base, nats a token, by threshold", 440, 22, .middle),
      ] + panel(70, "tokens a forward pass", \.tokensPerForwardPass)
      + panel(510, "milliseconds a fill", \.milliseconds) + ["</svg>"]
    return body.joined(separator: "\n") + "\n"
  }

  /// Axes, levels and curve of 350 by 280 units with the left end at `left`.
  private func panel(_ left: Double, _ name: String, _ cost: (Point) -> Double) -> [String] {
    let (right, top, bottom) = (left + 350, 40.0, 320.0)
    let horizontal = Axis(points.map(cost), from: left, to: right)
    let vertical = Axis(points.map(\.joint) + levels.map(\.joint), from: bottom, to: top)
    var body = [
      SVG.text(name, left + 175, 366, .middle),
      SVG.line(left, bottom, right, bottom), SVG.line(left, top, left, bottom),
    ]
    for tick in horizontal.ticks {
      let x = horizontal.place(tick)
      body += [
        SVG.line(x, bottom, x, bottom + 5),
        SVG.text(horizontal.label(tick), x, bottom + 22, .middle),
      ]
    }
    for tick in vertical.ticks {
      let y = vertical.place(tick)
      body += [
        SVG.line(left - 5, y, left, y), SVG.text(vertical.label(tick), left - 10, y + 4, .end),
      ]
    }
    for level in levels {
      let y = vertical.place(level.joint)
      body += [
        SVG.line(left, y, right, y, dashed: true), SVG.text(level.label, right, y - 4, .end),
      ]
    }
    let places = points.map { (horizontal.place(cost($0)), vertical.place($0.joint)) }
    body.append(SVG.polyline(places))
    for (point, place) in zip(points, places) {
      body += [SVG.dot(place.0, place.1), SVG.text(point.label, place.0, place.1 - 9, .middle)]
    }
    return body
  }
}
