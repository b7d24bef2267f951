internal import Documents

/// The current search. Every match on the screen is marked.
public struct Finding: Sendable {
  /// Matches in the document, and which of them, from 1, the selection is on. nil when there are
  /// more than `mostCounted`, when the document is large, and after it has changed.
  public internal(set) var count: Int?
  public internal(set) var index: Int?
  let search: Search

  public var pattern: String { search.pattern }

  static let mostCounted = 9999
  /// Largest document, in bytes, in which matches are counted.
  static let largestCounted = 16 << 20

  /// Larger documents are searched in the background. An expression may take many steps for each
  /// byte, so that even a small one has to be stopped.
  static func largestAtOnce(_ options: Search.Options) -> Int {
    options.isExpression ? 256 << 10 : largestCounted
  }
}

extension Command {
  static let finding: [Command] = [
    Command("find", "Find") { $0.beginFinding() },
    Command("find-expression", "Find a regular expression", in: [.text, .prompt]) { editor in
      if editor.prompt == nil { editor.beginFinding() }
      editor.changeSearch { $0.isExpression.toggle() }
    },
    Command("find-case", "Case of letters: smart, exact, any", in: [.prompt]) {
      $0.changeSearch { $0.letterCase = $0.letterCase.next }
    },
    Command("find-words", "Whole words alone", in: [.prompt]) {
      $0.changeSearch { $0.isWholeWord.toggle() }
    },
    Command("find-next", "Next match", in: [.text, .prompt]) { $0.findAgain(forward: true) },
    Command("find-previous", "Previous match", in: [.text, .prompt]) {
      $0.findAgain(forward: false)
    },
    Command("replace", "Replace matches, here or in selected lines") { $0.beginReplacing() },
    Command("go-to-line", "Go to line[:column]") { $0.askForLine() },
  ]
}

extension Search.Options {
  /// As the prompt shows them: ` expression, whole words`.
  var words: String {
    var parts: [String] = []
    switch letterCase {
    case .smart: break
    case .exact: parts.append("exact case")
    case .any: parts.append("any case")
    }
    if isWholeWord { parts.append("whole words") }
    return ([isExpression ? " expression" : ""] + parts).joined(separator: ", ")
  }
}

extension Search.Options.LetterCase {
  var next: Self {
    switch self {
    case .smart: .exact
    case .exact: .any
    case .any: .smart
    }
  }
}

extension Editor {
  /// Asks what to find, with the selected words as the answer proposed.
  mutating func beginFinding() {
    if replacing != nil { return show(.replacing) }
    replaceDialog = nil
    var asked = patternPrompt("Find", proposing: selectedWords) { $0.endFinding($1) }
    asked.cancelled = { $0.cancelFinding($1) }
    ask(asked)
    if !asked.text.isEmpty { findWhileTyping() }
  }

  /// A few selected words of one line; else nothing.
  var selectedWords: String {
    let range = selection.range
    guard !range.isEmpty, range.count <= 200 else { return "" }
    let words = document.text.string(in: range)
    return words.contains(where: \.isNewline) ? "" : words
  }

  /// Asks for a pattern, whose matches are shown while it is typed.
  func patternPrompt(
    _ title: String, proposing text: String, then submitted: @escaping Prompt.Submission
  ) -> Prompt {
    var asked = Prompt(title, text: text, .pattern(findOptions), then: submitted)
    asked.edited = { editor, _ in editor.findWhileTyping() }
    return asked
  }

  /// Changes how the pattern that is asked for is read.
  mutating func changeSearch(_ change: (inout Search.Options) -> Void) {
    guard var asked = prompt, case .pattern(var options) = asked.input else { return }
    change(&options)
    asked.input = .pattern(options)
    asked.fault = nil
    prompt = asked
    findOptions = options
    findWhileTyping()
  }

  mutating func cancelFinding(_ prompt: Prompt) {
    _ = stopSearching()
    finding = nil
    selection = Selection(
      anchor: clamped(prompt.origin.anchor), head: clamped(prompt.origin.head))
    keepOutOfSpans(forward: false)
  }

  /// Goes to the first match from where the search began.
  mutating func findWhileTyping() {
    guard let asked = prompt else { return }
    finding = nil
    searching = nil
    guard !asked.text.isEmpty else {
      selection = asked.origin
      return
    }
    do {
      finding = Finding(search: try Search(asked.text, searchOptions))
      go(forward: true, from: asked.origin.range.lowerBound)
    } catch {
      prompt?.fault = error.place
      selection = asked.origin
      show(.warning(error.description))
    }
  }

