internal import Documents
internal import Infilling

// What a draft looks like, cluster by cluster.

extension Passage {
  /// One cluster of the draft, or one column of a mask.
  struct Piece: Equatable {
    /// Its range is that of its text in `Draft.bytes`.
    var cluster: Cluster
    var slot: Int
    var role: VisualCell.Role
    var isMask = false
  }

  struct Draft {
    var bytes: [UInt8] = []
    var pieces: [Piece] = []

    func text(of piece: Piece) -> String {
      String(decoding: bytes[piece.cluster.range], as: UTF8.self)
    }
  }

  /// The draft in order. White space at its ends is left out, for the document has its own there.
  func draft() -> Draft {
    var draft = Draft()
    var slot = 0
    while slot < cells.count {
      if cells[slot].state == .open {
        addMask(slot, to: &draft)
        slot += 1
      } else {
        let end = cells[slot...].firstIndex { $0.state == .open } ?? cells.count
        addText(of: slot..<end, to: &draft)
        slot = end
      }
    }
    trim(&draft)
    return draft
  }

  private func addMask(_ slot: Int, to draft: inout Draft) {
    for _ in 0..<columns(ofOpenSlot: slot) {
      let start = draft.bytes.count
      draft.bytes += "░".utf8
      let cluster = Cluster(
        range: start..<draft.bytes.count, kind: .text,
        display: DisplayForm(glyph: "░", width: 1))
      draft.pieces.append(
        Piece(
          cluster: cluster, slot: slot, role: .mask(confidence: cells[slot].confidence),
          isMask: true))
    }
  }

  /// A cluster may consist of several slots' text, so they are segmented together; it belongs to
  /// the slot that it begins in.
  private func addText(of slots: Range<Int>, to draft: inout Draft) {
    var bytes: [UInt8] = []
    var ends: [Int] = []
    for slot in slots {
      bytes += cells[slot].text.utf8
      ends.append(bytes.count)
    }
    let fresh = Set(freshSlots)
    let isSettled = state == .ended && candidate.shownStep == candidate.lastStep
    var owner = slots.lowerBound - 1
    var end = 0
    var role = VisualCell.Role.settled
    let start = draft.bytes.count
    for var cluster in Clusters(bytes) {
      while end <= cluster.range.lowerBound {
        owner += 1
        end = ends[owner - slots.lowerBound]
        role = self.role(of: owner, isFresh: fresh.contains(owner), isSettled: isSettled)
      }
      cluster.range = start + cluster.range.lowerBound..<start + cluster.range.upperBound
      draft.pieces.append(Piece(cluster: cluster, slot: owner, role: role))
    }
    draft.bytes += bytes
  }

  private func role(of slot: Int, isFresh: Bool, isSettled: Bool) -> VisualCell.Role {
    let cell = cells[slot]
    if cell.state == .pinned { return .pinned }
    if let age = highlights?[slot] { return .fresh(confidence: cell.confidence, age: age) }
    if isSettled { return .settled }
    return isFresh && highlights == nil
      ? .fresh(confidence: cell.confidence) : .draft(confidence: cell.confidence)
  }

  private func trim(_ draft: inout Draft) {
    func isBlank(_ piece: Piece) -> Bool {
      !piece.isMask && draft.text(of: piece).allSatisfy(\.isWhitespace)
    }
    let first = draft.pieces.firstIndex { !isBlank($0) } ?? draft.pieces.count
    let end = draft.pieces.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? first
    draft.pieces = Array(draft.pieces[first..<end])
  }
}
