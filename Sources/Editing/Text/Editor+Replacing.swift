internal import Documents

// Replacing matches: the pattern, what takes their place, then one at a time or all, as one undo
// node. In a large document the new text is worked out on another thread; nothing may change the
// document meanwhile.

extension Editor {
  mutating func beginReplacing() {
    if replacing != nil { return show(.replacing) }
    guard isEditable([]) else { return }
    let range = selection.range
    let text = document.text
    let isOneLine = text.line(at: range.lowerBound) == text.line(at: range.upperBound)
    let words = selectedWords
    replaceDialog = ReplaceDialog(scope: isOneLine ? nil : range, origin: selection)
    var asked = patternPrompt(
      "Replace", proposing: words.isEmpty ? finding?.pattern ?? "" : words
    ) { $0.takePattern($1) }
    asked.cancelled = { $0.cancelReplacing($1) }
    ask(asked)
    if !asked.text.isEmpty { findWhileTyping() }
  }

  private mutating func cancelReplacing(_ prompt: Prompt) {
    replaceDialog = nil
    cancelFinding(prompt)
  }

  private mutating func takePattern(_ pattern: String) -> Message? {
    guard let dialog = replaceDialog, !pattern.isEmpty else {
      replaceDialog = nil
      finding = nil
      return nil
    }
    guard let finding else { return refusal(of: pattern) }
    if finding.count == 0 { return .noMatch(DisplayForm.visible(pattern)) }
    let shown = DisplayForm.visible(pattern)
    let short = shown.count > 24 ? shown.prefix(23) + "…" : shown[...]
    var asked = Prompt("Replace \u{201c}\(short)\u{201d} with: ", .replacement) {
      $0.takeReplacement($1)
    }
    asked.edited = { editor, text in
      if let fault = editor.readTemplate(text) { editor.show(fault) }
    }
    asked.cancelled = { $0.cancelReplacing($1) }
    ask(asked)
    prompt?.origin = dialog.origin
    return readTemplate("")
  }

  /// Takes up what is to take the place of matches; returns what is wrong with it.
  private mutating func readTemplate(_ text: String) -> Message? {
    guard let finding else { return nil }
    do {
      replaceDialog?.template = try ReplacementTemplate(
        text, for: finding.search, lineEnd: document.lineEnding)
      return nil
    } catch {
      replaceDialog?.template = nil
      prompt?.fault = error.place
      return .warning(error.description)
    }
  }

  // MARK: One at a time

  private mutating func takeReplacement(_ text: String) -> Message? {
    if let fault = readTemplate(text) { return fault }
    replaceDialog?.beginWalk()
    if let start = replaceDialog?.walk?.start {
      go(forward: true, from: start, isForReplacing: true)
    }
    return nil
  }

  /// Asks whether to replace a match, if it is not beyond the end.
  mutating func offer(_ match: Search.Found) {
    guard let template = replaceDialog?.template, let finding else { return }
    guard replaceDialog?.goOn(to: match) == true else { return endWalk() }
    let rest = match.range.lowerBound..<document.text.count
    let found = try? finding.search.substitutions(
      in: document.text, range: rest, by: template, limit: 1
    ).first
    guard let offered = found ?? nil, offered.range == match.range else { return endWalk() }
    replaceDialog?.walk?.offered = offered
    show(match)
    let new = DisplayForm.visible(String(decoding: offered.replacement, as: UTF8.self))
    let short = new.count > 24 ? new.prefix(23) + "…" : new[...]
    var asked = Prompt(
      "Replace with \u{201c}\(short)\u{201d}? ",
      choices: [
        Prompt.Choice("y", "yes") { $0.replaceOffered() },
        Prompt.Choice("n", "no") { $0.skipOffered() },
        Prompt.Choice("a", "all") { $0.replaceRest() },
        Prompt.Choice("q", "stop") { $0.endWalk() },
      ])
    asked.cancelled = { editor, _ in editor.endWalk() }
    ask(asked)
  }

  private mutating func replaceOffered() {
    guard let dialog = replaceDialog, let walk = dialog.walk, let offered = walk.offered else {
      return
    }
    // Undo takes back all, and the selection of before.
    if walk.replaced == 0 { selection = dialog.origin }
    let head = offered.range.lowerBound + offered.replacement.count
    let isDone = change(
      [Edit(range: offered.range, replacement: offered.replacement)], label: "replace",
      selecting: Selection(head), joining: walk.revision == document.revision)
    guard isDone else { return endWalk() }
    replaceDialog?.noteReplacement(offered, revision: document.revision)
    goOn(from: head, past: offered.range)
  }

