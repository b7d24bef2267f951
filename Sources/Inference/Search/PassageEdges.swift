internal import Infilling

/// A request's text with the white space at the passage's ends set apart, which does not change.
/// Line ends are LF, and the lines of a hard-wrapped paragraph are one.
struct PassageEdges: Equatable {
  /// Text before the passage with the white space at its start, without a blank that the passage's
  /// first token includes.
  var prefix: String
  /// The passage without white space at its ends.
  var core: String
  /// Text after the passage, the white space it ended with included.
  var suffix: String
  /// White space that the passage began and ended with.
  var head = ""
  var tail = ""
  /// Whether the first token includes a blank that the text before the passage ends with.
  var takesBlank: Bool
  /// Whether the first token includes a blank that is part of the passage: the text before it ends
  /// with a word or a mark.
  var addsBlank = false
  /// How the passage's paragraph is wrapped; nil where it is not.
  var wrapping: PassageWrapping?

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
    let begins = suffix.first.map { $0.isLetter || $0.isNumber } ?? false
    if core.isEmpty, tail.isEmpty, begins { tail = " " }
    suffix = tail + suffix
    wrapping = PassageWrapping(prefix: prefix, passage: core, suffix: suffix)
    if let wrapping {
      prefix = wrapping.unwrapped(prefix: prefix)
      core = wrapping.unwrapped(core)
      suffix = wrapping.unwrapped(suffix: suffix)
    }
    takesBlank = prefix.hasSuffix(" ")
    if takesBlank { prefix.removeLast() }
    addsBlank = !takesBlank && core.isEmpty && Self.isTouched(prefix)
  }

  /// A part of a passage between fixed texts.
  ///
  /// - Parameter blank: whether its first token includes a blank; nil to decide by the text before
  ///   it.
  init(prefix: String, core: String, suffix: String, blank: Bool?) {
    self.prefix = prefix
    self.core = core
    self.suffix = suffix
    takesBlank = false
    addsBlank = blank ?? Self.isTouched(prefix)
  }

  /// Whether a word after `text` needs a blank.
  private static func isTouched(_ text: String) -> Bool {
    text.last.map { !$0.isWhitespace && !"([{\"“‘'/".contains($0) } ?? false
  }

  /// Whether the first token begins with a blank.
  var beginsWithBlank: Bool { takesBlank || addsBlank }

  /// Characters on either side that count as near.
  static let reach = 400

  /// The text near the passage, less the passage.
  var near: String { prefix.suffix(Self.reach) + " " + suffix.prefix(Self.reach) }

  /// Whether the passage begins a line, indentation left aside.
  var beginsLine: Bool { lineBefore.allSatisfy(\.isWhitespace) }

  /// The text before the passage in its line, the blank of the passage's first token included.
  var lineBefore: Substring {
    let line = prefix.reversed().prefix { $0 != "\n" }.reversed()
    return Substring(String(line) + (takesBlank ? " " : ""))
  }

  /// Whether the passage is a list item, a heading or a cell: nothing but its mark stands before it.
  var beginsPart: Bool {
    let before = lineBefore
    return PassagePlan.mark(of: before) == before || before.last { $0 != " " } == "|"
  }

  /// Whether the passage is the title of the text after it: a line without an end mark, before which
  /// the text has nothing but the mark of a heading.
  var isTitle: Bool {
    prefix.allSatisfy { $0.isWhitespace || "#=*".contains($0) } && endsLineOrCell
      && suffix.contains { $0.isLetter } && PassageRules.ending(of: core) == .word
      && !core.contains(where: \.isNewline)
  }

  /// Whether the passage begins with a new word rather than the rest of one.
  var beginsWord: Bool { beginsWithBlank || !Self.isTouched(prefix) }

  /// Whether a line or a cell of a table ends with the passage.
  var endsLineOrCell: Bool {
    suffix.first { $0 != " " }.map { $0.isNewline || $0 == "|" } ?? false
  }

  /// Whether a sentence begins with the passage.
  var beginsSentence: Bool {
    if beginsLine { return true }
    let before = prefix.reversed().drop { $0.isWhitespace || "\"'”’)]".contains($0) }.first
    return before.map { ".!?…".contains($0) } ?? true
  }

  /// The cells of the passage as lines of its paragraph.
  func wrapped(_ cells: [InfillCell]) -> [InfillCell] {
    guard let wrapping else { return cells }
    var cells = cells
    let texts = wrapping.wrapped(cells.map { $0.state == .open ? nil : $0.text })
    for (index, text) in texts.enumerated() { cells[index].text = text ?? "" }
    return cells
  }
}
