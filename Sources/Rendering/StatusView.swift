internal import Documents
internal import Editing
internal import Infilling

/// The status line. On narrow screens the least important parts go first; what a fill does goes
/// last.
struct StatusView {
  let status: StatusLine
  let theme: Theme

  /// A part of the line; the lowest `rank` stays longest.
  private struct Part {
    var text: String
    var role: Role
    var rank: Int
    var isRight = false
    /// Cells of the step bar, drawn in roles of their own.
    var bar: StepBar?

    var columns: Int { bar?.columns ?? CellWidth.columns(text) }
  }

  func draw(in frame: inout Frame, row: Int) {
    frame.clear(0..<frame.columns, row: row, style: theme[.text].overlaid(with: theme[.status]))
    var parts = parts()
    while parts.count > 1, parts.reduce(0, { $0 + $1.columns }) > frame.columns {
      guard let last = parts.indices.max(by: { parts[$0].rank < parts[$1].rank }) else { break }
      parts.remove(at: last)
    }
    var column = 0
    for part in parts where !part.isRight {
      if let bar = part.bar {
        column = bar.draw(in: &frame, column: column, row: row, theme: theme)
      } else {
        column = frame.write(
          Frame.shortened(part.text, to: frame.columns - column), column: column, row: row,
          style: theme[part.role])
      }
    }
    let right = parts.filter(\.isRight)
    column = frame.columns - right.reduce(0) { $0 + $1.columns }
    for part in right {
      column = frame.write(part.text, column: column, row: row, style: theme[part.role])
    }
  }

  private func parts() -> [Part] {
    var file = " " + status.fileName + (status.isDirty ? "*" : "")
    if status.isReadOnly { file += " (read-only)" }
    var parts = [Part(text: file + " ", role: .statusFile, rank: status.fill == nil ? 0 : 4)]
    if let fill = status.fill { parts += fillParts(fill) }
    if status.backgroundFills > 0 {
      parts.append(
        Part(
          text: " \(status.backgroundFills) in the background ", role: .statusState, rank: 5))
    }
    if let model = modelText {
      parts.append(Part(text: model, role: .status, rank: 12, isRight: true))
    }
    parts.append(
      Part(
        text: " \(status.line):\(status.column) of \(status.lineCount) ", role: .status,
        rank: status.fill == nil ? 3 : 11, isRight: true))
    return parts
  }

  private func fillParts(_ fill: FillStatus) -> [Part] {
    var parts: [Part] = []
    let isFailed = if case .failed = fill.state { true } else { false }
    parts.append(
      Part(
        text: " \(fill.label) ", role: isFailed ? .statusFailure : .statusState, rank: 1))
    if fill.showsOriginal { parts.append(Part(text: " original ", role: .statusFile, rank: 2)) }
    let planned = fill.plannedSteps.map { "/\($0)" } ?? ""
    parts.append(Part(text: " ▏step \(fill.step)\(planned)", role: .status, rank: 2))
    let bar = StepBar(step: fill.step, last: fill.lastStep, planned: fill.plannedSteps)
    parts.append(Part(text: "", role: .barDone, rank: 9, bar: bar))
    if fill.branches > 1 {
      parts.append(
        Part(text: " branch \(fill.branch)/\(fill.branches)", role: .status, rank: 6))
    }
    if fill.lastStep > 0 {
      parts.append(
        Part(text: " \(Self.time(fill.millisecondsPerStep))/step", role: .status, rank: 5))
      parts.append(
        Part(text: " \(Self.count(fill.forwardPasses, "pass", "passes"))", role: .status, rank: 8))
    }
    parts.append(
      Part(text: " \(Self.count(fill.masksLeft, "mask", "masks")) left ", role: .status, rank: 3))
    return parts
  }

  private static func count(_ number: Int, _ one: String, _ many: String) -> String {
    "\(number) \(number == 1 ? one : many)"
  }

  private static func time(_ milliseconds: Double) -> String {
    guard milliseconds.isFinite, milliseconds < 1e9 else { return "– ms" }
    if milliseconds >= 10_000 { return "\(Int((milliseconds / 1000).rounded())) s" }
    if milliseconds >= 10 || milliseconds <= 0 { return "\(Int(milliseconds.rounded())) ms" }
    let tenths = Int((milliseconds * 10).rounded())
    return "\(tenths / 10).\(tenths % 10) ms"
  }

  private var modelText: String? {
    switch status.model {
    case .unloaded: nil
    case .loading(nil): status.fill == nil ? " loading model… " : nil
    case .loading(let progress?):
      status.fill == nil ? " loading model… \(Int(max(0, min(1, progress)) * 100)) % " : nil
    case .ready(let summary): " \(summary.name) "
    case .failed: " no model "
    }
  }
}

/// Steps as a line behind a blank: shown and before, recorded beyond it, still to come.
struct StepBar {
  let step: Int
  let last: Int
  let planned: Int?

  private static let length = 10
  let columns = 1 + length

  func draw(in frame: inout Frame, column: Int, row: Int, theme: Theme) -> Int {
    let total = max(1, planned ?? 0, last)
    for cell in 1...Self.length {
      // A cell is done when the step at its end is.
      let end = cell * total
      let isDone = end <= step * Self.length
      let text = isDone ? "━" : end <= last * Self.length ? "─" : "┈"
      frame.put(
        text, width: 1, column: column + cell, row: row, style: theme[isDone ? .barDone : .barLeft])
    }
    return column + columns
  }
}