  /// How the pattern that is asked for is read; to be replaced, matches of no characters count.
  private var searchOptions: Search.Options {
    var options = findOptions
    options.findsEmpty = options.isExpression && replaceDialog != nil
    return options
  }

  /// Why a pattern cannot be searched for.
  func refusal(of pattern: String) -> Message? {
    do {
      _ = try Search(pattern, searchOptions)
      return nil
    } catch {
      return .warning(error.description)
    }
  }

  /// Leaves the prompt on the match that was found.
  private mutating func endFinding(_ pattern: String) -> Message? {
    guard !pattern.isEmpty else {
      finding = nil
      return nil
    }
    return finding == nil ? refusal(of: pattern) : nil
  }

  mutating func findAgain(forward: Bool) {
    if let prompt, !prompt.isFind { return }
    if replacing != nil { return show(.replacing) }
    guard finding != nil else { return beginFinding() }
    let range = selection.range
    go(forward: forward, from: forward ? range.upperBound : range.lowerBound)
  }

  /// Selects the next or previous match; in a large document asks for it.
  mutating func go(
    forward: Bool, from start: Int, isForReplacing: Bool = false, passedOver: Int = 0
  ) {
    guard let finding else { return }
    latestSearch += 1
    let request = FindRequest(
      id: latestSearch, search: finding.search, text: document.text, revision: document.revision,
      start: start, forward: forward, isForReplacing: isForReplacing, passedOver: passedOver)
    searching = 0
    guard document.text.count > Finding.largestAtOnce(finding.search.options) else {
      return found(request, request.result())
    }
    emit(.find(request))
  }

  /// Handles the result of a search. Matches in a span under review are skipped.
  mutating func found(
    _ request: FindRequest, _ result: Result<FindRequest.Answer, SearchError>
  ) {
    guard searching != nil, request.id == latestSearch, let finding else { return }
    searching = nil
    func again(from start: Int, _ passedOver: Int) {
      go(
        forward: request.forward, from: start, isForReplacing: request.isForReplacing,
        passedOver: passedOver)
    }
    guard request.revision == document.revision else {
      return again(from: clamped(request.start), request.passedOver)
    }
    switch result {
    case .failure(let error):
      if request.isForReplacing { replaceDialog = nil }
      show(.failure(error.description))
    case .success(let answer):
      self.finding?.count = answer.count
      self.finding?.index = answer.index
      guard let match = answer.match else {
        if request.isForReplacing { return endWalk() }
        return show(.noMatch(DisplayForm.visible(finding.pattern)))
      }
      if let hidden = passages.first(where: { $0.span.touches(match.range) }) {
        guard request.passedOver <= passages.count + 1 else {
          if request.isForReplacing { replaceDialog = nil }
          return show(.matchesUnderReview)
        }
        let start = request.forward ? hidden.span.upperBound : hidden.span.lowerBound
        return again(from: start, request.passedOver + 1)
      }
      if request.isForReplacing { return offer(match) }
      show(match)
      if match.wrapped { show(.wrapped(forward: request.forward)) }
    }
  }

  /// Selects a match.
  mutating func show(_ match: Search.Found) {
    if match.range.isEmpty { setCursor(match.range.lowerBound) } else { select(match.range) }
  }

  /// Stops the current search. Returns whether there was one.
  mutating func stopSearching() -> Bool {
    guard searching != nil else { return false }
    searching = nil
    emit(.cancelFind)
    show(replacing == nil ? .searchStopped : .replacingStopped)
    replacing = nil
    replaceDialog = nil
    return true
  }

  mutating func refreshFinding() {
    finding?.count = nil
    finding?.index = nil
  }

  /// Marks the cells of matches.
  func mark(matchesIn rows: inout [VisualRow]) {
    guard let finding, let first = rows.first(where: { $0.kind == .text }),
      let last = rows.last(where: { $0.kind == .text })
    else { return }
    let reach = finding.search.options.isExpression ? 4096 : finding.pattern.utf8.count * 4
    let start = document.text.graphemeBoundary(
      atOrBefore: max(0, first.range.lowerBound - reach))
    let end = min(document.text.count, last.range.upperBound + reach)
    guard start < end,
      let matches = try? finding.search.matches(in: document.text, range: start..<end),
      !matches.isEmpty
    else { return }
    var next = 0
    for row in rows.indices {
      for cell in rows[row].cells.indices where rows[row].cells[cell].passage == nil {
        let offset = rows[row].cells[cell].offset
        while next < matches.count, matches[next].upperBound <= offset { next += 1 }
        guard next < matches.count else { return }
        rows[row].cells[cell].isMatch = matches[next].contains(offset)
      }
    }
  }
}
