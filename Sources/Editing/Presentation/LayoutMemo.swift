/// Rows that were laid out, for as long as they are those of the document: the cursor, the window
/// and the frame use the same ones.
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

  /// What a block shows, and the rows that it takes without passages.
  private struct Entry {
    var block: Layout.Block
    var passages: [Passage]
    var focus: Passage.ID?
    var rows: [VisualRow]
    var height: Int
  }

  private(set) var inputs = Inputs()
  /// Of the last event.
  var window: Window?
  /// By the start of the block.
  private var entries: [Int: Entry] = [:]
  private var rowCount = 0
  /// Blocks laid out since the editor began, as tests count them.
  var blocksLaidOut = 0

  /// Rows that are kept: several large screens.
  private static let mostRows = 1000
  /// Blocks for which there is room from the beginning: those of a screen.
  private static let blocks = 64

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
    guard let entry = entry(of: block), entry.focus == focus, entry.passages == passages else {
      return nil
    }
    return entry.rows
  }

  /// Rows that a block takes without passages; nil where they were not counted.
  func height(of block: Layout.Block) -> Int? { entry(of: block)?.height }

  private func entry(of block: Layout.Block) -> Entry? {
    guard let entry = entries[block.range.lowerBound], entry.block == block else { return nil }
    return entry
  }

  /// - Parameter height: rows that the block takes without passages.
  mutating func keep(
    _ rows: [VisualRow], of block: Layout.Block, showing passages: [Passage], focus: Passage.ID?,
    height: Int
  ) {
    if rowCount > Self.mostRows { forget() }
    if entries.isEmpty { entries.reserveCapacity(Self.blocks) }
    let entry = Entry(
      block: block, passages: passages, focus: focus, rows: rows, height: height)
    let old = entries.updateValue(entry, forKey: block.range.lowerBound)
    rowCount += rows.count - (old?.rows.count ?? 0)
  }

  private mutating func forget() {
    entries = [:]
    window = nil
    rowCount = 0
  }
}
