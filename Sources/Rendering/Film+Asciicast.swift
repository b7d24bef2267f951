internal import JSON

extension Film {
  /// The film as an asciicast v2 file: a header, then one line an event, times in seconds. Pure.
  /// https://docs.asciinema.org/manual/asciicast/v2/
  public func asciicast() -> String {
    let header: JSONValue = [
      "version": 2, "width": .integer(columns), "height": .integer(rows), "title": .string(title),
      "env": ["TERM": "xterm-256color"],
    ]
    var cast = header.serialized() + "\n"
    var time = 0
    var previous: Frame?
    for shot in shots {
      cast += event(time, Self.drawing(shot.frame, over: previous, ground: theme[.text]))
      previous = shot.frame
      time += shot.milliseconds
    }
    return cast + event(time, "\u{1B}[0m\u{1B}[\(rows);1H\u{1B}[?25h\r\n")
  }

  private func event(_ milliseconds: Int, _ output: String) -> String {
    let line: JSONValue = [.number(Double(milliseconds) / 1000), "o", .string(output)]
    return line.serialized() + "\n"
  }

  /// The rows that differ from `previous`, each as a whole.
  private static func drawing(_ frame: Frame, over previous: Frame?, ground: Style) -> String {
    var output = previous == nil ? "\u{1B}[?25l\u{1B}[2J" : ""
    for number in 0..<frame.rows {
      let row = frame.row(number)
      if let previous, previous.row(number) == row { continue }
      output += "\u{1B}[\(number + 1);1H"
      var style: Style?
      for cell in row where cell.width > 0 {
        if cell.style != style {
          output += rendition(of: cell.style)
          style = cell.style
        }
        output += cell.text
      }
    }
    return output + "\u{1B}[0m"
  }

  /// Select Graphic Rendition of a style, from plain.
  private static func rendition(of style: Style) -> String {
    var codes = ["0"]
    let attributes: [(Style.Attributes, String)] = [
      (.bold, "1"), (.dim, "2"), (.italic, "3"), (.underline, "4"), (.reverse, "7"),
    ]
    codes += attributes.filter { style.attributes.contains($0.0) }.map(\.1)
    if let color = style.foreground { codes.append(code(color, offset: 0)) }
    if let color = style.background { codes.append(code(color, offset: 10)) }
    return "\u{1B}[\(codes.joined(separator: ";"))m"
  }

  private static func code(_ color: Color, offset: Int) -> String {
    switch color {
    case .terminal: "\(39 + offset)"
    case .ansi(let index):
      index < 8 ? "\(30 + offset + Int(index))" : "\(90 + offset + Int(index & 7))"
    case .rgb(let red, let green, let blue): "\(38 + offset);2;\(red);\(green);\(blue)"
    }
  }
}
