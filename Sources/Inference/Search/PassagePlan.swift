/// A passage as parts to search, one after the other, and fixed text between them: line breaks,
/// list marks, the bars of a table, pinned words.
struct PassagePlan: Equatable {
  enum Segment: Equatable {
    /// Text that stays.
    case fixed(String)
    /// Words to find new ones for, after a blank that is theirs or not.
    case gap(String, blank: Bool)
  }

  private(set) var segments: [Segment] = []

  /// Bytes of a passage that is searched for as a whole, and of a part of a longer one.
  static let whole = 280
  private static let part = 160

  /// The plan of a passage without white space at its ends. Lines keep their marks and their
  /// number; a long line is filled sentence by sentence.
  init(_ core: String) {
    guard core.contains("\n") || core.utf8.count > Self.whole else {
      segments = [.gap(core, blank: false)]
      return
    }
    for (index, line) in core.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      if index > 0 { add(fixed: "\n") }
      add(line: line)
    }
    if !segments.contains(where: \.isGap) { segments = [.gap(core, blank: false)] }
  }

  private mutating func add(fixed text: some StringProtocol) {
    if text.isEmpty { return }
    if case .fixed(let before) = segments.last {
      segments[segments.count - 1] = .fixed(before + text)
    } else {
      segments.append(.fixed(String(text)))
    }
  }

  private mutating func add(line: Substring) {
    let mark = Self.mark(of: line)
    add(fixed: mark)
    let rest = line.dropFirst(mark.count)
    if mark.contains("|") {
      for (index, cell) in rest.split(separator: "|", omittingEmptySubsequences: false).enumerated()
      {
        if index > 0 { add(fixed: "|") }
        add(text: cell)
      }
    } else {
      add(text: rest)
    }
  }

  /// Words with the white space around them, in parts that end with sentences.
  private mutating func add(text: Substring) {
    guard text.contains(where: \.isLetter) else { return add(fixed: text) }
    let head = text.prefix(while: \.isWhitespace)
    add(fixed: head)
    var words = text.dropFirst(head.count)
    let tail = String(words.reversed().prefix(while: \.isWhitespace))
    words = words.dropLast(tail.count)
    var part = ""
    for sentence in Self.sentences(words) {
      if !part.isEmpty, part.utf8.count + sentence.utf8.count > Self.part {
        add(gap: part)
        add(fixed: " ")
        part = ""
      }
      part += part.isEmpty ? sentence : " " + sentence
    }
    add(gap: part)
    add(fixed: tail)
  }

  /// A gap, which takes a blank before it along: words are tokens with their blanks.
  private mutating func add(gap words: String) {
    guard case .fixed(var before) = segments.last, before.hasSuffix(" ") else {
      return segments.append(.gap(words, blank: false))
    }
    before.removeLast()
    segments.removeLast()
    add(fixed: before)
    segments.append(.gap(words, blank: true))
  }

  /// Indentation and the mark of a list item, heading, quotation, comment or table row.
  static func mark(of line: Substring) -> Substring {
    let indent = line.prefix(while: \.isWhitespace)
    let rest = line.dropFirst(indent.count)
    var count = rest.prefix { "#>-*+•|/".contains($0) }.count
    let digits = rest.prefix(while: \.isNumber).count
    if digits > 0, let after = rest.dropFirst(digits).first, ".)".contains(after) {
      count = digits + 1
    }
    let blanks = rest.dropFirst(count).prefix { $0 == " " }.count
    // A mark is followed by a blank; a dash or star that is not belongs to the words.
    return count > 0 && blanks > 0 ? line.prefix(indent.count + count + blanks) : indent
  }

  static func sentences(_ text: Substring) -> [String] {
    var result: [String] = []
    var part = ""
    for character in text {
      if character == " ", PassageRules.endsSentence(part) {
        result.append(part)
        part = ""
      } else {
        part.append(character)
      }
    }
    return part.isEmpty ? result : result + [part]
  }
}

extension PassagePlan.Segment {
  var isGap: Bool { if case .gap = self { true } else { false } }
}
