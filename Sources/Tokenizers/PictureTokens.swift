/// The tokens that stand around the cells of a picture in a prompt.
public struct PictureTokens: Sendable, Equatable {
  /// Begins a picture.
  public var begin: Int
  /// Stands for a cell where its features go.
  public var cell: Int
  /// Ends a row of cells, but for the last.
  public var rowEnd: Int
  /// Ends the last row.
  public var end: Int

  /// Those of a vocabulary; nil where one is missing.
  public init?(_ tokenizer: Tokenizer) {
    func id(_ name: String) -> Int? { tokenizer.id(of: "<|image_\(name)|>") }
    guard let begin = id("start"), let cell = id("pad"), let rowEnd = id("break"),
      let end = id("end")
    else { return nil }
    self.begin = begin
    self.cell = cell
    self.rowEnd = rowEnd
    self.end = end
  }

  /// The ids of a picture whose cells have the ids `cells`, `columns` in a row. Traps unless they are
  /// whole rows.
  public func block(_ cells: some Collection<Int>, columns: Int) -> [Int] {
    precondition(
      columns > 0 && !cells.isEmpty && cells.count.isMultiple(of: columns),
      "\(cells.count) cells in rows of \(columns)")
    var ids = [begin]
    for (index, cell) in cells.enumerated() {
      ids.append(cell)
      if (index + 1).isMultiple(of: columns) { ids.append(rowEnd) }
    }
    ids[ids.count - 1] = end
    return ids
  }
}
