/// A text with its history, its place on disk, and ranges that follow its edits. A value: a copy is
/// a snapshot.
public struct Document: Sendable, Equatable {
  /// The text without a byte order mark.
  public private(set) var text: Text
  /// nil for a document that has no file yet.
  public var path: String?
  public var isReadOnly: Bool
  /// How most lines end; follows undo and redo. The text keeps each line end unchanged.
  public var lineEnding: LineEnding
  /// The encoding that the text is written in.
  public var format: FileFormat
  /// That of the file on disk.
  private var savedFormat: FileFormat
  public private(set) var history: History
  /// Revision of the text on disk; nil when no state is.
  public private(set) var savedRevision: Int?
  /// Now, in seconds since 1970, as whoever has a clock put it: edits are dated with it.
  public var time = 0
  /// Keeps every transaction for `takeChanges`, undo and redo included, for a journal.
  public var recordsChanges = false
  private var changes: [Transaction] = []
  /// What was changed since `takeDamage`; nil for nothing.
  private var damage: Damage?
  private var anchors: [AnchoredRange.ID: AnchoredRange] = [:]
  private var nextAnchor = 0

  /// A document from the bytes of a file in UTF-8. O(n).
  public init(contents: [UInt8] = [], path: String? = nil, isReadOnly: Bool = false) {
    self.init(contents: Text(contents), path: path, isReadOnly: isReadOnly)
  }

  /// A document from the contents of a file in UTF-8. O(1).
  public init(contents: Text, path: String? = nil, isReadOnly: Bool = false) {
    var text = contents
    let hasMark = text.removeByteOrderMark()
    self.init(
      text, FileFormat(.utf8, hasByteOrderMark: hasMark), path: path, isReadOnly: isReadOnly)
  }

  /// A document from the text of a file, which was in another format perhaps. New lines of an empty text
  /// end as `newLines` says. O(1).
  public init(
    _ text: Text, _ format: FileFormat, path: String? = nil, isReadOnly: Bool = false,
    newLines: LineEnding = .lf
  ) {
    self.text = text
    self.format = format
    savedFormat = format
    self.path = path
    self.isReadOnly = isReadOnly
    lineEnding = LineEnding(of: text) ?? newLines
    history = History()
    savedRevision = 0
  }

  public init(_ string: String, path: String? = nil) {
    self.init(contents: Array(string.utf8), path: path)
  }

  /// The lines of a stored text have been counted. O(n / block).
  public mutating func takeLineCounts() { text.takeLineCounts() }

  /// Identifies the current text: each new text gets a larger number, undo returns to an earlier
  /// one.
  public var revision: Int { history.revision }

  /// Whether the text differs from the file, or is to be written in another format.
  public var isDirty: Bool { savedRevision != revision || savedFormat != format }

  /// The file now holds the text that `revision` names, in a format; nil for that of the document.
  /// Typing does not join a saved state, so that undo finds it again.
  public mutating func markSaved(_ revision: Int, in format: FileFormat? = nil) {
    savedRevision = revision
    savedFormat = format ?? self.format
    history.closeGroup()
  }

  /// The file on disk is in this format, and so is the document.
  public mutating func take(_ format: FileFormat) {
    self.format = format
    savedFormat = format
  }

  /// The file does not hold this text: it was recovered, or read from elsewhere.
  public mutating func markUnsaved() {
    savedRevision = nil
  }

  // MARK: Changing

  /// Applies `transaction` as one undo node, or with `groupsWithPrevious` as part of the last one.
  /// Does nothing if it is empty. Undo restores `selectionBefore`, redo `selectionAfter`.
  public mutating func apply(
    _ transaction: Transaction, label: String, selectionBefore: Selection,
    selectionAfter: Selection, groupsWithPrevious: Bool = false
  ) {
    guard !transaction.isEmpty else { return }
    let inverse = transaction.inverted(in: text)
    change(transaction)
    history.commit(
      transaction, inverse: inverse, label: label, selectionBefore: selectionBefore,
      selectionAfter: selectionAfter, groupsWithPrevious: groupsWithPrevious, time: time)
  }

  /// A transaction with its result on a text.
  public struct PreparedChange: Sendable, Equatable {
    public let transaction: Transaction
    let inverse: Transaction
    let text: Text
    /// The text it begins from.
    let revision: Int
  }

  /// The result of `apply`, computed ahead on a copy of the document, on any thread.
  /// O(edits · log n + bytes).
  public func preparing(_ transaction: Transaction) -> PreparedChange {
    var after = text
    transaction.apply(to: &after)
    return PreparedChange(
      transaction: transaction, inverse: transaction.inverted(in: text), text: after,
      revision: revision)
  }

