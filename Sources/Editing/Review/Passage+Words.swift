internal import Infilling

// The words of a draft, for the review cursor. A word is a slot that begins with white space, or
// the first one, and the slots after it that do not; an open slot is a word.

extension Passage {
  /// Slots of the word that `slot` belongs to.
  func wordSlots(at slot: Int) -> Range<Int> {
    guard cells.indices.contains(slot) else { return 0..<0 }
    var start = slot
    while start > 0, !beginsWord(start) { start -= 1 }
    var end = slot + 1
    while end < cells.count, !beginsWord(end) { end += 1 }
    return start..<end
  }

  /// Slots of every word in order. Surplus slots and blanks count to the word before them, at the
  /// beginning to the first.
  var words: [Range<Int>] { Self.words(of: cells) }

  static func words(of cells: [InfillCell]) -> [Range<Int>] {
    var starts = cells.indices.filter { slot in
      let isVisible =
        cells[slot].state == .open || !cells[slot].text.allSatisfy(\.isWhitespace)
      return isVisible && beginsWord(slot, in: cells)
    }
    guard !starts.isEmpty else { return [] }
    starts[0] = 0
    return zip(starts, starts.dropFirst() + [cells.count]).map { $0..<$1 }
  }

  /// The text of each word, white space before it included; empty for a mask.
  var wordTexts: [String] { words.map { cells[$0].map(\.text).joined() } }

  /// Words that could be masked again, the least certain first: a word is as certain as its least
  /// certain slot.
  var leastCertainWords: [Range<Int>] {
    let words = words.compactMap { slots -> (slots: Range<Int>, confidence: Float)? in
      let drafts = cells[slots].filter { $0.state == .draft }
      guard let least = drafts.map(\.confidence).min() else { return nil }
      return (slots, least)
    }
    return words.sorted {
      ($0.confidence, $0.slots.lowerBound) < ($1.confidence, $1.slots.lowerBound)
    }
    .map(\.slots)
  }

  /// Slots of the word under the review cursor, or of the words that are selected.
  var chosenSlots: Range<Int> {
    let word = wordSlots(at: cursorSlot)
    guard let selectionAnchor else { return word }
    let other = wordSlots(at: selectionAnchor)
    return min(word.lowerBound, other.lowerBound)..<max(word.upperBound, other.upperBound)
  }

  /// Moves the review cursor by whole words, staying inside the passage; `selecting` keeps the
  /// other end of the selection where it is.
  mutating func moveCursor(by words: Int, selecting: Bool = false) {
    selectionAnchor = selecting ? selectionAnchor ?? cursorSlot : nil
    let starts = cells.indices.filter { beginsWord($0) && cells[$0].state != .deleted }
    guard !starts.isEmpty else { return }
    let present = starts.lastIndex { $0 <= cursorSlot } ?? 0
    cursorSlot = starts[max(0, min(present + words, starts.count - 1))]
  }

  private func beginsWord(_ slot: Int) -> Bool { Self.beginsWord(slot, in: cells) }

  private static func beginsWord(_ slot: Int, in cells: [InfillCell]) -> Bool {
    if slot == 0 || cells[slot].state == .open || cells[slot - 1].state == .open { return true }
    if cells[slot].text.first?.isWhitespace == true { return true }
    return cells[slot - 1].text.last?.isWhitespace == true
  }
}
