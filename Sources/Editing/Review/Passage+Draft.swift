internal import Documents
internal import Infilling

// What a draft looks like, cluster by cluster.

extension Passage {
  /// A cluster of the draft with its bytes, or a column of a mask: its slot, and how it is drawn.
  typealias DraftVisitor = (Cluster, ArraySlice<UInt8>, _ slot: Int, VisualCell.Role) -> Void

  private static let mask = Array("░".utf8)

  /// Visits the draft in order. White space at its ends is left out, for the document has its own
  /// there. O(draft).
  func forEachCluster(_ visit: DraftVisitor) {
    var hasBegun = false
    /// White space that belongs to the draft if something follows.
    var blanks: [(Cluster, ArraySlice<UInt8>, Int, VisualCell.Role)] = []
    func add(
      _ cluster: Cluster, _ bytes: ArraySlice<UInt8>, _ slot: Int, _ role: VisualCell.Role
    ) {
      if !role.isMask, Self.isBlank(bytes) {
        if hasBegun { blanks.append((cluster, bytes, slot, role)) }
        return
      }
      hasBegun = true
      for (cluster, bytes, slot, role) in blanks { visit(cluster, bytes, slot, role) }
      blanks.removeAll(keepingCapacity: true)
      visit(cluster, bytes, slot, role)
    }
    var slot = 0
    while slot < cells.count {
      if cells[slot].state == .open {
        addMask(slot, add)
        slot += 1
      } else {
        let end = cells[slot...].firstIndex { $0.state == .open } ?? cells.count
        addText(of: slot..<end, add)
        slot = end
      }
    }
  }

  private static func isBlank(_ bytes: ArraySlice<UInt8>) -> Bool {
    if bytes.count == 1, let byte = bytes.first { return byte.isBlank }
    return String(decoding: bytes, as: UTF8.self).allSatisfy(\.isWhitespace)
  }

  private func addMask(_ slot: Int, _ visit: DraftVisitor) {
    guard cells[slot].noise.isEmpty else {
      let bytes = Array(cells[slot].noise.utf8)
      for cluster in Clusters(bytes) {
        visit(cluster, bytes[cluster.range], slot, .mask(confidence: cells[slot].confidence))
      }
      return
    }
    let cluster = Cluster(
      range: Self.mask.indices, kind: .text, display: DisplayForm(glyph: "░", width: 1))
    for _ in 0..<columns(ofOpenSlot: slot) {
      visit(cluster, Self.mask[...], slot, .mask(confidence: cells[slot].confidence))
    }
  }

  /// A cluster may consist of several slots' text, so they are segmented together; it belongs to
  /// the slot that it begins in.
  private func addText(of slots: Range<Int>, _ visit: DraftVisitor) {
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
    for cluster in Clusters(bytes) {
      while end <= cluster.range.lowerBound {
        owner += 1
        end = ends[owner - slots.lowerBound]
        role = self.role(of: owner, isFresh: fresh.contains(owner), isSettled: isSettled)
      }
      visit(cluster, bytes[cluster.range], owner, role)
    }
  }

  private func role(of slot: Int, isFresh: Bool, isSettled: Bool) -> VisualCell.Role {
    let cell = cells[slot]
    if cell.state == .pinned { return .pinned }
    if let age = highlights?[slot] { return .fresh(confidence: cell.confidence, age: age) }
    if isSettled { return .settled }
    return isFresh && highlights == nil
      ? .fresh(confidence: cell.confidence) : .draft(confidence: cell.confidence)
  }
}
