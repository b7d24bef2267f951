internal import Documents
internal import Strings

/// Elements as text, numbers to a tenth.
enum SVG {
  enum Anchor: String { case start, middle, end }

  static func text(_ text: String, _ x: Double, _ y: Double, _ anchor: Anchor) -> String {
    return #"<text x="\#(x.fixed(1))" y="\#(y.fixed(1))" "#
      + #"text-anchor="\#(anchor.rawValue)">\#(Markup.escaped(text))</text>"#
  }

  static func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, dashed: Bool = false
  ) -> String {
    let dash = dashed ? #" stroke-dasharray="4 4""# : ""
    return #"<line x1="\#(x1.fixed(1))" y1="\#(y1.fixed(1))" x2="\#(x2.fixed(1))" "#
      + #"y2="\#(y2.fixed(1))" stroke="dimgray"\#(dash)/>"#
  }

  static func polyline(_ places: [(Double, Double)]) -> String {
    let list = places.map { "\($0.0.fixed(1)),\($0.1.fixed(1))" }.joined(separator: " ")
    return #"<polyline points="\#(list)" fill="none" stroke="steelblue"/>"#
  }

  static func dot(_ x: Double, _ y: Double) -> String {
    #"<circle cx="\#(x.fixed(1))" cy="\#(y.fixed(1))" r="4" fill="steelblue"/>"#
  }
}
