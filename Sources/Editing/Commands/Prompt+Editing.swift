internal import Documents

// The text of a prompt and the cursor in it, counted in characters.

extension Prompt {
  struct State: Sendable, Equatable {
    var text: String
    var cursor: Int
  }

  private static let mostStates = 200

  /// Inserts at the cursor, or in the place of what is marked. A line end at the end goes.
  mutating func insert(_ string: String) {
    var lines = string.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    if lines.count > 1, lines.last?.isEmpty == true { lines.removeLast() }
    let clean = lines.joined(separator: keepsLines ? "\n" : " ")
    guard !clean.isEmpty else { return }
    replace(isMarked ? 0..<text.count : cursor..<cursor, with: clean)
  }

  mutating func deleteBackward() { delete(cursor - 1..<cursor) }
  mutating func deleteForward() { delete(cursor..<cursor + 1) }
  mutating func deleteWordBackward() { delete(wordStart..<cursor) }
  mutating func deleteToStart() { delete(0..<cursor) }
  mutating func deleteToEnd() { delete(cursor..<text.count) }

  mutating func undo() {
    guard let state = earlier.popLast() else { return }
    text = state.text
    cursor = state.cursor
    isMarked = false
  }

  mutating func markAll() {
    cursor = text.count
    isMarked = !text.isEmpty
  }

  mutating func move(to place: Int) {
    isMarked = false
    cursor = max(0, min(place, text.count))
  }

  /// Where the word left of the cursor begins.
  var wordStart: Int {
    let before = Array(text.prefix(cursor))
    var start = before.count
    while start > 0, before[start - 1].isWhitespace { start -= 1 }
    while start > 0, !before[start - 1].isWhitespace { start -= 1 }
    return start
  }

  /// Where the word right of the cursor ends.
  var wordEnd: Int {
    let behind = text.dropFirst(cursor)
    let word = behind.drop(while: \.isWhitespace).drop { !$0.isWhitespace }
    return text.count - word.count
  }

  /// What is marked goes as a whole.
  private mutating func delete(_ range: Range<Int>) {
    let range = isMarked ? 0..<text.count : range.clamped(to: 0..<text.count)
    if !range.isEmpty { replace(range, with: "") }
  }

  private mutating func replace(_ range: Range<Int>, with string: String) {
    if earlier.count == Self.mostStates { earlier.removeFirst() }
    earlier.append(State(text: text, cursor: cursor))
    text.replaceSubrange(index(range.lowerBound)..<index(range.upperBound), with: string)
    cursor = min(range.lowerBound + string.count, text.count)
    isMarked = false
  }

  private func index(_ characters: Int) -> String.Index {
    text.index(text.startIndex, offsetBy: min(characters, text.count))
  }
}

// MARK: - On the screen

extension Prompt {
  /// Columns left for the text after the label on a screen of `columns`; at least 1.
  public func room(columns: Int) -> Int { max(1, columns - 1 - CellWidth.columns(label)) }

  /// First character shown in `room` columns: the text scrolls so that the cursor, which takes a
  /// column itself, is seen. `width` is what the characters from there to the cursor take.
  public func scrolled(room: Int) -> (first: Int, width: Int) {
    let widths = text.prefix(cursor).map { DisplayForm(of: String($0)).width }
    var width = widths.reduce(0, +)
    var first = 0
    while width >= room, first < widths.count {
      width -= widths[first]
      first += 1
    }
    return (first, width)
  }

  /// The place of the cursor that a click at a column of the screen means.
  func place(atColumn column: Int, columns: Int) -> Int {
    var left = column - (columns - room(columns: columns))
    var place = scrolled(room: room(columns: columns)).first
    for character in text.dropFirst(place) {
      left -= DisplayForm(of: String(character)).width
      if left < 0 { break }
      place += 1
    }
    return place
  }
}
