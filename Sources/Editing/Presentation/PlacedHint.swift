internal import Documents

/// A hint of the last line and its place: a click on it presses its key.
public struct PlacedHint: Sendable, Equatable {
  public let hint: KeyHint
  /// First column on the screen.
  public let column: Int

  var columns: Range<Int> { column..<column + hint.key.count + 1 + hint.action.count }
}

extension StatusLine {
  /// The hints that have room right of `occupied` columns of other text, at the right
  /// end; or from the left without other text.
  public func placedHints(columns: Int, occupied: Int) -> [PlacedHint] {
    guard occupied > 0 else { return Self.placed(hints(fitting: columns - 2), from: 1) }
    let hints = hints(fitting: columns - occupied - 4)
    let width = hints.reduce(0) { $0 + $1.key.count + 1 + $1.action.count + 2 } - 2
    return Self.placed(hints, from: columns - 1 - width)
  }

  /// The answers to a question after its `label`; none where they do not all have room.
  public func placedAnswers(columns: Int, label: Int) -> [PlacedHint] {
    let fitting = hints(fitting: columns - label - 2)
    return fitting.count == hints.count ? Self.placed(fitting, from: label + 1) : []
  }

  private static func placed(_ hints: [KeyHint], from start: Int) -> [PlacedHint] {
    var column = start
    return hints.map { hint in
      defer { column += hint.key.count + 1 + hint.action.count + 2 }
      return PlacedHint(hint: hint, column: column)
    }
  }
}

extension Editor {
  /// Hints as the last line shows them; none beside a line of input.
  private var placedHints: [PlacedHint] {
    let status = status
    if let prompt {
      guard prompt.isQuestion else { return [] }
      return status.placedAnswers(
        columns: viewport.columns, label: 1 + CellWidth.columns(prompt.label))
    }
    let occupied = message.map { 1 + CellWidth.columns(DisplayForm.visible($0.text)) } ?? 0
    return status.placedHints(columns: viewport.columns, occupied: occupied)
  }

  /// The key that the hint at a column of the last line names.
  func hintedKey(atColumn column: Int) -> Key? {
    placedHints.first { $0.columns.contains(column) }.flatMap { Key($0.hint.key) }
  }
}
