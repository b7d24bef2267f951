internal import Infilling

// The words of a draft, for the review cursor. A word is a slot that begins with white space, or the
// first one, and the slots after it that do not; an open slot stands alone.

extension Fill {
  /// Slots of the word that `slot` belongs to.
  func wordSlots(at slot: Int) -> Range<Int> {
    guard cells.indices.contains(slot) else { return 0..<0 }
    var start = slot
    while start > 0, !beginsWord(start) { start -= 1 }
    var end = slot + 1
    while end < cells.count, !beginsWord(end) { end += 1 }
    return start..<end
  }

  /// Moves the review cursor by whole words, staying inside the fill.
  mutating func moveCursor(by words: Int) {
    let starts = cells.indices.filter { beginsWord($0) && cells[$0].state != .deleted }
    guard !starts.isEmpty else { return }
    let present = starts.lastIndex { $0 <= cursorSlot } ?? 0
    cursorSlot = starts[max(0, min(present + words, starts.count - 1))]
  }

  private func beginsWord(_ slot: Int) -> Bool {
    if slot == 0 || cells[slot].state == .open || cells[slot - 1].state == .open { return true }
    if cells[slot].text.first?.isWhitespace == true { return true }
    return cells[slot - 1].text.last?.isWhitespace == true
  }
}
