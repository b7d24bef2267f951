internal import Strings

extension Film {
  /// The film as an animated picture that repeats forever; readers that reduce motion or do not
  /// animate show the last screen. No script, no external resources. Pure.
  ///
  /// A row that is equal in consecutive shots is drawn once, in a group that a CSS animation shows
  /// for that time.
  public func svg() -> String {
    let picture = Picture(theme)
    var intervals: [Range<Int>] = []
    var body = ""
    for number in 0..<rows {
      for (shots, cells) in stretches(ofRow: number) {
        let row = picture.row(cells, number)
        if shots.count == self.shots.count {
          body += row
          continue
        }
        guard !row.isEmpty else { continue }
        let index = intervals.firstIndex(of: shots) ?? intervals.count
        if index == intervals.count { intervals.append(shots) }
        let last = shots.upperBound == self.shots.count ? " z" : ""
        body += "<g class=\"s k\(index)\(last)\">\n\(row)</g>\n"
      }
    }
    return picture.head(columns: columns, rows: rows, title: title, style: style(intervals))
      + body + "</g>\n</svg>\n"
  }

  /// Shots in which a row stays the same.
  private func stretches(ofRow number: Int) -> [(shots: Range<Int>, cells: ArraySlice<Cell>)] {
    var result: [(shots: Range<Int>, cells: ArraySlice<Cell>)] = []
    for (index, shot) in shots.enumerated() {
      let cells = shot.frame.row(number)
      if let last = result.last, last.cells == cells {
        result[result.count - 1].shots = last.shots.lowerBound..<index + 1
      } else {
        result.append((index..<index + 1, cells))
      }
    }
    return result
  }

  private func style(_ intervals: [Range<Int>]) -> String {
    guard !intervals.isEmpty else { return "" }
    let ends = shots.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.milliseconds) }
    func percent(_ shot: Int) -> String {
      let hundredths = ends[shot] * 10_000 / max(1, milliseconds)
      return (Double(hundredths) / 100).fixed(2) + "%"
    }
    var css = """
      .s{visibility:hidden}.z{visibility:visible}.s{animation-duration:\(milliseconds)ms;\
      animation-iteration-count:infinite;animation-timing-function:step-end}

      """
    for (index, shots) in intervals.enumerated() {
      var frames = shots.lowerBound == 0 ? "" : "0%{visibility:hidden}"
      frames += "\(percent(shots.lowerBound)){visibility:visible}"
      if shots.upperBound < self.shots.count {
        frames += "\(percent(shots.upperBound)){visibility:hidden}"
      } else {
        frames += "100%{visibility:visible}"
      }
      css += ".k\(index){animation-name:k\(index)}@keyframes k\(index){\(frames)}\n"
    }
    return css + """
      @media (prefers-reduced-motion:reduce){.s{animation:none}}

      """
  }
}
