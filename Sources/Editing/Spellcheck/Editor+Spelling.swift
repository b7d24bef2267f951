internal import Documents
internal import Highlighting

extension Command {
  static let spelling: [Command] = [
    Command("spelling", "Mark misspelt words; go to the next, correct it") { $0.checkSpelling() },
    Command("spelling-off", "Mark no misspelt words") { editor in
      editor.spelling = nil
      editor.show(.spellingOff)
    },
  ]
}

/// What a dictionary answers.
public enum SpellingReply: Sendable, Equatable {
  /// Whether words are right.
  case checked([String: Bool])
  /// What may be meant by a word.
  case suggestions(for: String, [String])
  /// There is no dictionary, and why.
  case unavailable(String)
  /// A word could not be kept for later sessions, and why.
  case notKept(String)
}

extension Editor {
  /// Misspelt words in the window, in order; none unless they are to be marked.
  public var misspelt: [Range<Int>] { spelling?.wrong ?? [] }

  /// One key: marks misspelt words; then goes to the next; on one, lists what may be meant.
  mutating func checkSpelling() {
    guard spelling != nil else {
      spelling = SpellingMap()
      return show(.spellingOn)
    }
    let head = selection.head
    if let word = misspelt.first(where: { $0.lowerBound <= head && head <= $0.upperBound }) {
      emit(.suggestSpelling(document.text.string(in: word)))
      return show(.lookingUp)
    }
    guard let next = misspelt.first(where: { $0.lowerBound > head }) ?? misspelt.first else {
      return show(.noMisspeltWord)
    }
    setCursor(next.lowerBound)
    show(.misspelt(document.text.string(in: next)))
  }

  /// What is done after every event while misspelt words are marked.
  mutating func attendToSpelling() {
    guard var map = spelling, let lines = visibleLines else { return }
    spelling = nil
    defer { spelling = map }
    let text = document.text
    let start = text.offset(ofLine: lines.lowerBound)
    // Of very long lines the beginning.
    let end = min(text.lineRange(lines.upperBound).upperBound, start + Self.mostChecked)
    let words = map.show(
      SpellingMap.Window(
        revision: document.revision, range: start..<text.graphemeBoundary(atOrBefore: end),
        spans: syntaxSpans, typing: lastEdit?.kind == .typing ? selection.head : nil),
      of: text, isProse: isProse)
    if !words.isEmpty { emit(.checkSpelling(words)) }
  }

  private static let mostChecked = 1 << 16

  mutating func spellingReceived(_ reply: SpellingReply) {
    switch reply {
    case .checked(let answers): spelling?.learn(answers)
    case .suggestions(let word, let others): list(others, for: word)
    case .unavailable(let reason):
      spelling = nil
      show(.failure(reason))
    case .notKept(let reason): show(.failure(reason))
    }
  }

  /// Lists the suggestions if the cursor still is on the word.
  private mutating func list(_ others: [String], for word: String) {
    let head = selection.head
    let found = misspelt.first { $0.lowerBound <= head && head <= $0.upperBound }
    guard mode == .text, let found, document.text.string(in: found) == word else { return }
    message = nil
    var items = others.prefix(9).enumerated().map {
      Picker.Item(text: DisplayForm.visible($1), detail: "", index: $0)
    }
    items.append(Picker.Item(text: "Learn this word", detail: "", index: -1))
    items.append(Picker.Item(text: "Ignore it", detail: "", index: -2))
    setCursor(found.lowerBound)
    picker = Picker(.spellings(found, Array(others.prefix(9))), items)
  }

  mutating func takeSpelling(_ number: Int, _ others: [String], for range: Range<Int>) {
    let word = document.text.string(in: range)
    switch number {
    case -1:
      emit(.learnSpelling(word))
      spelling?.learn([word: true])
      show(.wordLearnt(word))
    case -2: spelling?.learn([word: true])
    default:
      guard others.indices.contains(number) else { return }
      replace(range, with: Array(others[number].utf8), label: "spelling")
    }
  }
}
