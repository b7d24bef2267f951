internal import Documents
internal import Highlighting

/// Typographic quotation marks in place of straight ones.
public struct SmartQuotes: Sendable, Equatable {
  public var opening: Character
  public var closing: Character
  /// Of quotations within quotations. The closing one is the apostrophe.
  public var innerOpening: Character
  public var innerClosing: Character

  /// From four characters such as `“”‘’`; nil for other text.
  public init?(_ marks: String) {
    let marks = Array(marks)
    guard marks.count == 4, marks.allSatisfy({ !$0.isWhitespace && !$0.isLetter && !$0.isNumber })
    else { return nil }
    (opening, closing, innerOpening, innerClosing) = (marks[0], marks[1], marks[2], marks[3])
  }

  /// As `init` takes them.
  public var marks: String { String([opening, closing, innerOpening, innerClosing]) }

  /// The mark for a typed one after `before`, nil at the start of a line.
  func mark(for typed: Character, after before: Character?) -> Character? {
    let opens =
      before.map {
        $0.isWhitespace || "([{<-–—/\"'".contains($0) || $0 == opening || $0 == innerOpening
      }
      ?? true
    switch typed {
    case "\"": return opens ? opening : closing
    case "'": return opens ? innerOpening : innerClosing
    default: return nil
    }
  }
}

extension Editor {
  /// What a typed character becomes: itself, but for quotation marks in prose.
  func typeset(_ character: Character) -> Character {
    guard let quotes = settings.smartQuotes, character == "\"" || character == "'", isProse,
      !isCode(selection.range.lowerBound)
    else { return character }
    let offset = selection.range.lowerBound
    let text = document.text
    let before =
      offset > text.lineStart(at: offset)
      ? text.string(in: text.previousGrapheme(before: offset)..<offset).last : nil
    return quotes.mark(for: character, after: before) ?? character
  }

  /// Whether a place in prose is within code.
  private func isCode(_ offset: Int) -> Bool {
    syntaxSpans.contains { span in
      span.role == .code && span.range.lowerBound < offset && offset < span.range.upperBound
    }
  }
}
