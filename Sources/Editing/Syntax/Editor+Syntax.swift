internal import Documents
internal import Highlighting

extension Command {
  static let syntax: [Command] = [
    Command("language", "Choose the language to highlight") { $0.askForLanguage() }
  ]
}

extension Editor {
  /// Spans of the language in the window, in ascending order without overlap; those of the last event.
  public var syntaxSpans: [SyntaxSpan] { syntax.spans }

  /// What comments look like in the document's language.
  var comments: Grammar.Comments? {
    if case .on(let text) = syntax.state { text.highlighter.grammar.comments } else { nil }
  }

  /// What is done after every event: the language is decided when the document gets a name, and the
  /// window highlighted.
  mutating func attendToSyntax(_ damage: Document.Damage?) {
    if syntax.path != document.path {
      syntax.path = document.path
      if syntax.chosen == nil { syntax.state = .undecided }
    }
    if case .undecided = syntax.state { decideLanguage() }
    guard case .on(var text) = syntax.state else { return }
    // The value is changed in place: nothing else holds it.
    syntax.state = .plain
    defer { syntax.state = .on(text) }
    if let damage { text.change(damage, document.text) }
    guard let lines = visibleLines else { return }
    if text.show(lines, of: document.text) { emit(.wake(.highlighting, afterMilliseconds: 1)) }
    for name in text.takeWanted() { emit(.loadLanguage(name)) }
    if let grammar = text.highlighter.abandoned, !syntax.reportsCost {
      syntax.reportsCost = true
      show(.highlightingTooCostly(grammar))
    }
  }

  private mutating func decideLanguage() {
    syntax.state = .plain
    guard settings.highlights else { return }
    let text = document.text
    let start = text.lineRange(0)
    let name =
      syntax.chosen
      ?? LanguageNames.name(
        forFile: document.path,
        firstLine: text.string(in: start.lowerBound..<min(start.upperBound, 200)),
        patterns: settings.languages)
    guard let name, name != LanguageNames.plain else { return }
    syntax.state = .loading(name)
    emit(.loadLanguage(name))
  }

  /// Document lines of the rows in the window.
  var visibleLines: ClosedRange<Int>? {
    guard let blocks = layoutMemo.window?.blocks, let first = blocks.first?.block,
      let last = blocks.last?.block
    else { return nil }
    // A block may have several lines.
    let end = last.range.isEmpty ? last.line : document.text.line(at: last.range.upperBound)
    return first.line...max(first.line, end)
  }

  mutating func languageReceived(_ name: String, _ reply: LanguageReply) {
    if case .failed(let reason) = reply { show(.failure(reason)) }
    let grammar: Grammar? = if case .grammar(let grammar) = reply { grammar } else { nil }
    switch syntax.state {
    case .loading(name):
      syntax.state = grammar.map { .on(HighlightedText($0, document.text)) } ?? .plain
      if case .missing = reply, syntax.chosen != nil { show(.noLanguage(name)) }
    case .on(var text):
      text.add(grammar, named: name)
      syntax.state = .on(text)
    case .undecided, .plain, .loading: break
    }
  }

  fileprivate mutating func askForLanguage() {
    var asked = Prompt("Language (none: by the file name): ", text: syntax.chosen ?? "") {
      editor, text in
      let name = text.split(separator: " ").first.map(String.init)
      editor.syntax.chosen = name.map { LanguageNames.name(forWord: $0) ?? $0 }
      editor.syntax.state = .undecided
      return nil
    }
    asked.presets = LanguageNames.all
    ask(asked)
  }
}
