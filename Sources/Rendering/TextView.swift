internal import Documents
internal import Editing
internal import Highlighting
internal import Strings

/// The text area with its gutter.
struct TextView {
  let editor: Editor
  let rows: [VisualRow]
  /// Document line of the cursor, from 0.
  let line: Int
  let theme: Theme

  func draw(in frame: inout Frame) {
    let looks = CellLooks(theme)
    let gutter = editor.gutterWidth
    let marksLine = editor.mode == .text && editor.selection.isEmpty
    let currentLine = theme[.currentLine]
    var misspelt = RangeWalk(editor.misspelt)
    let focus = editor.focusedText ?? 0..<Int.max
    var syntax = SyntaxWalk(editor.syntaxSpans, looks)
    for (number, row) in rows.enumerated() {
      if marksLine, row.kind == .text, row.line == line {
        frame.paint(currentLine, columns: gutter..<frame.columns, row: number)
      }
      drawGutter(of: row, width: gutter, in: &frame, at: number)
      let pair = editor.bracketPair.filter { row.range.contains($0) }
      // By index: a cell is large, and reading a part of it in place copies nothing else.
      let cells = row.cells
      for index in cells.indices {
        let language = syntax.style(at: cells[index].offset)
        let isMisspelt = misspelt.contains(cells[index].offset)
        if cells[index].isPlain, language == nil, pair.isEmpty, !isMisspelt,
          focus.contains(cells[index].offset),
          frame.replace(
            cells[index].glyph, width: cells[index].width,
            column: gutter + cells[index].column, row: number)
        {
          continue
        }
        let cell = cells[index]
        frame.put(
          looks.glyph(of: cell), width: cell.width, column: gutter + cell.column, row: number,
          style: looks.style(
            of: cell, language: language, isBracket: pair.contains(cell.offset),
            isInFocus: focus.contains(cell.offset), isMisspelt: isMisspelt))
      }
    }
    for place in editor.otherCursors(in: rows) {
      frame.paint(
        Style(attributes: .reverse), columns: place.column..<place.column + 1, row: place.row)
    }
    drawOffScreen(in: &frame)
  }

  /// A pin, the line's number, a wrap mark or `+` for a line of a draft, a blank.
  private func drawGutter(of row: VisualRow, width: Int, in frame: inout Frame, at number: Int) {
    guard width > 0, row.kind == .text else { return }
    if row.isContinuation {
      frame.put(
        row.beginning == .draftLine ? "+" : "↪", width: 1, column: max(0, width - 2), row: number,
        style: theme[.wrapMark])
    } else if let line = row.line, editor.settings.showsLineNumbers {
      let digits = String(line + 1)
      frame.write(
        digits, column: max(0, width - 1 - digits.count), row: number,
        style: theme[line == self.line ? .gutterCurrent : .gutter], end: width - 1)
    }
    if row.hasPinned {
      frame.put("•", width: 1, column: 0, row: number, style: theme[.gutterPin])
    }
  }

  /// Shows how far away passages above or below the window are.
  private func drawOffScreen(in frame: inout Frame) {
    guard let first = rows.first, let firstLine = first.line,
      let last = rows.last(where: { $0.kind == .text }), let lastLine = last.line
    else { return }
    let above = editor.passages.filter { $0.span.upperBound <= first.range.lowerBound }
    if let passage = above.max(by: { $0.span.upperBound < $1.span.upperBound }) {
      let lines = max(1, firstLine - lineOf(passage.span.upperBound))
      note("↑ \(state(of: passage)) \(lines.counted("line")) above", in: &frame, at: 0)
    }
    let below = editor.passages.filter { $0.span.lowerBound > last.range.upperBound }
    if let passage = below.min(by: { $0.span.lowerBound < $1.span.lowerBound }) {
      let lines = max(1, lineOf(passage.span.lowerBound) - lastLine)
      note("↓ \(state(of: passage)) \(lines.counted("line")) below", in: &frame, at: rows.count - 1)
    }
  }

  private func note(_ text: String, in frame: inout Frame, at row: Int) {
    let text = Frame.shortened(" \(text) ", to: frame.columns)
    frame.write(
      text, column: max(0, frame.columns - CellWidth.columns(text)), row: row,
      style: theme[.offScreen])
  }

