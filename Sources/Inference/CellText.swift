internal import Decoding
internal import Infilling
internal import Tensors
internal import Tokenizers

/// Turns canvases into cells with text, and cells into canvases.
struct CellText {
  let tokenizer: Tokenizer
  let tokens: CanvasTokens
  let dropsLeadingBlank: Bool
  /// The blank before the passage is its first token's.
  let beginsWithBlank: Bool
  /// Added to the first cell with a token: white space at the start of the passage.
  var head = ""
  /// Added to the last cell with a token.
  let tail: String

  /// Cells of a canvas: their texts in order are the passage, as far as it is known. O(slots). They
  /// allocate two blocks of memory, and one more for each text of more than 15 bytes.
  func cells(_ canvas: Canvas) -> [InfillCell] {
    let alternatives = alternatives(canvas)
    var cells: [InfillCell] = []
    cells.reserveCapacity(canvas.count)
    var end = 0
    for slot in canvas.slots {
      let start = end
      end += slot.candidates.count { isAlternative($0, to: slot) }
      cells.append(cell(slot, InfillAlternatives(alternatives, part: start..<end)))
    }
    tokenizer.decode(canvas.slots.lazy.map(Self.token)) { cells[$0].text += $1 }
    if dropsLeadingBlank, let first = cells.firstIndex(where: { $0.state != .deleted }),
      cells[first].text.hasPrefix(" ")
    {
      cells[first].text.removeFirst()
    }
    if !head.isEmpty, let first = cells.firstIndex(where: { $0.state != .deleted }),
      cells[first].state != .open
    {
      cells[first].text = head + cells[first].text
    }
    if !tail.isEmpty, let last = cells.lastIndex(where: { $0.state != .deleted }),
      cells[last].state != .open
    {
      cells[last].text += restOfTail(after: cells[last].text)
    }
    return cells
  }

  /// The tail, without the mark that ends a sentence if the text has one already: a mode that does
  /// not see the tail may write it.
  private func restOfTail(after text: String) -> Substring {
    let marks = ".!?…"
    guard let own = text.last, let next = tail.first, marks.contains(own), marks.contains(next)
    else { return tail[...] }
    return tail.dropFirst()
  }

  /// The text of slots without masks and surplus slots; a leading blank of the first token is kept.
  func text(_ slots: [Canvas.Slot]) -> String {
    var text = ""
    tokenizer.decode(slots.lazy.map(Self.token)) { _, part in text += part }
    return text
  }

  private func cell(_ slot: Canvas.Slot, _ alternatives: InfillAlternatives) -> InfillCell {
    var cell = InfillCell(
      state: .open, confidence: slot.confidence, alternatives: alternatives)
    switch slot.content {
    case .masked: break
    case .deleted:
      cell.state = .deleted
      cell.token = tokens.delete
    case .token(let token):
      cell.state = slot.isPinned ? .pinned : .draft
      cell.token = token
    }
    return cell
  }

  /// The token of a slot for its text, nil for a mask; unknown tokens are skipped.
  private static func token(_ slot: Canvas.Slot) -> Int? {
    switch slot.content {
    case .masked: nil
    case .token(let token): token
    case .deleted: -1
    }
  }

  /// Alternatives of all slots, one slot after the other.
  private func alternatives(_ canvas: Canvas) -> [InfillAlternative] {
    var alternatives: [InfillAlternative] = []
    alternatives.reserveCapacity(canvas.slots.reduce(0) { $0 + $1.candidates.count })
    for slot in canvas.slots {
      for candidate in slot.candidates where isAlternative(candidate, to: slot) {
        alternatives.append(
          InfillAlternative(
            token: candidate.token,
            text: candidate.token == tokens.delete ? "" : tokenizer.text(of: candidate.token),
            probability: candidate.probability))
      }
    }
    return alternatives
  }

  /// Whether a candidate differs from the token of the slot. EXPAND cannot be chosen by the user.
  private func isAlternative(_ candidate: TokenCandidate, to slot: Canvas.Slot) -> Bool {
    switch slot.content {
    case .token(candidate.token): false
    case .deleted where candidate.token == tokens.delete: false
    default: candidate.token != tokens.expand
    }
  }

  /// The canvas that cells describe. A cell with text and no token, typed by the user, becomes a
  /// slot for each token of its text, without the tail that is encoded with the suffix.
  func canvas(_ cells: [InfillCell], vocabularySize: Int) -> Canvas {
    let first = cells.firstIndex { $0.state != .deleted }
    let last = cells.lastIndex { $0.state != .deleted }
    return Canvas(
      cells.indices.flatMap { index -> [Canvas.Slot] in
        let cell = cells[index]
        let isPinned = cell.state == .pinned
        switch cell.state {
        case .open: return [Canvas.Slot(.masked)]
        case .deleted: return [Canvas.Slot(.deleted)]
        case .draft, .pinned:
          if let token = cell.token, token == tokens.delete {
            return [Canvas.Slot(.deleted, isPinned: isPinned)]
          }
          let known = cell.token.flatMap { (0..<vocabularySize).contains($0) ? $0 : nil }
          let ids =
            known.map { [$0] }
            ?? tokenizer.encode(
              typed(cell.text, isFirst: index == first, isLast: index == last))
          return ids.map {
            Canvas.Slot(.token($0), isPinned: isPinned, confidence: cell.confidence)
          }
        }
      })
  }

  /// The part of a typed text that is encoded, in the form that the model expects at the start and
  /// the end of a passage.
  private func typed(_ text: String, isFirst: Bool, isLast: Bool) -> String {
    var text = text
    if isFirst, !head.isEmpty, text.hasPrefix(head) { text.removeFirst(head.count) }
    if isFirst, beginsWithBlank, text.first?.isWhitespace == false { text = " " + text }
    if isLast, !tail.isEmpty, text.hasSuffix(tail) { text.removeLast(tail.count) }
    return text
  }
}
