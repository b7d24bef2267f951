internal import DecodingPolicies
internal import Documents

/// What the next mouse event needs to know of the last press.
struct MouseState: Sendable, Equatable {
  /// Longest pause within a double or triple click.
  static let clickMilliseconds = 400

  var time = -MouseState.clickMilliseconds
  var column = -1
  var row = -1
  /// 1 for a click, 2 for a double click, 3 for a triple click.
  var clicks = 0
  /// What the first press selected: a drag extends it by the same unit.
  var origin = 0..<0
  var isDragging = false
  /// The drag began on the step bar.
  var isScrubbing = false
  /// The drag began on this slot of the draft under review.
  var draftSlot: Int?
}

extension Editor {
  mutating func handleMouse(_ event: MouseEvent) {
    switch event.kind {
    case .wheelUp: wheel(-3)
    case .wheelDown: wheel(3)
    case .press where event.button == .left: press(event)
    case .press where event.button == .right:
      closeTour()
      openMenu()
    case .press where event.button == .middle: pasteSelection(event)
    case .drag where mouse.isScrubbing: scrub(atColumn: event.column, anywhere: true)
    case .drag where mouse.draftSlot != nil: dragOverDraft(event)
    case .drag where mouse.isDragging: drag(event)
    case .release:
      mouse.draftSlot = nil
      mouse.isDragging = false
      mouse.isScrubbing = false
    case .press, .drag: break
    }
  }

  private mutating func wheel(_ rows: Int) {
    if let row = helpRow {
      helpRow = max(0, min(row + rows, helpLines.count - 1))
    } else if recovering != nil {
      scrollRecovery(by: rows)
    } else if conflict != nil {
      scrollConflict(by: rows)
    } else if picker != nil {
      movePicker(by: rows.signum())
    } else if race != nil {
      race?.select(by: rows.signum())
    } else {
      scroll(by: rows)
    }
  }

  /// Every command by name, as the palette has them.
  private mutating func openMenu() {
    guard mode == .text || mode == .review else { return }
    openPalette()
  }

  /// Puts what the desktop has selected where the pointer is, as terminals do.
  private mutating func pasteSelection(_ event: MouseEvent) {
    guard asksForClipboard, mode == .text, event.row < viewport.textRows else { return }
    press(event)
    mouse.isDragging = false
    if mode == .text { _ = ask(for: .primary) }
  }

  private mutating func press(_ event: MouseEvent) {
    closeTour()
    if viewport.rows >= 3, event.row == viewport.rows - 1 {
      if let key = hintedKey(atColumn: event.column) {
        press(key)
      } else if prompt != nil {
        let columns = viewport.columns
        movePrompt { $0.place(atColumn: event.column, columns: columns) }
      }
      return
    }
    message = nil
    helpRow = nil
    if recovering != nil || conflict != nil { return }
    if race != nil { return pressLane(column: event.column, row: event.row) }
    if picker != nil { return pressPicker(column: event.column, row: event.row) }
    guard event.row < viewport.textRows else {
      if viewport.rows >= 3, event.row == viewport.rows - 2, prompt == nil {
        pressStatus(column: event.column)
      }
      return
    }
    if prompt != nil { cancelPrompt() }
    guard let hit = hit(column: event.column, row: event.row) else { return }
    if let id = hit.passage, let index = index(of: id) {
      return pressDraft(index, slot: hit.slot, event)
    }
    if focus != nil { leaveReview() }
    countClick(event)
    cursors = []
    scrollsFreely = true
    if event.modifiers.contains(.shift), mouse.clicks == 1 {
      mouse.origin = selection.anchor..<selection.anchor
      moveHead(to: hit.offset, extending: true)
    } else {
      mouse.origin = unit(at: hit.offset)
      selection = Selection(anchor: mouse.origin.lowerBound, head: mouse.origin.upperBound)
      keepOutOfSpans(forward: true)
      goalColumn = nil
      lastEdit = nil
    }
    mouse.isDragging = true
    if mouse.clicks == 1, let word = doubtedWord(at: hit.offset) { describe(word) }
  }

  /// A click chooses a word, a second one lists what else was considered there; dragging from it
  /// chooses more.
  private mutating func pressDraft(_ index: Int, slot: Int?, _ event: MouseEvent) {
    countClick(event)
    let hadKeys = focus == passages[index].id
    enter(index)
    scrollsFreely = true
    guard let slot else { return }
    if event.modifiers.contains(.shift), hadKeys {
      passages[index].selectionAnchor =
        passages[index].selectionAnchor ?? passages[index].cursorSlot
    } else {
      passages[index].selectionAnchor = nil
    }
    passages[index].cursorSlot = slot
    mouse.draftSlot = slot
    if mouse.clicks == 2 {
      mouse.draftSlot = nil
      listAlternatives(index)
    }
  }

