internal import Documents
internal import Editing
internal import Strings

/// The last line: a prompt, a message, and the keys that matter now.
struct BottomView {
  let editor: Editor
  let status: StatusLine
  let theme: Theme

  /// Something must be read: hints alone can wait for a larger screen.
  var speaks: Bool { editor.prompt != nil || editor.message != nil }

  func draw(in frame: inout Frame, row: Int) {
    frame.clear(0..<frame.columns, row: row, style: theme[.text])
    guard let message = editor.message else {
      editor.prompt.map { draw($0, in: &frame, row: row) }
        ?? drawHints(beside: 0, in: &frame, row: row)
      return
    }
    let style = theme[Self.role(of: message)]
    if let prompt = editor.prompt {
      // What was found is in the prompt's own line.
      if !prompt.isFind || message.kind != .note {
        draw(message.text, style, above: row, in: &frame)
      }
      draw(prompt, in: &frame, row: row)
    } else if !editor.messageFits, row >= 3 {
      draw(message.text, style, above: row, in: &frame)
      drawHints(beside: 0, in: &frame, row: row)
    } else {
      let text = " " + DisplayForm.visible(message.text)
      let room = status.columns(ofMessage: CellWidth.columns(text), columns: frame.columns)
      let column = frame.write(
        Frame.shortened(text, to: room), column: 0, row: row, style: style)
      if editor.messageFits {
        drawHints(beside: column, in: &frame, row: row)
      } else {
        drawKey(from: room, in: &frame, row: row)
      }
    }
  }

  /// A message in as many lines as it needs, over the text above the status line. What comes first
  /// is what matters most, should the screen be too small.
  private func draw(_ message: String, _ style: Style, above row: Int, in frame: inout Frame) {
    guard row >= 3 else { return }
    let lines = Frame.wrapped(message, columns: max(1, frame.columns - 2)).prefix(row - 1)
    for (index, line) in lines.enumerated() {
      let row = row - 1 - lines.count + index
      frame.clear(0..<frame.columns, row: row, style: theme[.text])
      frame.write(" " + line, column: 0, row: row, style: style)
    }
  }

  /// The most useful key alone.
  private func drawKey(from column: Int, in frame: inout Frame, row: Int) {
    guard let key = status.hints.first?.key else { return }
    frame.write(" " + key, column: column, row: row, style: theme[.hintKey])
  }

  private static func role(of message: Message) -> Role {
    switch message.kind {
    case .note: .note
    case .warning: .warning
    case .failure: .failure
    }
  }

  // MARK: Hints

  private func draw(_ hints: [PlacedHint], in frame: inout Frame, row: Int) {
    for placed in hints {
      let column = frame.write(
        placed.hint.key, column: placed.column, row: row, style: theme[.hintKey])
      frame.write(" " + placed.hint.action, column: column, row: row, style: theme[.hint])
    }
  }

  /// Where something takes the first columns, at the right end.
  private func drawHints(beside occupied: Int, in frame: inout Frame, row: Int) {
    draw(status.placedHints(columns: frame.columns, occupied: occupied), in: &frame, row: row)
  }

  // MARK: Prompts

  private func draw(_ prompt: Prompt, in frame: inout Frame, row: Int) {
    if prompt.isQuestion {
      draw(question: prompt, in: &frame, row: row)
      return
    }
    let column = frame.write(
      Frame.shortened(" " + prompt.label, to: frame.columns), column: 0, row: row,
      style: theme[.prompt])
    let clusters = Clusters(prompt.text).map(\.display)
    let (first, width) = prompt.scrolled(room: prompt.room(columns: frame.columns))
    var end = column
    for form in clusters[first...] {
      guard end + form.width <= frame.columns else { break }
      frame.put(form, column: end, row: row, style: theme[.promptInput])
      end += form.width
    }
    if prompt.isMarked { frame.paint(theme[.selection], columns: column..<end, row: row) }
    if let fault = prompt.fault, fault >= first {
      let place = column + clusters[first..<min(fault, clusters.count)].reduce(0) { $0 + $1.width }
      frame.paint(theme[.failure], columns: place..<place + 1, row: row)
    }
    frame.cursor = ScreenPosition(column: min(column + width, frame.columns - 1), row: row)
    drawMatches(from: drawn(end, column, frame), in: &frame, row: row)
  }

  /// If the answers do not fit, only their keys are shown.
  private func draw(question: Prompt, in frame: inout Frame, row: Int) {
    let label = " " + question.label
    let hints = status.placedAnswers(columns: frame.columns, label: CellWidth.columns(label))
    let keys = question.choices.map { String($0.key) }.joined(separator: "/")
    let isWhole = hints.count == question.choices.count
    let text =
      isWhole ? label : Frame.shortened(label, to: max(0, frame.columns - keys.count - 2))
    let column = frame.write(text, column: 0, row: row, style: theme[.prompt]) + 1
    if isWhole {
      draw(hints, in: &frame, row: row)
    } else {
      frame.write(
        keys, column: min(column, max(0, frame.columns - keys.count)), row: row,
        style: theme[.hintKey])
    }
    frame.cursor = ScreenPosition(column: max(0, min(column - 1, frame.columns - 1)), row: row)
  }

  private func drawn(_ end: Int, _ column: Int, _ frame: Frame) -> Int {
    max(end, min(column + 1, frame.columns))
  }

  /// `3/17` and the hints to the right of the search text.
  private func drawMatches(from column: Int, in frame: inout Frame, row: Int) {
    var column = column
    if let prompt = editor.prompt, let finding = editor.finding, let count = finding.count,
      prompt.isFind && !prompt.text.isEmpty || prompt.isReplacement
    {
      let text =
        count == 0
        ? "no match"
        : prompt.isFind ? "\(finding.index ?? 0)/\(count)" : count.counted("match", "matches")
      if column + 2 + text.count <= frame.columns {
        column = frame.write(text, column: column + 2, row: row, style: theme[.hint])
      }
    }
    drawHints(beside: column, in: &frame, row: row)
  }
}
