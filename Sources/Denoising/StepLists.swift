/// Lists that a step works with, in memory kept from step to step. They say nothing between steps,
/// so that copies of a denoiser share them; what of a list is kept in a `Step` stays as it is, and
/// the list gets other memory.
final class StepLists {
  /// Slots that the model is asked about.
  var slots: [Int] = []
  /// The canvas in its surroundings, where there is a repetition guard.
  var line = RepetitionGuard.Line()
  /// The predictions as the guard would have them.
  var revised: [SlotPrediction] = []
  /// Slots that may be filled, surest first.
  var ranked: [Ranked] = []
  /// Those that are, in the order they are filled in.
  var chosen: [SlotPrediction] = []
}

extension Array {
  /// Sorts by an order that tells all elements apart, in place: `sort` takes memory from 32 elements
  /// on. O(n log n).
  mutating func sortInPlace(by precedes: (Element, Element) -> Bool) {
    for root in (0..<count / 2).reversed() { siftDown(root, below: count, by: precedes) }
    for end in (0..<count).reversed() {
      swapAt(0, end)
      siftDown(0, below: end, by: precedes)
    }
  }

  /// Moves element `root` of a heap of `end` elements, its largest first, down to its place.
  private mutating func siftDown(
    _ root: Int, below end: Int, by precedes: (Element, Element) -> Bool
  ) {
    var root = root
    while 2 * root + 1 < end {
      var child = 2 * root + 1
      if child + 1 < end, precedes(self[child], self[child + 1]) { child += 1 }
      if !precedes(self[root], self[child]) { return }
      swapAt(root, child)
      root = child
    }
  }
}
