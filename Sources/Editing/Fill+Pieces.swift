internal import Infilling

// What a draft looks like, cluster by cluster.

extension Fill {
  /// One cluster of the draft, or one column of a mask.
  struct Piece: Equatable {
    var text: String
    var slot: Int
    var role: VisualCell.Role
    var isMask = false
  }

  /// The draft in order. White space at its ends is left out, for the document has its own there.
  func pieces() -> [Piece] {
    let fresh = Set(freshSlots)
    let isSettled = state == .settled && branch.shownStep == branch.lastStep
    var pieces: [Piece] = []
    var slot = 0
    while slot < cells.count {
      if cells[slot].state == .open {
        let mask = Piece(
          text: "░", slot: slot, role: .mask(confidence: cells[slot].confidence), isMask: true)
        pieces.append(contentsOf: repeatElement(mask, count: columns(ofOpenSlot: slot)))
        slot += 1
        continue
      }
      // A cluster may consist of several slots' text: segment them together.
      var end = slot
      var text = ""
      var owners: [Int] = []
      while end < cells.count, cells[end].state != .open {
        text += cells[end].text
        owners += repeatElement(end, count: cells[end].text.utf8.count)
        end += 1
      }
      var position = 0
      for character in text {
        let owner = owners[position]
        position += character.utf8.count
        pieces.append(
          Piece(
            text: String(character), slot: owner,
            role: role(of: owner, isFresh: fresh.contains(owner), isSettled: isSettled)))
      }
      slot = end
    }
    return trimmed(pieces)
  }

  private func role(of slot: Int, isFresh: Bool, isSettled: Bool) -> VisualCell.Role {
    let cell = cells[slot]
    if cell.state == .pinned { return .pinned }
    if let age = glow?[slot] { return .fresh(confidence: cell.confidence, age: age) }
    if isSettled { return .settled }
    return isFresh && glow == nil
      ? .fresh(confidence: cell.confidence) : .draft(confidence: cell.confidence)
  }

  private func trimmed(_ pieces: [Piece]) -> [Piece] {
    func isBlank(_ piece: Piece) -> Bool {
      !piece.isMask && piece.text.allSatisfy(\.isWhitespace)
    }
    guard let first = pieces.firstIndex(where: { !isBlank($0) }),
      let last = pieces.lastIndex(where: { !isBlank($0) })
    else { return [] }
    return Array(pieces[first...last])
  }
}
