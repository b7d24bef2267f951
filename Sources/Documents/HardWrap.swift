/// Breaks the lines of paragraphs where a width is reached. What begins the lines stays: indents,
/// signs of comments and quotations; lines under a list item are indented under its words.
public struct HardWrap: Sendable {
  /// Columns of the longest line.
  public var width: Int
  /// What comments begin with, beside `>` for quotations.
  public var commentSign: String?
  /// Lines that begin so stand alone.
  public var standalone: [String]

  public init(width: Int, commentSign: String? = nil, standalone: [String] = []) {
    self.width = max(1, width)
    self.commentSign = commentSign
    self.standalone = ["|", "```", "~~~", "<"] + standalone
  }

  /// The start of a line: what stays, and the text after it.
  private struct Head: Equatable {
    var indent: Substring
    /// Signs of comments and quotations with the blanks after them.
    var signs: String
    /// A list marker with the blanks after it.
    var marker: String
    var text: Substring
  }

  /// Words that stay together on a line, and whether a blank goes before them.
  private struct Piece {
    var text: String
    var isSpaced: Bool
  }

  /// The lines, without line ends, wrapped. O(lines).
  public func wrapped(_ lines: [String]) -> [String] {
    var result: [String] = []
    var first: Head?
    var rest: Head?
    var pieces: [Piece] = []
    func finish() {
      guard let head = first else { return }
      let start = head.indent + head.signs + head.marker
      let under = String(repeating: " ", count: CellWidth.columns(head.marker))
      let next = rest.map { $0.indent + $0.signs } ?? head.indent + head.signs + under
      result += fill(pieces, first: String(start), next: String(next))
      (first, rest, pieces) = (nil, nil, [])
    }
    for line in lines {
      let head = head(of: line)
      if head.text.isEmpty || standalone.contains(where: { head.text.hasPrefix($0) }) {
        finish()
        result.append(line)
        continue
      }
      if first == nil || !head.marker.isEmpty || first?.signs != head.signs {
        finish()
        first = head
      } else if rest == nil {
        rest = head
      }
      add(head.text, to: &pieces)
      // Two blanks or a backslash at its end break a line for good.
      if line.hasSuffix("  ") || line.hasSuffix("\\") {
        let isBlank = line.hasSuffix("  ")
        finish()
        if isBlank { result[result.count - 1] += "  " }
      }
    }
    finish()
    return result
  }

  private func head(of line: String) -> Head {
    var text = line[...]
    func take(_ count: Int) -> Substring {
      let taken = text.prefix(count)
      text = text.dropFirst(count)
      return taken
    }
    func blanks() -> Int { text.prefix { $0 == " " || $0 == "\t" }.count }
    let indent = take(blanks())
    var signs = ""
    while true {
      if text.hasPrefix(">") {
        signs += take(1)
      } else if signs.isEmpty, let sign = commentSign, text.hasPrefix(sign) {
        // Of a comment for documentation, too: `///`, `//!`.
        let more = text.dropFirst(sign.count).prefix { "/!#".contains($0) }.count
        signs += take(sign.count + more)
      } else {
        break
      }
      signs += take(blanks())
    }
    var marker = ""
    let digits = text.prefix(while: \.isNumber).count
    let sign = text.dropFirst(digits).first
    if let sign, (digits == 0 ? "-*+" : ".)").contains(sign), digits < 10,
      text.dropFirst(digits + 1).first == " "
    {
      marker = String(take(digits + 1))
      marker += take(blanks())
    }
    return Head(indent: indent, signs: signs, marker: marker, text: text)
  }

  /// Adds the words of a line, apart wherever a line may be broken between them.
  private func add(_ text: Substring, to pieces: inout [Piece]) {
    for word in text.split(whereSeparator: { $0 == " " || $0 == "\t" }) {
      var isSpaced = true
      var piece = ""
      func end() {
        guard !piece.isEmpty else { return }
        // No blank goes between two wide characters of two lines.
        let joins = isSpaced && isWide(piece.first) && isWide(pieces.last?.text.last)
        pieces.append(Piece(text: piece, isSpaced: isSpaced && !joins))
        piece = ""
        isSpaced = false
      }
      for character in word {
        // What closes stays with what is before it, what opens with what follows.
        let isBreak = isWide(character) || isWide(piece.last)
        if isBreak, !isClosing(character), !isOpening(piece.last) { end() }
        piece.append(character)
      }
      end()
    }
  }

  private func isWide(_ character: Character?) -> Bool {
    guard let scalar = character?.unicodeScalars.first else { return false }
    return scalar.value >= 0x2E80 && scalar.value < 0x1F000 && CellWidth.columns(scalar) == 2
  }

  private func isClosing(_ character: Character) -> Bool { "、。，．：；？！）」』】〉》〕".contains(character) }
  private func isOpening(_ character: Character?) -> Bool {
    character.map { "（「『【〈《〔".contains($0) } ?? false
  }

  private func fill(_ pieces: [Piece], first: String, next: String) -> [String] {
    var lines: [String] = []
    var line = first
    var columns = columns(of: first)
    var isEmpty = true
    for piece in pieces {
      let blank = piece.isSpaced && !isEmpty ? 1 : 0
      let needed = CellWidth.columns(piece.text)
      if !isEmpty, columns + blank + needed > width {
        lines.append(line)
        line = next
        columns = self.columns(of: next)
        isEmpty = true
      } else if blank > 0 {
        line += " "
        columns += 1
      }
      line += piece.text
      columns += needed
      isEmpty = false
    }
    return lines + [line]
  }

  /// A tab in front of a line counts as eight columns, as in most programs that show text.
  private func columns(of start: String) -> Int {
    CellWidth.columns(start) + 8 * start.count { $0 == "\t" }
  }
}
