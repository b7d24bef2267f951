internal import Documents
internal import Editing

/// The status line.
struct StatusView {
  let status: StatusLine
  let theme: Theme

  func draw(in frame: inout Frame, row: Int) {
    frame.clear(0..<frame.columns, row: row, style: theme[.text].overlaid(with: theme[.status]))
    for part in status.parts(fitting: frame.columns) {
      if case .bar(let bar) = part.kind {
        draw(bar, in: &frame, column: part.column + 1, row: row)
      } else {
        frame.write(
          Frame.shortened(part.text, to: frame.columns - part.column), column: part.column,
          row: row, style: theme[Self.role(of: part.kind)])
        if case .quality(let slider) = part.kind {
          let column = part.column + part.columns - QualitySlider.columns
          draw(slider, in: &frame, column: column, row: row)
        }
      }
    }
  }

  private static func role(of kind: StatusPart.Kind) -> Role {
    switch kind {
    case .plain, .bar, .quality: .status
    case .file: .statusFile
    case .state: .statusState
    case .failure: .statusFailure
    case .doubt(.unlikely): .doubt
    case .doubt(.veryUnlikely): .doubtStrong
    }
  }

  private func draw(_ slider: QualitySlider, in frame: inout Frame, column: Int, row: Int) {
    for offset in 0..<QualitySlider.columns {
      let isReached = offset < slider.level
      frame.put(
        isReached ? "▮" : "▯", width: 1, column: column + offset, row: row,
        style: theme[isReached ? .barDone : .barLeft])
    }
  }

  private func draw(_ bar: StepBar, in frame: inout Frame, column: Int, row: Int) {
    for (offset, cell) in bar.cells.enumerated() {
      let glyph: Glyph =
        switch cell {
        case .done: "━"
        case .recorded: "─"
        case .planned: "┈"
        }
      frame.put(
        glyph, width: 1, column: column + offset, row: row,
        style: theme[cell == .done ? .barDone : .barLeft])
    }
  }
}
