internal import Documents

/// What is beside the shown document.
enum Panes: Sendable {
  case one
  /// `isLeft`: the shown document is in the left pane.
  case two(OtherPane, isLeft: Bool)

  /// Columns that a pane has at least.
  static let fewestColumns = 40
  /// Between the panes.
  static let gap = 1
}

/// The pane that does not have the keys.
struct OtherPane: Sendable {
  var document: DocumentID
  var place: Place

  enum Place: Sendable {
    /// That of the document's editor: the document is not the shown one.
    case own
    /// The document is shown, too, at another place.
    case apart(AnchoredPlace)
  }
}

/// A place in a document that follows its edits.
struct AnchoredPlace: Sendable {
  private let selection: AnchoredRange.ID
  private let headIsFirst: Bool
  private let top: AnchoredRange.ID
  private let skippedRows: Int
  private let scrollsFreely: Bool

  /// The present place of an editor.
  init(_ editor: inout Editor) {
    let selection = editor.selection
    self.selection = editor.document.addAnchor(AnchoredRange(selection.range))
    headIsFirst = selection.head < selection.anchor
    let top = min(editor.viewport.top, editor.document.text.count)
    self.top = editor.document.addAnchor(AnchoredRange(top..<top))
    skippedRows = editor.viewport.skippedRows
    scrollsFreely = editor.scrollsFreely
  }

  /// Puts an editor of the document there, or a copy of it.
  func restore(_ editor: inout Editor) {
    if let range = editor.document.range(of: selection) {
      editor.selection =
        headIsFirst
        ? Selection(anchor: range.upperBound, head: range.lowerBound)
        : Selection(anchor: range.lowerBound, head: range.upperBound)
    }
    editor.viewport.top = editor.document.range(of: top)?.lowerBound ?? 0
    editor.viewport.skippedRows = skippedRows
    editor.scrollsFreely = scrollsFreely
    editor.goalColumn = nil
    editor.lastEdit = nil
    editor.normalizeSelection()
    editor.keepOutOfSpans(forward: true)
    editor.settleViewport()
  }

  func forget(_ editor: inout Editor) {
    editor.document.removeAnchor(selection)
    editor.document.removeAnchor(top)
  }
}