  private mutating func dragOverDraft(_ event: MouseEvent) {
    let row = max(0, min(event.row, viewport.textRows - 1))
    guard mode == .review, let index = index(of: focus),
      let hit = hit(column: event.column, row: row), hit.passage == focus, let slot = hit.slot
    else { return }
    scrollsFreely = true
    passages[index].selectionAnchor = mouse.draftSlot
    passages[index].cursorSlot = slot
  }

  /// Scrubs, sets the quality, or performs the command of a part of the status line.
  private mutating func pressStatus(column: Int) {
    let status = status
    guard
      let part = status.parts(fitting: viewport.columns).first(where: {
        ($0.column..<$0.column + $0.columns).contains(column)
      })
    else { return }
    if case .bar = part.kind { return scrub(atColumn: column, anywhere: false) }
    guard !isReplay else { return }
    let index = status.passage.flatMap { self.index(of: $0.passage.id) }
    if case .quality(let slider) = part.kind {
      guard let index, let level = slider.level(atColumn: column - part.column) else { return }
      closePicker()
      enterReview(index)
      tune(index) { $0.unmasking = .quality(level) }
    } else if let command = part.command.flatMap({ Command.byName[$0] }) {
      closePicker()
      // A part of the passage's is for a review, the others are for the text as well.
      if let index, !command.modes.contains(.text) { enterReview(index) }
      if command.modes.contains(mode) { command.perform(&self) }
    }
  }

  private mutating func enterReview(_ index: Int) {
    if focus != passages[index].id { enter(index) }
  }

  /// Shows the step at a column of the status line, within the step bar or, while it
  /// is dragged, next to it.
  private mutating func scrub(atColumn column: Int, anywhere: Bool) {
    let status = status
    guard let shown = status.passage, let index = index(of: shown.passage.id)
    else { return }
    for part in status.parts(fitting: viewport.columns) {
      guard case .bar(let bar) = part.kind else { continue }
      guard anywhere || (part.column..<part.column + part.columns).contains(column) else { return }
      closePicker()
      if focus != shown.passage.id { enter(index) }
      mouse.isScrubbing = true
      scrub(index, to: bar.step(atColumn: column - part.column))
    }
  }

  private mutating func countClick(_ event: MouseEvent) {
    let isRepeated =
      (0...MouseState.clickMilliseconds).contains(event.time - mouse.time)
      && event.row == mouse.row
      && abs(event.column - mouse.column) <= 1
    mouse.clicks = isRepeated ? mouse.clicks % 3 + 1 : 1
    mouse.time = event.time
    mouse.row = event.row
    mouse.column = event.column
  }

  private mutating func drag(_ event: MouseEvent) {
    if event.row >= viewport.textRows { scroll(by: 1) }
    if event.row <= 0 { scroll(by: -1) }
    let row = max(0, min(event.row, viewport.textRows - 1))
    guard let hit = hit(column: event.column, row: row) else { return }
    scrollsFreely = true
    let unit = unit(at: hit.offset)
    if hit.offset < mouse.origin.lowerBound {
      selection = Selection(anchor: mouse.origin.upperBound, head: unit.lowerBound)
    } else {
      let end = max(unit.upperBound, mouse.origin.upperBound)
      selection = Selection(anchor: mouse.origin.lowerBound, head: end)
    }
    keepOutOfSpans(forward: selection.head > selection.anchor)
    goalColumn = nil
  }

  /// What a click, double click or triple click at an offset takes.
  private func unit(at offset: Int) -> Range<Int> {
    switch mouse.clicks {
    case 2: document.text.wordRange(at: offset)
    case 3: document.text.fullLineRange(document.text.line(at: offset))
    default: offset..<offset
    }
  }

  /// What is at a place on the screen; below the text, its end.
  private mutating func hit(
    column: Int, row: Int
  ) -> (offset: Int, passage: Passage.ID?, slot: Int?)? {
    let rows = visibleRows()
    guard rows.indices.contains(row) else { return nil }
    let hit = rows[row]
    switch hit.kind {
    case .beyondEnd: return (document.text.count, nil, nil)
    case .reserved: return (hit.range.upperBound, nil, nil)
    case .text:
      let column = max(0, column - gutterWidth)
      let cell = hit.cells.first { $0.column <= column && column < $0.column + $0.width }
      if let cell, let passage = cell.passage { return (cell.offset, passage, cell.slot) }
      let offset = Self.offset(at: column, in: hit, wraps: wraps(row, rows))
      return (offset, nil, nil)
    }
  }
}