  /// Applies a result prepared on a copy of this document, as one undo node or as part of the last
  /// one. Traps if the text has changed since. O(edits).
  public mutating func apply(
    _ prepared: PreparedChange, label: String, selectionBefore: Selection,
    selectionAfter: Selection, groupsWithPrevious: Bool = false
  ) {
    precondition(prepared.revision == revision, "a change of another text")
    guard !prepared.transaction.isEmpty else { return }
    text = prepared.text
    follow(prepared.transaction)
    history.commit(
      prepared.transaction, inverse: prepared.inverse, label: label,
      selectionBefore: selectionBefore, selectionAfter: selectionAfter,
      groupsWithPrevious: groupsWithPrevious, time: time)
  }

  /// The next edit begins a new undo node, even if it asks to be grouped.
  public mutating func closeUndoGroup() {
    history.closeGroup()
  }

  /// Undoes the last change; returns the selection from before it, or nil at the beginning.
  public mutating func undo() -> Selection? {
    guard let target = history.undoTarget else { return nil }
    let selection = history.nodes[history.current].selectionBefore
    go(to: target)
    return selection
  }

  /// Redoes along the branch visited last; returns the selection from after the change, or nil at
  /// the branch's end.
  public mutating func redo() -> Selection? {
    guard let target = history.redoTarget else { return nil }
    go(to: target)
    return history.nodes[target].selectionAfter
  }

  /// The state made before the current one, on whichever branch; nil at the first.
  public mutating func earlier() -> Selection? { visit(history.current - 1) }

  /// The state made after the current one, on whichever branch; nil at the last.
  public mutating func later() -> Selection? { visit(history.current + 1) }

  /// Goes to any node of the history; nil if it does not exist.
  public mutating func visit(_ node: Int) -> Selection? {
    guard history.nodes.indices.contains(node) else { return nil }
    go(to: node)
    return history.nodes[node].selectionAfter
  }

  /// Puts states of earlier sessions before those of this one. False, and nothing changed, where they
  /// are not a history of the text that this session began with, or there are some already.
  /// O(states + their edits).
  public mutating func take(_ kept: KeptHistory) -> Bool {
    var count = text.count
    for node in history.path(to: history.start) { count += history.nodes[node].backward.growth }
    guard let history = history.continuing(kept, from: count) else { return false }
    self.history = history
    return true
  }

  private mutating func go(to node: Int) {
    let steps = history.go(to: node)
    for transaction in steps { change(transaction) }
    if steps.contains(where: \.hasLineEnds) { lineEnding = LineEnding(of: text) ?? lineEnding }
  }

  private mutating func change(_ transaction: Transaction) {
    transaction.apply(to: &text)
    follow(transaction)
  }

  /// The part of a text that is not as it was.
  public struct Damage: Sendable, Equatable {
    /// Bytes at the start and at the end of the text that are as they were.
    public var before: Int
    public var after: Int
  }

  /// The part of the text that was changed since the last call, undo and redo included; nil for
  /// none. Whoever asks is the only one to do so.
  public mutating func takeDamage() -> Damage? {
    defer { damage = nil }
    return damage
  }

  /// Invariants after every change of the text.
  private mutating func follow(_ transaction: Transaction) {
    if let first = transaction.edits.first, let last = transaction.edits.last {
      let after = text.count - transaction.growth - last.range.upperBound
      damage = Damage(
        before: min(damage?.before ?? .max, first.range.lowerBound),
        after: min(damage?.after ?? .max, after))
    }
    for id in anchors.keys { anchors[id]?.map(through: transaction) }
    if recordsChanges { changes.append(transaction) }
  }

  /// The transactions since the last call, in order; none unless `recordsChanges`.
  public mutating func takeChanges() -> [Transaction] {
    defer { changes = [] }
    return changes
  }

  // MARK: Anchors

  /// Follows `range` through every change until `removeAnchor`.
  public mutating func addAnchor(_ anchor: AnchoredRange) -> AnchoredRange.ID {
    text.check(anchor.range)
    let id = AnchoredRange.ID(value: nextAnchor)
    nextAnchor += 1
    anchors[id] = anchor
    return id
  }

  /// The current range of an anchor; nil when its text was removed.
  public func range(of id: AnchoredRange.ID) -> Range<Int>? { anchors[id]?.range }

  public mutating func removeAnchor(_ id: AnchoredRange.ID) {
    anchors[id] = nil
  }
}
