/// A list with one element in focus; it is never empty.
struct Zipper<Element> {
  private(set) var before: [Element] = []
  var focus: Element
  private(set) var after: [Element] = []

  init(_ focus: Element) { self.focus = focus }

  var count: Int { before.count + 1 + after.count }
  var indices: Range<Int> { 0..<count }
  /// The index of the element in focus.
  var focusIndex: Int { before.count }

  /// Traps outside of `indices`.
  subscript(index: Int) -> Element {
    get {
      if index == before.count { return focus }
      return index < before.count ? before[index] : after[index - before.count - 1]
    }
    _modify {
      if index == before.count {
        yield &focus
      } else if index < before.count {
        yield &before[index]
      } else {
        yield &after[index - before.count - 1]
      }
    }
  }

  /// Puts the element at an index into focus. Traps outside of `indices`.
  mutating func move(to index: Int) {
    precondition(indices.contains(index), "element \(index) of \(count)")
    while index < before.count {
      after.insert(focus, at: 0)
      focus = before.removeLast()
    }
    while index > before.count {
      before.append(focus)
      focus = after.removeFirst()
    }
  }

  /// Adds an element at the end, without the focus.
  mutating func append(_ element: Element) { after.append(element) }

  /// Removes the element at an index; of the one in focus, the next gets it, or else the one before.
  /// nil, and nothing removed, when it is the only one. Traps outside of `indices`.
  mutating func remove(at index: Int) -> Element? {
    precondition(indices.contains(index), "element \(index) of \(count)")
    if index < before.count { return before.remove(at: index) }
    if index > before.count { return after.remove(at: index - before.count - 1) }
    let removed = focus
    if !after.isEmpty {
      focus = after.removeFirst()
    } else if let last = before.popLast() {
      focus = last
    } else {
      return nil
    }
    return removed
  }
}

extension Zipper: Sendable where Element: Sendable {}

extension Zipper: Sequence {
  func makeIterator() -> some IteratorProtocol<Element> {
    (before + [focus] + after).makeIterator()
  }
}
