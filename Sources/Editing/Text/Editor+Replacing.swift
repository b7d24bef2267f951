internal import Documents

// Replacing all matches. In a large document the new text is worked out on another thread; nothing
// may change the document meanwhile, so that one undo takes back what was asked for.

extension Editor {
  mutating func beginReplacing() {
    if replacing != nil { return show(.replacing) }
    ask(
      Prompt("Replace: ", text: finding?.pattern ?? "") { editor, pattern in
        guard !pattern.isEmpty else { return }
        editor.ask(
          Prompt("Replace \u{201c}\(pattern)\u{201d} with: ") { $0.replaceAll(pattern, with: $1) })
      })
  }

  /// Replaces the matches in a selection of more than one line, else in the document, as one undo
  /// node.
  mutating func replaceAll(_ pattern: String, with replacement: String) {
    guard look(for: pattern), let finding, isEditable([]) else { return }
    let text = document.text
    let range = selection.range
    let isWhole = text.line(at: range.lowerBound) == text.line(at: range.upperBound)
    latestSearch += 1
    let request = ReplaceRequest(
      id: latestSearch, search: finding.search, document: document,
      range: isWhole ? 0..<text.count : range, replacement: Array(replacement.utf8),
      spans: passages.map(\.span))
    guard text.count > Finding.largestCounted else { return replaced(request, request.result()) }
    replacing = request
    searching = 0
    emit(.replace(request))
  }

  /// Takes up what replacing came to.
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
          replacement.kept == 0
            ? .noMatch(DisplayForm.visible(request.search.pattern)) : .matchesUnderReview)
      }
      // A passage may have come under review since.
      guard request.document.revision == document.revision,
        request.spans == passages.map(\.span)
      else { return show(.changedMeanwhile) }
      let head = replacement.change.transaction.map(selection.head, bias: .right)
      document.apply(
        replacement.change, label: "replace", selectionBefore: selection,
        selectionAfter: Selection(head))
      selection = Selection(head)
      followDocument()
      normalizeSelection()
      show(.replaced(replacement.count, kept: replacement.kept))
    } catch {
      show(.failure("\(error)"))
    }
  }
}
