internal import Infilling

/// A request's text with the white space at the passage's ends set apart: it stays as it is, whatever
/// the passage becomes. Line ends are LF.
struct PassageEdges: Equatable {
  /// Text before the passage, the white space it began with included, less a blank that the
  /// passage's first token brings along.
  var prefix: String
  /// The passage without white space at its ends.
  var core: String
  /// Text after the passage, the white space it ended with included.
  var suffix: String
  /// White space that the passage began and ended with.
  var head: String
  var tail: String
  /// Whether the first token brings a blank along that stands before the passage already.
  var takesBlank: Bool
  /// Whether the first token brings a blank along that is part of the passage: nothing stood in its
  /// place, and what stands before ends with a word.
  var addsBlank = false

  init(_ request: InfillRequest) {
    func plain(_ text: String) -> String { text.replacing("\r\n", with: "\n") }
    let original = plain(request.original)
    suffix = plain(request.suffix)
    let first = original.firstIndex { !$0.isWhitespace } ?? original.endIndex
    let last = original.lastIndex { !$0.isWhitespace }.map(original.index(after:)) ?? first
    head = String(original[..<first])
    core = String(original[first..<last])
    tail = String(original[last...])
    prefix = plain(request.prefix) + head
    if core.isEmpty, tail.isEmpty, suffix.first?.isLetter ?? suffix.first?.isNumber ?? false {
      tail = " "
    }
    suffix = tail + suffix
    takesBlank = prefix.hasSuffix(" ")
    if takesBlank {
      prefix.removeLast()
    } else if core.isEmpty, let before = prefix.last {
      addsBlank = before.isLetter || before.isNumber || ".!?,;:".contains(before)
    }
  }

  /// Whether the first token begins with a blank.
  var beginsWithBlank: Bool { takesBlank || addsBlank }

  /// Whether the passage begins a line, indentation left aside.
  var beginsLine: Bool {
    let line = prefix.last.map { $0 == "\n" } ?? true
    return line || prefix.reversed().prefix { $0 != "\n" }.allSatisfy(\.isWhitespace)
  }

  /// Whether a sentence begins with the passage.
  var beginsSentence: Bool {
    if beginsLine { return true }
    let before = prefix.reversed().drop { $0.isWhitespace || "\"'”’)]".contains($0) }.first
    return before.map { ".!?…".contains($0) } ?? true
  }
}
