internal import Documents
internal import Highlighting

extension Command {
  static let brackets: [Command] = [
    Command("bracket", "To the matching bracket") { editor in
      guard let pair = editor.bracketsAtCursor(within: Editor.farBrackets) else {
        return editor.show(.noBracket)
      }
      editor.setCursor(pair.partner)
    }
  ]
}

extension Editor {
  /// Bytes that are searched for the partner of a bracket after every event, and by the command.
  static let nearBrackets = 1 << 14
  static let farBrackets = 1 << 22

  private static let pairs: [(open: UInt8, close: UInt8)] = [
    (UInt8(ascii: "("), UInt8(ascii: ")")), (UInt8(ascii: "["), UInt8(ascii: "]")),
    (UInt8(ascii: "{"), UInt8(ascii: "}")),
  ]

  /// The bracket that the cursor is on, or else the one before it, and its partner; nil if there is
  /// none within `reach` bytes. Brackets in strings and comments have partners in strings and comments
  /// only, as far as the text is highlighted. O(reach).
  func bracketsAtCursor(within reach: Int) -> (at: Int, partner: Int)? {
    guard selection.isEmpty else { return nil }
    let text = document.text
    for offset in [selection.head, selection.head - 1] where offset >= 0 && offset < text.count {
      let byte = text[offset]
      guard let pair = Self.pairs.first(where: { $0.open == byte || $0.close == byte }) else {
        continue
      }
      let isOpen = byte == pair.open
      let partner =
        isOpen
        ? partner(after: offset, pair, within: reach) : partner(before: offset, pair, within: reach)
      return partner.map { (offset, $0) }
    }
    return nil
  }

  private func partner(
    after offset: Int, _ pair: (open: UInt8, close: UInt8), within reach: Int
  ) -> Int? {
    let isQuoted = isQuoted(offset)
    var depth = 1
    var next = offset + 1
    var found: Int?
    document.text.forEachSlice(in: next..<min(document.text.count, next + reach)) { slice in
      for byte in slice {
        if byte == pair.open || byte == pair.close, self.isQuoted(next) == isQuoted {
          depth += byte == pair.open ? 1 : -1
          if depth == 0 {
            found = next
            return false
          }
        }
        next += 1
      }
      return true
    }
    return found
  }

  private func partner(
    before offset: Int, _ pair: (open: UInt8, close: UInt8), within reach: Int
  ) -> Int? {
    let isQuoted = isQuoted(offset)
    var depth = 1
    var end = offset
    let first = max(0, offset - reach)
    while end > first {
      let start = max(first, end - 4096)
      let bytes = document.text.bytes(in: start..<end)
      for index in bytes.indices.reversed()
      where bytes[index] == pair.open || bytes[index] == pair.close {
        guard self.isQuoted(start + index) == isQuoted else { continue }
        depth += bytes[index] == pair.close ? 1 : -1
        if depth == 0 { return start + index }
      }
      end = start
    }
    return nil
  }

  /// Whether a place of the highlighted text is in a string or a comment.
  private func isQuoted(_ offset: Int) -> Bool {
    let spans = syntaxSpans
    var low = 0
    var high = spans.count
    while low < high {
      let middle = (low + high) / 2
      if spans[middle].range.upperBound <= offset { low = middle + 1 } else { high = middle }
    }
    guard low < spans.count, spans[low].range.contains(offset) else { return false }
    return [.string, .comment, .escape].contains(spans[low].role)
  }
}
