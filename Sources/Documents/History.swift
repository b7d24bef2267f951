/// Every state a document has been in, as a tree: undoing and then editing starts a branch and
/// loses nothing. One undo reverts one node.
public struct History: Sendable, Equatable {
  /// A step from the parent's text to this node's.
  public struct Node: Sendable, Equatable {
    /// Index of the parent node; nil for the state at the beginning.
    public internal(set) var parent: Int?
    /// In order of creation.
    public internal(set) var children: [Int] = []
    /// The edit in a few words: "typing", "paste", "infill “the first words…”".
    public internal(set) var label: String
    /// Identifies the text of this node; larger is newer. Negative for states of earlier sessions.
    public internal(set) var revision: Int
    /// When its text was edited last, in seconds since 1970; 0 where that is not known.
    public internal(set) var time: Int
    public internal(set) var selectionBefore: Selection
    public internal(set) var selectionAfter: Selection
    var forward: Transaction
    var backward: Transaction
    /// The child that was current last, the target of redo.
    var preferredChild: Int?
  }

  /// In order of creation; the first is the text at the beginning.
  public internal(set) var nodes: [Node]
  /// Index of the node whose text is current.
  public internal(set) var current: Int
  private var latestRevision: Int
  /// Whether the current node may take in a following edit.
  private var isOpen = false
  /// Index of the text that this session began with. There are states of earlier sessions where
  /// `isContinued`.
  var start = 0
  var isContinued = false

  public init() {
    let start = Node(
      parent: nil, label: "", revision: 0, time: 0, selectionBefore: Selection(0),
      selectionAfter: Selection(0), forward: Transaction([]), backward: Transaction([]))
    nodes = [start]
    current = 0
    latestRevision = 0
  }

  /// Identifies the current text: equal revisions of one history are equal texts.
  public var revision: Int { nodes[current].revision }

  /// The edit that made the current text; empty at the beginning.
  public var label: String { nodes[current].label }

  public var canUndo: Bool { nodes[current].parent != nil }
  public var canRedo: Bool { nodes[current].preferredChild != nil }

  /// Ends typing into the current node: the next edit gets a new one.
  public mutating func closeGroup() {
    isOpen = false
  }

  /// Records a transaction and its inverse, made at a time in seconds since 1970. With
  /// `groupsWithPrevious` it joins the current node,
  /// if that was the last thing to happen and is still open. O(bytes of the node).
  mutating func commit(
    _ forward: Transaction, inverse: Transaction, label: String, selectionBefore: Selection,
    selectionAfter: Selection, groupsWithPrevious: Bool, time: Int
  ) {
    latestRevision += 1
    if groupsWithPrevious && isOpen && nodes[current].children.isEmpty && current > 0 {
      nodes[current].forward = nodes[current].forward.composed(with: forward)
      nodes[current].backward = inverse.composed(with: nodes[current].backward)
      nodes[current].selectionAfter = selectionAfter
      nodes[current].revision = latestRevision
      nodes[current].time = time
      return
    }
    nodes.append(
      Node(
        parent: current, label: label, revision: latestRevision, time: time,
        selectionBefore: selectionBefore, selectionAfter: selectionAfter, forward: forward,
        backward: inverse))
    nodes[current].children.append(nodes.count - 1)
    nodes[current].preferredChild = nodes.count - 1
    current = nodes.count - 1
    isOpen = true
  }

  /// Makes `node` current and returns the transactions that lead there, in order.
  /// O(nodes between).
  mutating func go(to node: Int) -> [Transaction] {
    precondition(nodes.indices.contains(node), "node \(node) of \(nodes.count)")
    isOpen = false
    let down = ancestry(of: node)
    let common = Set(down)
    var steps: [Transaction] = []
    var up = current
    while !common.contains(up), let parent = nodes[up].parent {
      steps.append(nodes[up].backward)
      up = parent
    }
    for child in down.prefix(while: { $0 != up }).reversed() {
      steps.append(nodes[child].forward)
      if let parent = nodes[child].parent { nodes[parent].preferredChild = child }
    }
    current = node
    return steps
  }

  /// `node`, its parent, and so on to the beginning.
  private func ancestry(of node: Int) -> [Int] {
    Array(sequence(first: node) { nodes[$0].parent })
  }

  /// The current node and those before it, down to an ancestor, which is left out.
  func path(to ancestor: Int) -> [Int] {
    Array(ancestry(of: current).prefix { $0 != ancestor })
  }

  /// The target of undo.
  var undoTarget: Int? { nodes[current].parent }
  /// The target of redo.
  var redoTarget: Int? { nodes[current].preferredChild }
}
