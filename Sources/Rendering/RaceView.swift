internal import Documents
internal import Editing
internal import Strings

/// A race in place of the text: lanes side by side if the screen is wide enough, else one below
/// another.
struct RaceView {
  let race: Race
  let theme: Theme

  private static let nameColumns = 28
  private static let factColumns = 38

  func draw(in frame: inout Frame, rows: Int) {
    let title = " Race" + (race.verdict.map { ": \($0)" } ?? "")
    frame.write(
      Frame.shortened(title, to: frame.columns), column: 0, row: 0, style: theme[.helpTitle])
    for index in race.lanes.indices {
      let place = race.place(of: index, columns: frame.columns, rows: rows)
      draw(index, in: &frame, columns: place.columns, rows: place.rows)
    }
  }

  private func draw(
    _ index: Int, in frame: inout Frame, columns: Range<Int>, rows: Range<Int>
  ) {
    guard !rows.isEmpty, columns.count >= 8 else { return }
    let lane = race.lanes[index]
    let isSelected = index == race.selected
    let end = columns.upperBound
    var row = rows.lowerBound
    let isTall = rows.count >= 12
    let name = (isSelected ? "› " : "  ") + lane.name + place(of: index)
    let nameStyle = theme[isSelected ? .statusState : .statusFile]
    var column = frame.write(
      " " + Frame.shortened(name, to: columns.count - 2) + " ",
      column: columns.lowerBound, row: row, style: nameStyle, end: end)
    if isTall {
      row += 2
      column = columns.lowerBound + 1
    }
    let facts = facts(lane)
    let factColumn = end - 1 - CellWidth.columns(facts)
    if isTall {
      progress(of: lane, column..<end - 1, row, in: &frame)
      row += 1
      frame.write(facts, column: column, row: row, style: theme[.hintKey], end: end)
    } else if factColumn > column {
      frame.write(facts, column: factColumn, row: row, style: theme[.hintKey], end: end)
      // Bars begin and end alike, so that they can be compared.
      let left = columns.lowerBound + Self.nameColumns
      let right = min(end - Self.factColumns, left + 40)
      if right - left >= 6 { progress(of: lane, left..<right, row, in: &frame) }
    }
    row += isTall ? 2 : 1
    let left = columns.lowerBound + 2
    // The last row of a box parts it from the next.
    let last = rows.count > 3 ? rows.upperBound - 1 : rows.upperBound
    if let reason = lane.absence ?? lane.failure {
      frame.write(
        Frame.shortened(reason, to: end - left), column: left, row: row,
        style: theme[lane.failure == nil ? .hint : .failure], end: end)
      return
    }
    let looks = CellLooks(theme)
    for line in race.rows(of: index, columns: end - left - 1) {
      guard row < last else { return }
      for cell in line.cells {
        frame.put(
          looks.glyph(of: cell), width: cell.width, column: left + cell.column, row: row,
          style: cell.passage == nil ? theme[.hint] : looks.style(of: cell), end: end)
      }
      row += 1
    }
  }

  private static func tenths(_ value: Double) -> String {
    guard value.isFinite else { return "–" }
    return min(max(value, 0), 1e6).fixed(1)
  }

  private func place(of index: Int) -> String {
    guard let place = race.ranking.firstIndex(of: index) else { return "" }
    return place < 3 ? [" · 1st", " · 2nd", " · 3rd"][place] : ""
  }

  private func facts(_ lane: Race.Lane) -> String {
    guard lane.absence == nil else { return "not in this model" }
    guard lane.failure == nil else { return "failed" }
    let time = lane.milliseconds.isFinite ? "\(Int(lane.milliseconds.rounded()))" : "–"
    return lane.forwardPasses.counted("pass", "passes") + "  "
      + "\(Self.tenths(lane.tokensPerForward)) tokens each  \(time) ms"
  }

  /// The progress of a lane; of a search, whose end is not known, its stage; the join once it is
  /// measured.
  private func progress(
    of lane: Race.Lane, _ columns: Range<Int>, _ row: Int, in frame: inout Frame
  ) {
    guard lane.absence == nil else { return }
    if let words = lane.join.map({ "join \(Self.tenths($0))" }) ?? lane.stage {
      frame.write(
        Frame.shortened(words, to: columns.count), column: columns.lowerBound, row: row,
        style: theme[.hintKey], end: columns.upperBound)
      return
    }
    guard let progress = lane.progress else { return }
    let done = Int(progress * Double(columns.count))
    for (offset, column) in columns.enumerated() {
      frame.put(
        offset < done ? "━" : "┈", width: 1, column: column, row: row,
        style: theme[.text].overlaid(
          with: Style(foreground: theme[offset < done ? .barDone : .barLeft].foreground)))
    }
  }
}
