/// A row of the laid out document.
struct RowPlace {
  var block: Layout.Block
  var row: Int

  /// The place this many rows below, or above for negative ones; the first or last row at the ends.
  func moved(by rows: Int, _ layout: inout Layout) -> RowPlace {
    var place = self
    place.row += rows
    while place.row < 0 {
      guard let before = layout.block(before: place.block) else {
        place.row = 0
        break
      }
      place.block = before
      place.row += layout.rows(of: before).count
    }
    guard rows >= 0 else { return place }
    var count = layout.rows(of: place.block).count
    while place.row >= count {
      guard let next = layout.block(after: place.block) else {
        place.row = count - 1
        break
      }
      place.row -= count
      place.block = next
      count = layout.rows(of: next).count
    }
    return place
  }

  /// Rows from here down to a row of the block at `offset`, nil when there are `limit` or more.
  func distance(to offset: Int, _ row: Int, _ layout: inout Layout, _ limit: Int) -> Int? {
    var block = block
    var rows = -self.row
    while block.range.lowerBound < offset {
      rows += layout.rows(of: block).count
      guard rows < limit, let next = layout.block(after: block) else { return nil }
      block = next
    }
    return rows + row < limit ? rows + row : nil
  }

  func scroll(_ viewport: inout Viewport) {
    viewport.top = block.range.lowerBound
    viewport.skippedRows = row
  }
}
