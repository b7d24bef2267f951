/// How the canvas after a step differs from the one before it, cell by cell. The engine compares
/// them once; what keeps, shows or writes steps does not.
public struct CanvasDelta: Sendable, Equatable {
  /// Slots of the canvas before the step that `inserted` replaces.
  public let removed: Range<Int>
  /// Slots of the canvas after the step in their place.
  public let inserted: Range<Int>
  /// Other slots whose cells differ in any way, as numbered after the step, increasing.
  public let updated: [Int]

  /// As many slots as before, of which `updated` differ.
  public init(updated: [Int]) { self.init(removed: 0..<0, inserted: 0..<0, updated: updated) }

  /// `new` cells in place of all `old` ones.
  public init(replacing old: Int, with new: Int) {
    self.init(removed: 0..<old, inserted: 0..<new, updated: [])
  }

  /// The slots that differ or, between canvases of different lengths, the stretch between what both
  /// begin and end with. O(cells).
  public init(from old: [InfillCell], to new: [InfillCell]) {
    guard old.count != new.count else {
      var updated: [Int] = []
      updated.reserveCapacity(new.count)
      for slot in 0..<new.count where old[slot] != new[slot] { updated.append(slot) }
      self.init(updated: updated)
      return
    }
    let (head, tail) = old.commonEnds(with: new)
    self.init(removed: head..<old.count - tail, inserted: head..<new.count - tail, updated: [])
  }

  private init(removed: Range<Int>, inserted: Range<Int>, updated: [Int]) {
    self.removed = removed
    self.inserted = inserted
    self.updated = updated
  }

  /// The slots of the canvas after the step whose cells are not known from the one before.
  public var slots: [Int] { inserted + updated }

  /// Whether it can lead from a canvas of `old` cells to one of `new`. O(updated).
  public func fits(_ old: Int, _ new: Int) -> Bool {
    removed.upperBound <= old && inserted.upperBound <= new
      && removed.lowerBound == inserted.lowerBound
      && old - removed.count + inserted.count == new
      && updated.allSatisfy { (0..<new).contains($0) }
  }

  /// Turns the canvas before the step into the one after it, given the cells of `slots`. Traps on
  /// a canvas that it does not fit.
  public func apply(_ cells: [InfillCell], to canvas: inout [InfillCell]) {
    canvas.replaceSubrange(removed, with: cells.prefix(inserted.count))
    for (slot, cell) in zip(updated, cells.dropFirst(inserted.count)) { canvas[slot] = cell }
  }
}
