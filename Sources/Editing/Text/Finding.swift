internal import Documents

/// What is being looked for; every match on the screen is marked.
public struct Finding: Sendable {
  public let pattern: String
  /// Matches in the document, and which of them, from 1, the selection is on. nil when there are
  /// more than `mostCounted`, when the document is large, and after it has changed.
  public internal(set) var count: Int?
  public internal(set) var index: Int?
  let search: Search

  static let mostCounted = 9999
  /// Larger documents are not counted in, and searched in the background.
  static let largestCounted = 16 << 20
}

extension Command {
  static let finding: [Command] = [
    Command("find", "Find") { $0.beginFinding() },
    Command("find-expression", "Find a regular expression", in: [.text, .prompt]) {
      $0.toggleExpression()
    },
    Command("find-next", "Next match", in: [.text, .prompt]) { $0.findAgain(forward: true) },
    Command("find-previous", "Previous match", in: [.text, .prompt]) {
      $0.findAgain(forward: false)
    },
    Command("replace", "Replace all, here or in selected lines") { $0.beginReplacing() },
    Command("go-to-line", "Go to line[:column]") { $0.askForLine() },
  ]
}

extension Editor {
  /// Asks what to find, with the selected words as the answer proposed.
  mutating func beginFinding() {
    if replacing != nil { return show(.replacing) }
    let range = selection.range
    let text = document.text
    let isShort = !range.isEmpty && range.count <= 200
    let proposed = isShort ? text.string(in: range) : ""
    var asked = Prompt(
      Self.findLabel(isExpression: false),
      text: proposed.contains(where: \.isNewline) ? "" : proposed, .pattern(isExpression: false)
    ) { $0.endFinding($1) }
    asked.edited = { editor, _ in editor.findWhileTyping() }
    asked.cancelled = { $0.cancelFinding($1) }
    ask(asked)
    if !asked.text.isEmpty { findWhileTyping() }
  }

  /// Finds by regular expression; while asked for a text to find, takes that for one, or no more.
  mutating func toggleExpression() {
    if replacing != nil { return show(.replacing) }
    guard var asked = prompt else {
      beginFinding()
      return toggleExpression()
    }
    guard asked.isFind else { return }
    let isExpression = !asked.isExpression
    asked.input = .pattern(isExpression: isExpression)
    asked.label = Self.findLabel(isExpression: isExpression)
    prompt = asked
    findWhileTyping()
  }

  private static func findLabel(isExpression: Bool) -> String {
    isExpression ? "Find expression: " : "Find: "
  }

  private mutating func cancelFinding(_ prompt: Prompt) {
    _ = stopSearching()
    finding = nil
    selection = Selection(
      anchor: clamped(prompt.origin.anchor), head: clamped(prompt.origin.head))
    keepOutOfSpans(forward: false)
  }

  /// Goes to the first match from where the search began.
  private mutating func findWhileTyping() {
    guard let prompt else { return }
    let origin = prompt.origin
    guard look(for: prompt.text, isExpression: prompt.isExpression) else {
      selection = origin
      return
    }
    go(forward: true, from: origin.range.lowerBound)
  }

  /// Leaves the prompt on the match that was found.
  mutating func endFinding(_ pattern: String) {
    if pattern.isEmpty { finding = nil }
  }

  mutating func findAgain(forward: Bool) {
    if let prompt, !prompt.isFind { return }
    if replacing != nil { return show(.replacing) }
    guard finding != nil else { return beginFinding() }
    let range = selection.range
    go(forward: forward, from: forward ? range.upperBound : range.lowerBound)
  }

  /// Takes up a pattern; false when it is empty or cannot be searched for.
  mutating func look(for pattern: String, isExpression: Bool = false) -> Bool {
    finding = nil
    searching = nil
    guard !pattern.isEmpty else { return false }
    do {
      finding = Finding(
        pattern: pattern, search: try Search(pattern, isRegularExpression: isExpression))
      return true
    } catch {
      show(.failure("\(error)"))
      return false
    }
  }

  /// Selects the next or previous match; in a large document asks for it.
  private mutating func go(forward: Bool, from start: Int, passedOver: Int = 0) {
    guard let finding else { return }
    latestSearch += 1
    let request = FindRequest(
      id: latestSearch, search: finding.search, text: document.text, revision: document.revision,
      start: start, forward: forward, passedOver: passedOver)
    searching = 0
    guard document.text.count > Finding.largestCounted else {
      return found(request, request.result())
    }
    emit(.find(request))
  }

  /// Takes up what a search came to. Matches that a span under review hides are passed over.
  mutating func found(_ request: FindRequest, _ result: Result<Search.Found?, SearchError>) {
    guard searching != nil, request.id == latestSearch, let finding else { return }
    searching = nil
    guard request.revision == document.revision else {
      let start = clamped(request.start)
      return go(forward: request.forward, from: start, passedOver: request.passedOver)
    }
    switch result {
    case .failure(let error): show(.failure("\(error)"))
    case .success(nil):
      self.finding?.count = 0
      show(.noMatch(DisplayForm.visible(finding.pattern)))
    case .success(let match?):
      if let hidden = passages.first(where: { $0.span.overlaps(match.range) }) {
        guard request.passedOver <= passages.count + 1 else { return show(.matchesUnderReview) }
        let start = request.forward ? hidden.span.upperBound : hidden.span.lowerBound
        return go(forward: request.forward, from: start, passedOver: request.passedOver + 1)
      }
      select(match.range)
      count(match.range)
      if match.wrapped { show(.wrapped(forward: request.forward)) }
    }
  }

  /// Whether there was a search to stop.
  mutating func stopSearching() -> Bool {
    guard searching != nil else { return false }
    searching = nil
    emit(.cancelFind)
    show(replacing == nil ? .searchStopped : .replacingStopped)
    replacing = nil
    return true
  }

  private mutating func count(_ match: Range<Int>) {
    guard let finding, document.text.count <= Finding.largestCounted,
      let matches = try? finding.search.matches(
        in: document.text, limit: Finding.mostCounted + 1),
      matches.count <= Finding.mostCounted
    else { return }
    self.finding?.count = matches.count
    self.finding?.index = matches.firstIndex(of: match).map { $0 + 1 }
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
    let reach = finding.pattern.utf8.count * 4
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
