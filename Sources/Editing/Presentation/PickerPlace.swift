internal import Documents

/// The place of a list on the screen: over the text, at its bottom or at a word.
public struct PickerPlace: Sendable, Equatable {
  public let columns: Range<Int>
  /// The title's row and those of the items.
  public let rows: Range<Int>
  public let hasTitle: Bool
  /// Items that are shown, the selected one among them.
  public let items: Range<Int>

  private static let mostRows = 10

  /// nil where the screen has no room. `anchor` is the word that the list belongs to; nil puts the
  /// list at the bottom of `rows` rows.
  public init?(_ picker: Picker, anchor: ScreenPosition?, columns: Int, rows: Int) {
    guard rows >= 1, columns >= 4 else { return nil }
    hasTitle = rows > 2
    let title = hasTitle ? 1 : 0
    items = picker.window(rows: min(Self.mostRows, rows - title))
    let height = items.count + title
    var width = columns
    var top = max(0, rows - height)
    if let anchor {
      let widest = picker.items[items].map {
        CellWidth.columns($0.text) + CellWidth.columns($0.detail) + 6
      }
      width = min(columns, max(16, widest.max() ?? 0))
      // Below the word where there is room, else above it.
      if anchor.row + 1 + height <= rows {
        top = anchor.row + 1
      } else if anchor.row >= height {
        top = anchor.row - height
      }
    }
    let left = anchor.map { max(0, min($0.column, columns - width)) } ?? 0
    self.columns = left..<left + width
    self.rows = top..<top + height
  }

  /// The item in a row.
  func item(atRow row: Int) -> Int? {
    let item = items.lowerBound + row - rows.lowerBound - (hasTitle ? 1 : 0)
    return rows.contains(row) && items.contains(item) ? item : nil
  }
}

extension Editor {
  /// Where the list is, given the rows at hand, which must be those of `rows()`; nil without one.
  public func pickerPlace(in rows: [VisualRow]) -> PickerPlace? {
    guard let picker, mode == .list else { return nil }
    let anchor =
      switch picker.kind {
      case .alternatives, .spellings: screenCursor(in: rows)
      default: ScreenPosition?.none
      }
    return PickerPlace(
      picker, anchor: anchor, columns: viewport.columns,
      rows: min(viewport.rows, viewport.textRows))
  }

  /// Takes what was clicked on; a click beside the list closes it.
  mutating func pressPicker(column: Int, row: Int) {
    guard let place = pickerPlace(in: visibleRows()), place.columns.contains(column),
      place.rows.contains(row)
    else { return closePicker() }
    guard let item = place.item(atRow: row) else { return }
    picker?.selected = item
    choose()
  }
}
