internal import Documents

extension Race {
  static let columnsSideBySide = 150

  /// Where a lane is on a screen of `columns` with `rows` rows above the status line: one lane
  /// below the other, or side by side where there is room. The title takes the first row.
  public func place(
    of lane: Int, columns: Int, rows: Int
  ) -> (columns: Range<Int>, rows: Range<Int>) {
    let first = min(rows, rows > 3 * 4 ? 2 : 1)
    if columns >= Self.columnsSideBySide {
      let width = columns / lanes.count
      return (lane * width..<(lane + 1) * width - 1, first..<rows)
    }
    let height = max(1, (rows - first) / lanes.count)
    let top = min(rows, first + lane * height)
    return (0..<columns, top..<min(rows, top + height))
  }

  func lane(atColumn column: Int, row: Int, columns: Int, rows: Int) -> Int? {
    lanes.indices.first { lane in
      let place = place(of: lane, columns: columns, rows: rows)
      return place.columns.contains(column) && place.rows.contains(row)
    }
  }

  /// A lane's text between its neighbours, wrapped at `columns`.
  public func rows(of lane: Int, columns: Int) -> [VisualRow] {
    var builder = RowBuilder(limit: columns, tabWidth: 4, line: 0, start: 0, isContinuation: false)
    let passage = lanes[lane].passage
    for cluster in Clusters(before) { builder.add(cluster, .text, at: 0, passage: nil) }
    passage.forEachCluster { cluster, _, slot, role in
      builder.add(cluster, role, at: 0, passage: passage.id, slot: slot)
    }
    for cluster in Clusters(after) { builder.add(cluster, .text, at: 0, passage: nil) }
    return builder.finish()
  }
}