  private func lineOf(_ offset: Int) -> Int { editor.document.text.line(at: offset) }

  private func state(of passage: Passage) -> String {
    switch passage.state {
    case .idle, .opening, .running: "rewriting"
    case .paused, .dropped: "paused"
    case .ended: "settled"
    case .failed: "failed"
    }
  }
}

/// Texts and styles of a theme for the cells of the text area, looked up once a frame.
struct CellLooks {
  private let plain: Style
  private let control: Style
  private let bracket: Style
  private let unfocused: Style
  private let misspelt: Style
  private let selection: Style
  private let match: Style
  private let passage: Style
  private let masks: [Style]
  private let fresh: [Style]
  private let drafts: [Style]
  private let pinned: Style
  private let settled: Style
  private let removed: Style
  private let added: Style
  private let review: Style
  private let doubts: [Style]
  private let languages: [SyntaxRole: Style]

  init(_ theme: Theme) {
    let passage = theme[.passage]
    func onPassage(_ role: Role) -> Style { passage.overlaid(with: theme[role]) }
    plain = .plain
    control = theme[.control]
    bracket = theme[.bracket]
    unfocused = theme[.unfocused]
    misspelt = theme[.misspelt]
    selection = theme[.selection]
    match = theme[.match]
    self.passage = passage
    masks = [onPassage(.maskLow), onPassage(.maskMedium), onPassage(.maskHigh)]
    let draft = onPassage(.draftHigh)
    fresh = (0..<Passage.shades).map { age in
      onPassage(.fresh).faded(towards: draft, by: Double(age) / Double(Passage.shades))
    }
    drafts = [onPassage(.draftLow), onPassage(.draftMedium), onPassage(.draftHigh)]
    pinned = onPassage(.pinned)
    settled = onPassage(.settled)
    removed = onPassage(.removed)
    added = onPassage(.added)
    review = theme[.review]
    doubts = [theme[.doubt], theme[.doubtStrong]]
    languages = Dictionary(
      uniqueKeysWithValues: SyntaxRole.allCases.map { ($0, theme[Role($0)]) })
  }

  func style(of role: SyntaxRole) -> Style? { languages[role] }

  /// The three levels of confidence that can be told apart at a glance.
  static func level(_ confidence: Float) -> Int {
    confidence < 0.4 ? 0 : confidence < 0.75 ? 1 : 2
  }

  private static let shades: [Glyph] = ["░", "▒", "▓"]

  /// A mask by its confidence; noise in an open slot as it is.
  func glyph(of cell: VisualCell) -> Glyph {
    guard case .mask(let confidence) = cell.role, cell.glyph == Self.shades[0] else {
      return cell.glyph
    }
    return Self.shades[Self.level(confidence)]
  }

  /// `language` is that of the text; passages keep a look of their own.
  func style(
    of cell: VisualCell, language: Style? = nil, isBracket: Bool = false, isInFocus: Bool = true,
    isMisspelt: Bool = false
  ) -> Style {
    var style =
      switch cell.role {
      case .text, .tab, .lineEnd:
        cell.passage != nil ? passage : isInFocus ? language ?? plain : unfocused
      case .control: cell.passage == nil ? control : passage.overlaid(with: control)
      case .mask(let confidence): masks[Self.level(confidence)]
      case .fresh(_, let age): fresh[min(Int(age), fresh.count - 1)]
      case .draft(let confidence): drafts[Self.level(confidence)]
      case .pinned: pinned
      case .settled: settled
      case .removed: removed
      case .added: added
      }
    if isMisspelt, cell.passage == nil { style = style.overlaid(with: misspelt) }
    if isBracket, cell.passage == nil { style = style.overlaid(with: bracket) }
    if let doubt = cell.doubt { style = style.overlaid(with: doubts[Int(doubt.rawValue)]) }
    if cell.isMatch { style = style.overlaid(with: match) }
    if cell.isSelected { style = style.overlaid(with: selection) }
    if cell.isUnderReview { style = style.overlaid(with: review) }
    return style
  }
}
