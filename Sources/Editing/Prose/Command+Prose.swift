internal import Documents
internal import Highlighting

extension Command {
  static let prose: [Command] = [
    Command("rewrap", "Rewrap the paragraph, or the selected lines") { $0.rewrap() },
    Command("count-words", "Count words and the time to read them") { $0.countWords() },
    Command("focus", "Dim all but the paragraph, or the sentence") { editor in
      editor.focusMode = editor.focusMode.next
      editor.show(.focusing(editor.focusMode))
    },
  ]
}

/// What of the text is not dimmed.
public enum FocusMode: String, Sendable, CaseIterable {
  case off, paragraph, sentence

  var next: FocusMode {
    switch self {
    case .off: .paragraph
    case .paragraph: .sentence
    case .sentence: .off
    }
  }
}

extension Editor {
  /// The part of the document that is not dimmed; nil for all of it.
  public var focusedText: Range<Int>? {
    switch focusMode {
    case .off: nil
    case .paragraph: document.text.paragraphRange(at: selection.head)
    case .sentence: document.text.sentenceRange(at: selection.head)
    }
  }

  // MARK: Sentences

  /// The start of the next sentence; before the first letter of one, or in blanks, too.
  mutating func moveBySentence(forward: Bool, extending: Bool) {
    let text = document.text
    let head = selection.head
    let present = text.sentenceRange(at: head)
    if forward {
      let end = max(head, present.upperBound)
      let next = end + text.blanks(from: end)
      let start = next < text.count ? text.sentenceRange(at: next).lowerBound : text.count
      moveHead(to: max(start, next), extending: extending)
    } else if !present.isEmpty, present.lowerBound < head {
      moveHead(to: present.lowerBound, extending: extending)
    } else {
      let end = head - text.blanks(before: head)
      let start =
        end > 0 ? text.sentenceRange(at: text.previousGrapheme(before: end)).lowerBound : 0
      moveHead(to: start, extending: extending)
    }
  }

  // MARK: Counting

  mutating func countWords() {
    let isAll = selection.isEmpty
    let range = isAll ? 0..<document.text.count : selection.range
    show(.counted(document.text.wordCount(in: range), isSelection: !isAll))
  }

  /// Counts the words of the document for the status line, of which only the changed lines after the
  /// first time.
  mutating func attendToCount(_ damage: Document.Damage?) {
    let text = document.text
    guard settings.showsWordCount, text.count <= Self.largestCounted else {
      counted = nil
      return
    }
    guard let counted else {
      self.counted = Counted(text: text, count: text.wordCount(in: 0..<text.count))
      return
    }
    guard let damage else { return }
    // The same lines before and after.
    let start = text.lineStart(at: min(damage.before, text.count))
    let end = text.lineEnd(at: max(damage.before, text.count - damage.after))
    let oldEnd = counted.text.count - (text.count - end)
    guard start <= end, start <= oldEnd, oldEnd <= counted.text.count else {
      self.counted = Counted(text: text, count: text.wordCount(in: 0..<text.count))
      return
    }
    let before = counted.text.wordCount(in: start..<oldEnd)
    let after = text.wordCount(in: start..<end)
    self.counted = Counted(text: text, count: counted.count - before + after)
  }

  /// Words of larger documents are not shown all the time.
  private static let largestCounted = 4 << 20

  // MARK: Wrapping

  /// Wraps lines at the columns of the document or the settings, as one undo node. The cursor stays at its letter.
  mutating func rewrap() {
    let text = document.text
    let lines: ClosedRange<Int>
    if selection.isEmpty {
      let paragraph = text.paragraphRange(at: selection.head)
      guard !paragraph.isEmpty else { return show(.nothingToWrap) }
      lines = text.line(at: paragraph.lowerBound)...text.line(at: paragraph.upperBound)
    } else {
      lines = selectedLines
    }
    let range =
      text.offset(ofLine: lines.lowerBound)..<text.lineRange(lines.upperBound).upperBound
    let isProse = isProse
    let wrap = HardWrap(
      width: style.lineLength ?? settings.hardWrap, commentSign: isProse ? nil : comments?.line,
      standalone: isProse ? ["#"] : [])
    let old = lines.map { text.string(in: text.lineRange($0)) }
    let ending = String(decoding: document.lineEnding.bytes, as: UTF8.self)
    let new = Array(wrap.wrapped(old).joined(separator: ending).utf8)
    guard new != text.bytes(in: range) else { return show(.isWrapped) }
    let letters = text.bytes(in: range.lowerBound..<max(range.lowerBound, selection.head))
      .count { !$0.isBlank }
    var left = letters
    var offset = 0
    while offset < new.count, left > 0 || letters == 0 && new[offset].isBlank {
      if !new[offset].isBlank { left -= 1 }
      offset += 1
    }
    change(
      [Edit(range: range, replacement: new)], label: "wrap",
      selecting: Selection(range.lowerBound + offset))
  }

  /// Whether the document is text to be read rather than code.
  var isProse: Bool {
    guard case .on(let text) = syntax.state else { return true }
    return ["markdown", "git-commit"].contains(text.highlighter.grammar.name)
  }
}

/// The words of a document at some time.
struct Counted: Sendable {
  var text: Text
  var count: WordCount
}

extension Text {
  /// White space (ASCII) that begins at `start`, in bytes.
  func blanks(from start: Int) -> Int {
    var count = 0
    forEachSlice(in: start..<self.count) { slice in
      let blanks = slice.prefix(while: \.isBlank).count
      count += blanks
      return blanks == slice.count
    }
    return count
  }

  /// White space (ASCII) that ends at `end`, in bytes.
  func blanks(before end: Int) -> Int {
    var start = end
    while start > 0, self[start - 1].isBlank { start -= 1 }
    return end - start
  }
}
