/// How the lines of a hard-wrapped paragraph are broken: prose that was typed or filled to a
/// margin. The model reads such a paragraph as one line, and its words are wrapped again at the
/// margin.
struct PassageWrapping: Equatable {
  /// Characters of the longest line, its mark included.
  var width: Int
  /// The start of every line but the first: `> `, `// `, indentation.
  var mark: String
  /// Characters before the passage in its first line, and after it in its last.
  var column: Int
  var tail: Int

  /// The wrapping of a passage's paragraph; nil if its lines are not filled.
  init?(prefix: String, passage: String, suffix: String) {
    let before = Self.lines(prefix.suffix(4096)).reversed().prefix { !Self.isBlank($0) }.reversed()
    let after = Self.lines(suffix.prefix(4096)).prefix { !Self.isBlank($0) }
    let text =
      before.joined(separator: "\n") + passage + after.joined(separator: "\n")
    guard !passage.contains("\n\n") else { return nil }
    let lines = Self.lines(text)
    guard lines.count >= 3 || (lines.count == 2 && passage.contains("\n")) else { return nil }
    let marks = lines.dropFirst().map { PassagePlan.mark(of: $0[...]) }
    guard let mark = marks.first, marks.allSatisfy({ $0 == mark }),
      mark.allSatisfy({ $0.isWhitespace || ">/#".contains($0) })
    else { return nil }
    let width = lines.map(\.count).max() ?? 0
    guard width >= 40, width <= 120 else { return nil }
    for (line, next) in zip(lines, lines.dropFirst()) {
      let word = next.dropFirst(mark.count).prefix { !$0.isWhitespace }.count
      guard line.count + 1 + word > width * 4 / 5 else { return nil }
    }
    self.width = width
    self.mark = String(mark)
    column = prefix.reversed().prefix { $0 != "\n" }.count
    tail = suffix.prefix { $0 != "\n" }.count
  }

  private static func lines(_ text: some StringProtocol) -> [String] {
    String(text).split(separator: "\n" as Character, omittingEmptySubsequences: false).map(
      String.init)
  }

  private static func isBlank(_ line: String) -> Bool { line.allSatisfy(\.isWhitespace) }

  /// A text of the paragraph as one line.
  func unwrapped(_ text: String) -> String {
    var result = ""
    for (index, line) in Self.lines(text).enumerated() {
      guard index > 0 else {
        result = line
        continue
      }
      let words = line.hasPrefix(mark) ? line.dropFirst(mark.count) : line[...]
      result += (result.hasSuffix(" ") ? "" : " ") + words
    }
    return result
  }

  /// The end of the text before a passage, or the beginning of the text after it, with the
  /// paragraph's own lines as one.
  func unwrapped(prefix text: String) -> String {
    let lines = Self.lines(text)
    let count = lines.reversed().prefix { !Self.isBlank($0) }.count
    return (lines.dropLast(count) + [unwrapped(lines.suffix(count).joined(separator: "\n"))])
      .joined(separator: "\n")
  }

  func unwrapped(suffix text: String) -> String {
    let lines = Self.lines(text)
    let count = lines.dropFirst().prefix { !Self.isBlank($0) }.count + 1
    return ([unwrapped(lines.prefix(count).joined(separator: "\n"))] + lines.dropFirst(count))
      .joined(separator: "\n")
  }

  /// Pieces of a text, in order, with blanks turned into line breaks where a word would exceed the
  /// margin; without masks, also before the last word if the text after it in its line would. A
  /// piece that is nil is a mask of `maskWidth` characters.
  func wrapped(_ pieces: [String?], maskWidth: Int = 5) -> [String?] {
    var pieces = pieces
    var column = column
    for index in pieces.indices {
      guard let text = pieces[index] else {
        column += maskWidth
        continue
      }
      var result = ""
      var rest = text[...]
      while let character = rest.first {
        rest = rest.dropFirst()
        guard character == " " else {
          result.append(character)
          column = character == "\n" ? 0 : column + 1
          continue
        }
        // The word may continue in the next pieces.
        var word = rest.prefix { $0 != " " }.count
        var next = index + 1
        if word == rest.count {
          while pieces.indices.contains(next), let piece = pieces[next] {
            let part = piece.prefix { $0 != " " }.count
            word += part
            if part < piece.count { break }
            next += 1
          }
        }
        if column + 1 + word > width, column > mark.count {
          result += "\n" + mark
          column = mark.count
        } else {
          result.append(" ")
          column += 1
        }
      }
      pieces[index] = result
    }
    if column + tail > width { breakLastWord(&pieces) }
    return pieces
  }

  /// Turns the last blank of the last line into a line break, if its last word and the text after
  /// the passage then stay within the margin.
  private func breakLastWord(_ pieces: inout [String?]) {
    guard !pieces.contains(nil) else { return }
    var word = mark.count + tail
    for index in pieces.indices.reversed() {
      guard let text = pieces[index] else { return }
      let end = text.reversed().prefix { $0 != " " && $0 != "\n" }.count
      word += end
      guard end < text.count else { continue }
      let head = text.dropLast(end)
      guard head.last == " ", word <= width else { return }
      pieces[index] = head.dropLast() + "\n" + mark + text.suffix(end)
      return
    }
  }
}
