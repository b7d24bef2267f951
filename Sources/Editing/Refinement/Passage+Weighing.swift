internal import Infilling
internal import Strings

// The words of a draft as a model is asked about them: letters and digits without the marks and
// blanks around them, which a slot may hold together with them.

/// A word of a draft that the engine is asked about.
struct WeighedWord: Sendable, Equatable {
  var text: String
  /// UTF-8 offsets into `Passage.text`.
  var range: Range<Int>
  /// Slots with a letter or digit of it.
  var slots: [Int]
}

extension Passage {
  /// The words of `text`, but for those that are pinned. O(text).
  var weighedWords: [WeighedWord] {
    var text = ""
    var owners: [Int] = []
    for slot in cells.indices {
      let shown =
        text.isEmpty ? cells[slot].text.drop(while: \.isWhitespace) : cells[slot].text[...]
      text += shown
      owners += repeatElement(slot, count: shown.utf8.count)
    }
    var words: [WeighedWord] = []
    var word = ""
    var position = 0
    for character in text + " " {
      let start = position
      position += character.utf8.count
      if character.continuesWord(word) {
        word.append(character)
        continue
      }
      let range = start - word.utf8.count..<start
      let slots = Array(Set(owners[range])).sorted()
      if !word.isEmpty, slots.allSatisfy({ cells[$0].state == .draft }) {
        words.append(WeighedWord(text: word, range: range, slots: slots))
      }
      word = ""
    }
    return words
  }
}

extension InfillCell {
  /// A passage as slots that an engine can start from: words and the marks beside them apart, each
  /// with the white space before it. Their texts in order are `text`. O(text).
  static func drafts(of text: String) -> [InfillCell] {
    var cells: [InfillCell] = []
    var blanks = ""
    var body = ""
    func isWord(_ body: String) -> Bool { body.first?.isWordPart ?? false }
    func close() {
      guard !body.isEmpty else { return }
      cells.append(InfillCell(state: .draft, text: blanks + body, confidence: 1))
      blanks = ""
      body = ""
    }
    for character in text {
      if character.isWhitespace {
        close()
        blanks.append(character)
        continue
      }
      let belongs =
        isWord(body) ? character.continuesWord(body) : !character.continuesWord("")
      if !belongs { close() }
      body.append(character)
    }
    close()
    if !blanks.isEmpty {
      cells.append(InfillCell(state: .draft, text: blanks, confidence: 1))
    }
    return cells
  }
}

extension Character {
  /// Letters and digits make words, and apostrophes and hyphens within them.
  fileprivate func continuesWord(_ word: String) -> Bool {
    if isWordPart { return true }
    return !word.isEmpty && (self == "'" || self == "\u{2019}" || self == "-")
  }
}
