internal import Denoising
internal import Infilling
internal import Tokenizers

/// Turns canvases into cells with text, and cells into canvases.
struct CellText {
  let tokenizer: Tokenizer
  let tokens: CanvasTokens
  let dropsLeadingBlank: Bool
  /// The blank before the passage is its first token's.
  let beginsWithBlank: Bool
  /// Goes to the last cell that shows a token.
  let tail: String

  /// Cells of a canvas: their texts in order are the passage, as far as it is known. O(slots).
  func cells(_ canvas: Canvas) -> [InfillCell] {
    let ids = canvas.slots.compactMap { slot -> Int?? in
      switch slot.content {
      case .open: .some(nil)
      case .token(let token): .some(token)
      case .deleted: nil
      }
    }
    var texts = tokenizer.texts(of: ids)
    if dropsLeadingBlank, texts.first?.hasPrefix(" ") == true { texts[0].removeFirst() }
    if !tail.isEmpty, ids.last != .some(nil), !texts.isEmpty {
      texts[texts.count - 1] += tail
    }
    var remaining = texts[...]
    return canvas.slots.map { slot in
      var cell = InfillCell(
        state: .open, confidence: slot.confidence, alternatives: alternatives(slot))
      switch slot.content {
      case .open: remaining.removeFirst()
      case .deleted:
        cell.state = .deleted
        cell.token = tokens.delete
      case .token(let token):
        cell.state = slot.isPinned ? .pinned : .draft
        cell.token = token
        cell.text = remaining.removeFirst()
      }
      return cell
    }
  }

  /// Candidates other than the shown token. EXPAND is nothing a reader could choose.
  private func alternatives(_ slot: Canvas.Slot) -> [InfillAlternative] {
    slot.candidates.compactMap { candidate in
      if slot.content == .token(candidate.token) || candidate.token == tokens.expand { return nil }
      let isDelete = candidate.token == tokens.delete
      if isDelete && slot.content == .deleted { return nil }
      return InfillAlternative(
        token: candidate.token, text: isDelete ? "" : tokenizer.decode([candidate.token]),
        probability: candidate.probability)
    }
  }

  /// The canvas that cells describe. A cell with text and no token, typed by a person, becomes as
  /// many slots as its text has tokens, without the tail that the suffix brings along.
  func canvas(_ cells: [InfillCell], vocabularySize: Int) -> Canvas {
    let first = cells.firstIndex { $0.state != .deleted }
    let last = cells.lastIndex { $0.state != .deleted }
    return Canvas(
      cells.indices.flatMap { index -> [Canvas.Slot] in
        let cell = cells[index]
        let isPinned = cell.state == .pinned
        switch cell.state {
        case .open: return [Canvas.Slot(.open)]
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

  /// What of a typed text is encoded, in the way the model knows the beginning and end of a passage.
  private func typed(_ text: String, isFirst: Bool, isLast: Bool) -> String {
    var text = text
    if isFirst, beginsWithBlank, text.first?.isWhitespace == false { text = " " + text }
    if isLast, !tail.isEmpty, text.hasSuffix(tail) { text.removeLast(tail.count) }
    return text
  }
}
