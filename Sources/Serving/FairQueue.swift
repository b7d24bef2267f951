internal import DequeModule

/// Elements that wait for their turn. Owners take turns, in the order they came, so that one with
/// many elements does not hold up one with few; the elements of an owner keep their order.
struct FairQueue<Owner: Hashable, Element> {
  private var lines: [Owner: Deque<Element>] = [:]
  private var turns: Deque<Owner> = []

  private(set) var count = 0

  mutating func append(_ element: Element, of owner: Owner) {
    if lines[owner] == nil { turns.append(owner) }
    lines[owner, default: []].append(element)
    count += 1
  }

  /// Takes the element whose turn it is. O(1).
  mutating func next() -> Element? {
    guard let owner = turns.popFirst(), let element = lines[owner]?.popFirst() else { return nil }
    count -= 1
    if lines[owner]?.isEmpty == true { lines[owner] = nil } else { turns.append(owner) }
    return element
  }

  /// Takes out the first element of `owner` for which `isWanted` holds. O(count).
  mutating func remove(of owner: Owner, where isWanted: (Element) -> Bool) -> Element? {
    guard let place = lines[owner]?.firstIndex(where: isWanted) else { return nil }
    let element = lines[owner]?.remove(at: place)
    count -= 1
    if lines[owner]?.isEmpty == true {
      lines[owner] = nil
      turns.removeAll { $0 == owner }
    }
    return element
  }
}
