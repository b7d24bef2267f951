internal import Documents

extension Command {
  static let cursors: [Command] = [
    Command("cursor-next-match", "Another cursor at the selection's next match") {
      $0.addNextMatch()
    },
    Command("cursor-up", "Another cursor in the row above") { $0.addCursor(rows: -1) },
    Command("cursor-down", "Another cursor in the row below") { $0.addCursor(rows: 1) },
  ]

  /// What each of several cursors does for itself.
  private static let forEachCursor: Set<String> = Set(
    (motions + editing + [insertion]).map(\.name)
  ).subtracting(["toggle-overwrite"])

  private static let insertion = Command("paste", "") { _ in }

  /// Leaves the cursors as they are.
  private static let besideCursors: Set<String> = Set(
    cursors.map(\.name) + ["toggle-overwrite", "save", "suspend", "help", "count-words"])

  /// Performs the command at every cursor, or if it is none for several, at one.
  func performAtCursors(of editor: inout Editor) {
    if editor.cursors.isEmpty || editor.mode != .text || Self.besideCursors.contains(name) {
      perform(&editor)
    } else if Self.forEachCursor.contains(name) {
      editor.atEachCursor { perform(&$0) }
    } else {
      editor.cursors = []
      perform(&editor)
    }
  }
}

/// A change that is made at one cursor after another.
struct CursorRound: Sendable {
  /// All of them, in the order of the text.
  var cursors: [Selection]
  /// The changes of the others join that of the first.
  var hasEdited = false

  mutating func follow(_ transaction: Transaction) {
    hasEdited = true
    for index in cursors.indices { cursors[index] = cursors[index].mapped(through: transaction) }
  }
}

extension Editor {
  /// Cursors at a time, at most.
  static let mostCursors = 1000

  /// Does the same at every cursor; the edits are one undo node.
  mutating func atEachCursor(_ body: (inout Editor) -> Void) {
    let all = (cursors + [selection]).sorted { $0.range.lowerBound < $1.range.lowerBound }
    let main = all.firstIndex(of: selection) ?? 0
    round = CursorRound(cursors: all)
    document.closeUndoGroup()
    for index in all.indices {
      guard let cursor = round?.cursors[index] else { break }
      selection = Selection(anchor: clamped(cursor.anchor), head: clamped(cursor.head))
      lastEdit = nil
      body(&self)
      round?.cursors[index] = selection
    }
    let done = round?.cursors ?? []
    round = nil
    lastEdit = nil
    document.closeUndoGroup()
    guard done.indices.contains(main) else { return }
    selection = done[main]
    keepApart(Array(done.prefix(main) + done.dropFirst(main + 1)))
  }

  /// Takes up another cursor, unless there is one in its range.
  private mutating func add(_ cursor: Selection) {
    let range = cursor.range
    let isThere = (cursors + [selection]).contains { other in
      other.head == cursor.head || other.range.overlaps(range)
    }
    if !isThere, cursors.count < Self.mostCursors { cursors.append(cursor) }
  }

  /// The cursors besides the selection: `others`, without those that are where another is.
  private mutating func keepApart(_ others: [Selection]) {
    cursors = []
    for other in others { add(other) }
  }

  /// Selects the word at the cursor, or adds the next match of what is selected; the cursor goes there.
  mutating func addNextMatch() {
    let text = document.text
    guard !selection.isEmpty else {
      let others = cursors
      select(text.wordRange(at: selection.head))
      return keepApart(others)
    }
    let wanted = text.bytes(in: selection.range)
    guard wanted.count <= 10_000, text.count <= Finding.largestCounted,
      let search = try? Search(String(decoding: wanted, as: UTF8.self))
    else { return show(.noFurtherMatch) }
    var offset = selection.range.upperBound
    var rounds = 0
    let present = cursors + [selection]
    while let found = try? search.next(in: text, from: offset) {
      rounds += found.wrapped ? 1 : 0
      if rounds > 1 { break }
      offset = found.range.upperBound
      // The search may not care for capitals.
      guard text.bytes(in: found.range) == wanted,
        !present.contains(where: { $0.range.overlaps(found.range) })
      else { continue }
      let before = selection
      let (lower, upper) = (found.range.lowerBound, found.range.upperBound)
      selection =
        before.anchor <= before.head
        ? Selection(anchor: lower, head: upper) : Selection(anchor: upper, head: lower)
      // A cursor may be at the end of the match.
      keepApart(cursors + [before])
      return show(.cursors(cursors.count + 1))
    }
    show(.noFurtherMatch)
  }

  /// Adds a cursor above the topmost or below the lowest, with a selection as wide: a column.
  mutating func addCursor(rows: Int) {
    let all = (cursors + [selection]).sorted { $0.head < $1.head }
    guard let outermost = rows < 0 ? all.first : all.last else { return }
    let main = selection
    let others = cursors
    let goal = goalColumn
    selection = Selection(outermost.head)
    moveByRows(rows, extending: false)
    let column = goalColumn
    let head = selection.head
    selection = Selection(outermost.anchor)
    goalColumn = nil
    moveByRows(rows, extending: false)
    let added = Selection(anchor: outermost.isEmpty ? head : selection.head, head: head)
    (selection, goalColumn) = (added, column ?? goal)
    // At the edge of the text, it may be where another is.
    keepApart(others)
    add(main)
    guard cursors.count > others.count || added != main else { return }
    show(.cursors(cursors.count + 1))
  }

  /// Places of the cursors besides the one with the selection's head.
  public func otherCursors(in rows: [VisualRow]) -> [ScreenPosition] {
    cursors.compactMap { cursor in
      Self.find(.offset(cursor.head), in: rows).map { row, column in
        ScreenPosition(column: gutterWidth + min(column, textColumns - 1), row: row)
      }
    }
  }
}
