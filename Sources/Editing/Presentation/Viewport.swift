/// The window onto the document.
public struct Viewport: Sendable, Equatable {
  /// Size of the whole screen in cells.
  public internal(set) var columns: Int
  public internal(set) var rows: Int
  /// Start of the layout block at the top, a byte offset.
  public internal(set) var top = 0
  /// Rows of that block above the window.
  public internal(set) var skippedRows = 0

  public init(columns: Int, rows: Int) {
    self.columns = max(1, columns)
    self.rows = max(1, rows)
  }

  /// Rows of text: all but the status line and the line for prompts and messages.
  public var textRows: Int { max(1, rows - 2) }
}

/// A place on the screen, both from 0.
public struct ScreenPosition: Sendable, Equatable {
  public var column: Int
  public var row: Int

  public init(column: Int, row: Int) {
    self.column = column
    self.row = row
  }
}