  private mutating func skipOffered() {
    guard let offered = replaceDialog?.walk?.offered else { return }
    replaceDialog?.walk?.hasSkipped = true
    goOn(from: offered.range.upperBound, past: offered.range)
  }

  /// After a match of no characters, a character is passed over.
  private mutating func goOn(from offset: Int, past match: Range<Int>) {
    guard !match.isEmpty else {
      guard offset < document.text.count else { return endWalk() }
      return go(
        forward: true, from: document.text.nextGrapheme(after: offset), isForReplacing: true)
    }
    go(forward: true, from: offset, isForReplacing: true)
  }

  mutating func endWalk() {
    let replaced = replaceDialog?.walk?.replaced ?? 0
    replaceDialog = nil
    show(replaced == 0 ? .nothingReplaced : .replaced(replaced, kept: 0))
  }

  // MARK: All

  /// Replaces the match that is asked about and all after it, as part of the same undo node; before
  /// any was answered, all there are.
  private mutating func replaceRest() {
    guard let dialog = replaceDialog, let walk = dialog.walk, let template = dialog.template,
      let finding, isEditable([])
    else { return }
    replaceDialog = nil
    let ranges = dialog.rest(of: document.text.count)
    if walk.replaced == 0 { selection = dialog.origin }
    latestSearch += 1
    let request = ReplaceRequest(
      id: latestSearch, search: finding.search, document: document, ranges: ranges,
      template: template, spans: passages.map(\.span), before: walk.replaced)
    let bytes = ranges.reduce(0) { $0 + $1.count }
    guard bytes > Finding.largestAtOnce(finding.search.options) else {
      return replaced(request, request.result())
    }
    replacing = request
    searching = 0
    emit(.replace(request))
  }

  /// Handles the result of a replacement in the background.
  mutating func finishReplacing(
    _ request: ReplaceRequest, _ result: Result<Replacement, SearchError>
  ) {
    guard replacing != nil, request.id == latestSearch else { return }
    replacing = nil
    searching = nil
    replaced(request, result)
  }

  private mutating func replaced(
    _ request: ReplaceRequest, _ result: Result<Replacement, SearchError>
  ) {
    do {
      let replacement = try result.get()
      guard replacement.count > 0 else {
        return show(
          request.before > 0
            ? .replaced(request.before, kept: replacement.kept)
            : replacement.kept == 0
              ? .noMatch(DisplayForm.visible(request.search.pattern)) : .matchesUnderReview)
      }
      // A passage may have come under review since.
      guard request.document.revision == document.revision,
        request.spans == passages.map(\.span)
      else { return show(.changedMeanwhile) }
      let head = replacement.change.transaction.map(selection.head, bias: .right)
      document.apply(
        replacement.change, label: "replace", selectionBefore: selection,
        selectionAfter: Selection(head), groupsWithPrevious: request.before > 0)
      selection = Selection(head)
      followDocument()
      normalizeSelection()
      show(.replaced(request.before + replacement.count, kept: replacement.kept))
    } catch {
      show(.failure(error.description))
    }
  }

  // MARK: Preview

  /// Computes the replacements to draw in the window while the replacement is typed.
  mutating func previewReplacements() {
    guard var dialog = replaceDialog else { return }
    var shown: [Search.Substitution] = []
    if case .replacement? = prompt?.input, let template = dialog.template, let finding {
      let text = document.text
      let size = max(4096, min(1 << 16, viewport.rows * viewport.columns * 4))
      let range = max(0, viewport.top)..<min(text.count, viewport.top + size)
      let window = dialog.scope.map { range.clamped(to: $0) } ?? range
      let found = try? finding.search.substitutions(
        in: text, range: window, by: template, limit: 2000)
      shown = (found ?? []).filter { match in
        !passages.contains { $0.span.touches(match.range) }
          && !text.bytes(in: match.range).contains(UInt8(ascii: "\n"))
      }
    }
    guard shown != dialog.preview.substitutions else { return }
    dialog.preview = ReplaceDialog.Preview(
      number: dialog.preview.number + 1, substitutions: shown)
    replaceDialog = dialog
  }
}
