// Two documents, or two places of one, side by side.

extension Workspace {
  /// The pane beside that of the shown document, as an editor that is only looked at; nil with one
  /// pane. `isLeft`: it is the left one.
  public var otherPane: (editor: Editor, isLeft: Bool)? {
    guard case .two(let other, let isLeft) = panes, var editor = self[other.document] else {
      return nil
    }
    if case .apart(let place) = other.place { place.restore(&editor) }
    editor.focus = nil
    editor.overlays = []
    editor.message = nil
    editor.surroundings.number = (index(of: editor.id) ?? 0) + 1
    editor.surroundings.count = editors.count
    return (editor, !isLeft)
  }

  /// Columns and rows of the whole screen.
  public var screen: (columns: Int, rows: Int) { (screenColumns, shown.viewport.rows) }

  /// Columns of each pane.
  var paneColumns: Int {
    switch panes {
    case .one: screenColumns
    case .two: (screenColumns - Panes.gap) / 2
    }
  }

  /// First column of the pane that does not have the keys, and of the one that has them.
  private var firstColumns: (other: Int, shown: Int) {
    guard case .two(_, let isLeft) = panes else { return (0, 0) }
    let right = screenColumns - paneColumns
    return isLeft ? (right, 0) : (0, right)
  }

  mutating func resize(columns: Int, rows: Int) {
    screenColumns = max(1, columns)
    if !hasRoomForTwo { join() }
    resizeEditors(rows: rows)
  }

  private var hasRoomForTwo: Bool { screenColumns >= 2 * Panes.fewestColumns }

  mutating func resizeEditors(rows: Int) {
    let event = Event.resize(columns: paneColumns, rows: rows)
    for id in documents { with(id, reporting: false) { $0.update(event) } }
  }

  // MARK: Splitting

  /// Shows the document in two panes; of two, leaves the one with the keys.
  mutating func split() {
    if case .two = panes {
      join()
    } else if hasRoomForTwo {
      panes = .two(
        OtherPane(document: shown.id, place: .apart(AnchoredPlace(&shown))), isLeft: true)
    } else {
      return shown.show(.noRoomForPanes(columns: 2 * Panes.fewestColumns))
    }
    resizeEditors(rows: shown.viewport.rows)
  }

  /// Leaves the pane with the keys alone.
  mutating func join() {
    guard case .two(let other, _) = panes else { return }
    if case .apart(let place) = other.place { place.forget(&shown) }
    panes = .one
  }

  /// Gives the keys to the other pane.
  mutating func goToOtherPane() {
    guard case .two(let other, let isLeft) = panes else { return shown.show(.onlyPane) }
    switch other.place {
    case .own:
      let left = OtherPane(document: shown.id, place: .own)
      focus(on: other.document)
      panes = .two(left, isLeft: !isLeft)
    case .apart(let place):
      let left = OtherPane(document: shown.id, place: .apart(AnchoredPlace(&shown)))
      place.restore(&shown)
      place.forget(&shown)
      panes = .two(left, isLeft: !isLeft)
    }
  }

  /// Shows a document in the pane with the keys. The other pane stays where it is, also when it has
  /// the same document.
  mutating func show(_ id: DocumentID) {
    guard id != shown.id, index(of: id) != nil else { return }
    if case .two(let other, let isLeft) = panes, case .apart(let place) = other.place {
      place.restore(&shown)
      place.forget(&shown)
      panes = .two(OtherPane(document: shown.id, place: .own), isLeft: isLeft)
    }
    focus(on: id)
    if case .two(let other, let isLeft) = panes, other.document == id {
      let place = AnchoredPlace(&shown)
      panes = .two(OtherPane(document: id, place: .apart(place)), isLeft: isLeft)
    }
  }

  // MARK: The mouse

  /// Hands a mouse event to the pane it is in; a press in the other pane gives that the keys, the
  /// wheel scrolls it as it is.
  mutating func handle(_ event: MouseEvent) {
    if case .two(let other, let isLeft) = panes, !isInShownPane(event.column),
      shown.mode == .text || shown.mode == .review
    {
      switch event.kind {
      case .press: goToOtherPane()
      case .wheelUp, .wheelDown: return scroll(other, isLeft: isLeft, event)
      case .release, .drag: break
      }
    }
    var event = event
    event.column = max(0, min(event.column - firstColumns.shown, paneColumns - 1))
    let here = event
    with(shown.id) { $0.update(.mouse(here)) }
  }

  private mutating func scroll(_ other: OtherPane, isLeft: Bool, _ event: MouseEvent) {
    guard case .apart(let place) = other.place else {
      return with(other.document) { $0.update(.mouse(event)) }
    }
    let here = AnchoredPlace(&shown)
    place.restore(&shown)
    place.forget(&shown)
    with(shown.id) { $0.update(.mouse(event)) }
    panes = .two(
      OtherPane(document: other.document, place: .apart(AnchoredPlace(&shown))), isLeft: isLeft)
    here.restore(&shown)
    here.forget(&shown)
  }

  private func isInShownPane(_ column: Int) -> Bool {
    (firstColumns.shown..<firstColumns.shown + paneColumns).contains(column)
  }
}
