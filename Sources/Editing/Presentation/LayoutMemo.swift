/// Rows that were laid out, for as long as they are those of the document: the cursor, the window and
/// the frame use the same ones.
struct LayoutMemo: Sendable {
  /// What all rows depend on beside passages. `revision` is that of the document.
  struct Inputs: Sendable, Equatable {
    var revision = 0
    var columns = 0
    var tabWidth = 0
    /// Number of the preview of replacements; 0 without one.
    var preview = 0
  }

  /// The blocks in a window.
  struct Window {
    var viewport: Viewport
    var passages: [Passage]
    var focus: Passage.ID?
    var blocks: [(block: Layout.Block, rows: [VisualRow])]
  }

  private struct Entry {
    var passages: [Passage]
    var focus: Passage.ID?
    var rows: [VisualRow]
  }

  private(set) var inputs = Inputs()
  /// Of the last event.
  var window: Window?
  /// Rows that blocks take without passages.
  var heights: [Layout.Block: Int] = [:]
  private var entries: [Layout.Block: Entry] = [:]
  private var rowCount = 0
  /// Blocks laid out since the editor began, as tests count them.
  var blocksLaidOut = 0

  /// Rows that are kept: several large screens.
  private static let mostRows = 1000

  /// Forgets what was laid out for other inputs.
  mutating func reset(for inputs: Inputs) {
    guard inputs != self.inputs else { return }
    self.inputs = inputs
    forget()
  }

  /// The rows of a block whose passages, of which `focus` has the keys, have not changed since.
  func rows(of block: Layout.Block, showing passages: [Passage], focus: Passage.ID?)
    -> [VisualRow]?
  {
    guard let entry = entries[block], entry.focus == focus, entry.passages == passages else {
      return nil
    }
    return entry.rows
  }

  mutating func keep(
    _ rows: [VisualRow], of block: Layout.Block, showing passages: [Passage], focus: Passage.ID?
  ) {
    if rowCount > Self.mostRows { forget() }
    if passages.isEmpty { heights[block] = rows.count }
    let entry = Entry(passages: passages, focus: focus, rows: rows)
    rowCount += rows.count - (entries.updateValue(entry, forKey: block)?.rows.count ?? 0)
  }

  private mutating func forget() {
    entries = [:]
    heights = [:]
    window = nil
    rowCount = 0
  }
}
