internal import HeapModule

/// States of a document around one whose text is known, with the edits between them, as they outlive
/// a session. Each state is next to one before it in the list: what a list begins with is a history,
/// too.
public struct KeptHistory: Sendable, Equatable {
  /// When a state was made.
  public struct Stamp: Sendable, Equatable {
    /// Its place in the order in which all states were made.
    public var number: Int
    /// Seconds since 1970; 0 where that is not known.
    public var time: Int

    public init(number: Int, time: Int) {
      self.number = number
      self.time = time
    }
  }

  /// A state, and the edit between it and its neighbour. The edit leads from the state that was made
  /// first to the other.
  public struct State: Sendable, Equatable {
    public var stamp: Stamp
    /// Which state it is next to: 0 for the known one, else one more than its index in `states`.
    public var neighbour: Int
    /// Whether the edit leads here; otherwise it leads from here to the neighbour.
    public var isLater: Bool
    /// Redo goes along the edit.
    public var isPreferred: Bool
    /// The edit in a few words.
    public var label: String
    public var selectionBefore: Selection
    public var selectionAfter: Selection
    public var forward: [Edit]
    public var backward: [Edit]

    public init(
      stamp: Stamp, neighbour: Int, isLater: Bool, isPreferred: Bool, label: String,
      selectionBefore: Selection, selectionAfter: Selection, forward: [Edit], backward: [Edit]
    ) {
      self.stamp = stamp
      self.neighbour = neighbour
      self.isLater = isLater
      self.isPreferred = isPreferred
      self.label = label
      self.selectionBefore = selectionBefore
      self.selectionAfter = selectionAfter
      self.forward = forward
      self.backward = backward
    }
  }

  /// Of the state whose text is known.
  public var known: Stamp
  /// The others.
  public var states: [State]

  public init(known: Stamp, states: [State]) {
    self.known = known
    self.states = states
  }
}

extension History {
  /// The whole history around the current state. Of the states that are next to those already in the
  /// list, the one made last comes first, so that what is left out at the end is old.
  /// O(states · log states).
  public var kept: KeptHistory {
    func stamp(_ node: Int) -> KeptHistory.Stamp {
      KeptHistory.Stamp(number: node, time: nodes[node].time)
    }
    var states: [KeptHistory.State] = []
    var waiting = Heap<Waiting>()
    func wait(besides from: Int?, of node: Int, neighbour: Int) {
      for other in [nodes[node].parent].compactMap(\.self) + nodes[node].children
      where other != from {
        waiting.insert(Waiting(node: other, from: node, neighbour: neighbour))
      }
    }
    wait(besides: nil, of: current, neighbour: 0)
    while let next = waiting.popMax() {
      let (node, from, neighbour) = (next.node, next.from, next.neighbour)
      let isLater = nodes[node].parent == from
      let (parent, child) = isLater ? (from, node) : (node, from)
      let edge = nodes[child]
      states.append(
        KeptHistory.State(
          stamp: stamp(node), neighbour: neighbour, isLater: isLater,
          isPreferred: nodes[parent].preferredChild == child, label: edge.label,
          selectionBefore: edge.selectionBefore, selectionAfter: edge.selectionAfter,
          forward: edge.forward.edits, backward: edge.backward.edits))
      wait(besides: from, of: node, neighbour: states.count)
    }
    return KeptHistory(known: stamp(current), states: states)
  }

  /// This history after that of earlier sessions, whose known state is the text of `count` bytes that
  /// this one began with. nil where `kept` is no history of such a text, or there is one before
  /// already. O(states · log states + edits).
  func continuing(_ kept: KeptHistory, from count: Int) -> History? {
    guard !isContinued, let (earlier, known) = History.nodes(of: kept, count: count) else {
      return nil
    }
    var result = self
    var all = earlier
    func place(_ node: Int) -> Int { node == 0 ? known : node + earlier.count - 1 }
    for node in nodes.dropFirst() {
      var moved = node
      moved.parent = node.parent.map(place)
      moved.children = node.children.map(place)
      moved.preferredChild = node.preferredChild.map(place)
      all.append(moved)
    }
    all[known].revision = nodes[0].revision
    all[known].children += nodes[0].children.map(place)
    all[known].preferredChild = nodes[0].preferredChild.map(place) ?? all[known].preferredChild
    result.nodes = all
    result.current = place(current)
    result.start = known
    result.isContinued = true
    return result
  }

  /// The states in the order in which they were made, and the place of the known one; nil where they
  /// are no history of a text of `count` bytes.
  private static func nodes(
    of kept: KeptHistory, count: Int
  ) -> (nodes: [Node], known: Int)? {
    var counts = [count]
    var nodes = [Node(stamp: kept.known)]
    var numbers = [kept.known.number]
    for state in kept.states {
      let neighbour = state.neighbour
      guard nodes.indices.contains(neighbour) else { return nil }
      let here = nodes.count
      let known = counts[neighbour]
      guard
        let toHere = Transaction(state.isLater ? state.forward : state.backward, of: known),
        let back = Transaction(
          state.isLater ? state.backward : state.forward, of: known + toHere.growth),
        back.growth == -toHere.growth,
        state.isLater == (state.stamp.number > numbers[neighbour]),
        state.isLater || nodes[neighbour].parent == nil
      else { return nil }
      counts.append(known + toHere.growth)
      numbers.append(state.stamp.number)
      nodes.append(Node(stamp: state.stamp))
      let (parent, child) = state.isLater ? (neighbour, here) : (here, neighbour)
      nodes[child].parent = parent
      nodes[child].label = DisplayForm.visible(state.label)
      nodes[child].selectionBefore = state.selectionBefore
      nodes[child].selectionAfter = state.selectionAfter
      nodes[child].forward = state.isLater ? toHere : back
      nodes[child].backward = state.isLater ? back : toHere
      if state.isPreferred { nodes[parent].preferredChild = child }
    }
    guard Set(numbers).count == numbers.count else { return nil }
    let order = numbers.indices.sorted { numbers[$0] < numbers[$1] }
    var places = Array(repeating: 0, count: order.count)
    for (place, index) in order.enumerated() { places[index] = place }
    var sorted = order.map { nodes[$0] }
    for place in sorted.indices {
      sorted[place].revision = place - sorted.count
      sorted[place].parent = sorted[place].parent.map { places[$0] }
      sorted[place].preferredChild = sorted[place].preferredChild.map { places[$0] }
      if let parent = sorted[place].parent { sorted[parent].children.append(place) }
    }
    return (sorted, places[0])
  }
}

/// A state that is next to one in the list; the one made last comes first.
private struct Waiting: Comparable {
  var node: Int
  /// The state it is next to, and that one's number in the list.
  var from: Int
  var neighbour: Int

  static func < (a: Waiting, b: Waiting) -> Bool { a.node < b.node }
}

extension History.Node {
  fileprivate init(stamp: KeptHistory.Stamp) {
    self.init(
      parent: nil, label: "", revision: 0, time: stamp.time, selectionBefore: Selection(0),
      selectionAfter: Selection(0), forward: Transaction([]), backward: Transaction([]))
  }
}
