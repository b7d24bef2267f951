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
    guard occupied > 0 else {
      let fitting = hints(fitting: columns - 2)
      return Self.placed(fitting.isEmpty ? firstKey : fitting, from: columns > 8 ? 1 : 0)
    }
    let hints = hints(fitting: columns - occupied - 4)
    let width = hints.reduce(0) { $0 + $1.key.count + 1 + $1.action.count + 2 } - 2
    return Self.placed(hints, from: columns - 1 - width)
  }

  /// The most useful key alone, for screens without room for what it does.
  private var firstKey: [KeyHint] { hints.prefix(1).map { KeyHint(key: $0.key, action: "") } }

  /// The first columns of the last line that a message takes: on a screen too narrow for it, the
  /// most useful key stays beside it.
  public func columns(ofMessage width: Int, columns: Int) -> Int {
    let key = firstKey.first.map { $0.key.count + 1 } ?? 0
    return width <= columns ? width : max(0, columns - key)
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
    return status.placedHints(columns: viewport.columns, occupied: messageFits ? messageWidth : 0)
  }

  /// Columns of the message with a blank before it; 0 without one.
  private var messageWidth: Int {
    message.map { 1 + CellWidth.columns(DisplayForm.visible($0.text)) } ?? 0
  }

  /// Whether the last line has room for the message; else it is shown above the status line.
  public var messageFits: Bool {
    messageWidth <= viewport.columns && message?.text.contains(where: \.isNewline) != true
  }

  /// The key that the hint at a column of the last line names.
  func hintedKey(atColumn column: Int) -> Key? {
    placedHints.first { $0.columns.contains(column) }.flatMap { Key($0.hint.key) }
  }
}
