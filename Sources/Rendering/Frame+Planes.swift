extension Frame {
  /// The screen as lines of text, blanks at the ends of lines left out. Wide clusters line
  /// up as on a terminal only if the reader's font has the same widths.
  public var plainText: String {
    (0..<rows).map { number in
      var line = row(number).map(\.text).joined()
      while line.last == " " { line.removeLast() }
      return line
    }.joined(separator: "\n") + "\n"
  }

  /// The screen as one letter per cell for its style, and a legend of the letters. Letters are
  /// given in reading order; the style of the first cell is `.`.
  public var stylePlane: String {
    let letters = Array(".abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
    var known: [Style: Character] = [:]
    var legend: [String] = []
    var lines: [String] = []
    for number in 0..<rows {
      var line = ""
      for cell in row(number) {
        if let letter = known[cell.style] {
          line.append(letter)
          continue
        }
        let letter = known.count < letters.count ? letters[known.count] : "?"
        known[cell.style] = letter
        legend.append("\(letter) \(cell.style)")
        line.append(letter)
      }
      lines.append(line)
    }
    return (lines + [""] + legend).joined(separator: "\n") + "\n"
  }
}
