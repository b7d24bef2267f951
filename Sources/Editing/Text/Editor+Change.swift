internal import Documents

/// Consecutive edits of one kind at one place make one undo node.
struct EditRun: Sendable, Equatable {
  enum Kind: Sendable, Equatable { case typing, deletingLeft, deletingRight }

  var kind: Kind
  /// Where the next edit must be to join.
  var offset: Int
  /// The run ended with a blank: a new word starts a new node.
  var endsInBlank = false
}

extension Editor {
  /// Applies edits to the document as one undo node, unless the document is read-only or a span
  /// under review would change. Ranges ascend without overlap. Returns whether it was done.
  @discardableResult
  mutating func change(
    _ edits: [Edit], label: String, selecting after: Selection, joining: Bool = false
  ) -> Bool {
    guard isEditable(edits) else { return false }
    let transaction = Transaction(edits)
    guard !transaction.isEmpty else { return false }
    document.apply(
      transaction, label: label, selectionBefore: selection, selectionAfter: after,
      groupsWithPrevious: round?.hasEdited ?? joining)
    round?.follow(transaction)
    selection = after
    followDocument()
    normalizeSelection()
    return true
  }

  /// Replaces one range and puts the cursor after the new text.
  @discardableResult
  mutating func replace(
    _ range: Range<Int>, with bytes: [UInt8], label: String, joining: Bool = false
  ) -> Bool {
    change(
      [Edit(range: range, replacement: bytes)], label: label,
      selecting: Selection(range.lowerBound + bytes.count), joining: joining)
  }

  /// What holds after every change of the text: spans follow, what pointed into the old text goes.
  mutating func followDocument() {
    for index in passages.indices {
      if let range = document.range(of: passages[index].anchor) { passages[index].span = range }
    }
    goalColumn = nil
    lastEdit = nil
    if round == nil { cursors = [] }
    mouse.isDragging = false
    rejected.forgetChanged(in: &document)
    refreshFinding()
    viewport.top = min(viewport.top, document.text.count)
  }

  /// Why nothing in the document can be changed; nil where it can.
  var refusalToEdit: Message? { isView ? .view : document.isReadOnly ? .readOnly : nil }

  /// Shows why not if the edits are not allowed.
  mutating func isEditable(_ edits: [Edit]) -> Bool {
    let refusal: Message? =
      if let refusal = refusalToEdit {
        refusal
      } else if replacing != nil {
        .replacing
      } else if edits.contains(where: { edit in passages.contains { $0.locks(edit.range) } }) {
        .underReview
      } else {
        nil
      }
    if let refusal { show(refusal) }
    return refusal == nil
  }

  /// Moves through the history by `move`, which works on the document and returns a selection.
  /// False, with a message, where it cannot.
  @discardableResult
  mutating func travel(_ nothing: Message, _ move: (inout Document) -> Selection?) -> Bool {
    guard isEditable([]) else { return false }
    var there = document
    guard let target = move(&there) else {
      show(nothing)
      return false
    }
    let keepsSpans = passages.allSatisfy { passage in
      guard let range = there.range(of: passage.anchor) else { return false }
      return there.text.bytes(in: range) == passage.original
    }
    guard keepsSpans else {
      show(.wouldChangePassage)
      return false
    }
    document = there
    followDocument()
    selection = Selection(anchor: clamped(target.anchor), head: clamped(target.head))
    normalizeSelection()
    keepOutOfSpans(forward: false)
    return true
  }

  /// Puts both ends of the selection on cluster boundaries: an edit may have joined what is on its
  /// two sides, as a combining mark does with the letter before it.
  mutating func normalizeSelection() {
    let text = document.text
    func normalized(_ offset: Int) -> Int {
      let boundary = text.graphemeBoundary(atOrBefore: offset)
      return boundary == offset ? offset : text.nextGrapheme(after: boundary)
    }
    selection = Selection(
      anchor: normalized(selection.anchor), head: normalized(selection.head))
  }

  func clamped(_ offset: Int) -> Int { max(0, min(offset, document.text.count)) }
}

extension Passage {
  /// Whether an edit of `range` would change the span.
  func locks(_ range: Range<Int>) -> Bool {
    range.isEmpty
      ? span.lowerBound < range.lowerBound && range.lowerBound < span.upperBound
      : range.overlaps(span)
  }
}
