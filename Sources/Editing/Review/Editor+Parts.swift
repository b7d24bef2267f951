internal import Documents
internal import Infilling

// Accepting less than all, and moving the edges of a span. The document changes or the passage's
// bytes do; every candidate keeps those of its words that belong to the new span.

extension Editor {
  /// Accepts the first word of the draft; the rest stays under review.
  mutating func acceptWord(_ index: Int) { accept(index, words: 1) }

  /// Accepts the words of the draft's first row on the screen.
  mutating func acceptLine(_ index: Int) {
    let passage = passages[index]
    passages[index].view = .draft
    var layout = layout
    let rows = layout.rows(of: layout.block(at: passage.span.lowerBound))
    let row = rows.first { $0.cells.contains { $0.passage == passage.id && $0.slot != nil } }
    let last = row?.cells.last { $0.passage == passage.id }?.slot ?? 0
    let words = passage.words.prefix { $0.lowerBound <= last }
    // A word the row cuts in two goes with the row.
    accept(index, words: max(1, words.count))
  }

  /// Puts the first words of the draft into the document, in place of the words of the original
  /// that answer to them.
  private mutating func accept(_ index: Int, words count: Int) {
    let passage = passages[index]
    if let refusal = refusalToEdit { return show(refusal) }
    guard passage.candidate.cells != nil else { return show(.nothingToAccept) }
    let words = passage.words
    guard count < words.count else { return accept(index) }
    let boundary = words[count].lowerBound
    guard !passage.cells[..<boundary].contains(where: { $0.state == .open }) else {
      return show(.maskInTheWay)
    }
    let text = String(decoding: passage.original, as: UTF8.self)
    let diff = WordDiff(original: WordDiff.words(of: text), draft: passage.wordTexts)
    let kept = min(diff.originalWords(beforeDraft: count), diff.original.count - 1)
    let consumed = Passage.start(ofWord: kept, in: diff.original)
    let bytes = Array(withDocumentLineEnds(passage.acceptedText(before: boundary)).utf8)
    guard let start = replacePart(index, consumed, with: bytes) else { return }

    let span = start..<start + passage.span.count - consumed
    rebase(index, on: span, from: passage) { candidate, cells in
      candidate == passage.shownCandidate
        ? Array(cells[boundary...]) : Passage.cells(of: cells, originalFrom: kept, text)
    }
    show(.partAccepted)
  }

  /// Replaces the beginning of a span, as part of the undo node of the parts before it. Returns
  /// where the rest begins.
  private mutating func replacePart(_ index: Int, _ count: Int, with bytes: [UInt8]) -> Int? {
    let passage = passages[index]
    let range = passage.span.lowerBound..<passage.span.lowerBound + count
    if document.text.bytes(in: range) == bytes { return range.upperBound }
    passages.remove(at: index)
    let joins = passage.partRevision == document.revision
    let isDone = replace(
      range, with: bytes, label: Self.label(forRewriteAs: passage.text), joining: joins)
    passages.insert(passage, at: index)
    guard isDone else { return nil }
    passages[index].partRevision = document.revision
    return range.lowerBound + bytes.count
  }

  // MARK: The edges of a span

  /// Takes a word of the document into the span, masked, or gives one back.
  mutating func moveEdge(_ index: Int, end: Bool, by direction: Int) {
    let passage = passages[index]
    guard passage.candidate.cells != nil else { return show(.waitForFirstStep) }
    let grows = (direction > 0) == end
    guard let span = grows ? grown(passage, end: end) : passage.shrunkSpan(end: end) else {
      return show(grows ? .noWordToAdd : .lastWordStays)
    }
    let isFree = !passages.contains { $0.id != passage.id && $0.span.overlaps(span) }
    guard isFree, span.count <= settings.longestSpanBytes else { return show(.passageCannotGrow) }
    let text = String(decoding: passage.original, as: UTF8.self)
    if grows {
      let added =
        end ? passage.span.upperBound..<span.upperBound : span.lowerBound..<passage.span.lowerBound
      let word = document.text.string(in: added)
      let masks = Array(repeating: InfillCell.open, count: max(1, (added.count + 3) / 4))
      rebase(index, on: span, from: passage, isRunning: true) { candidate, cells in
        guard candidate == passage.shownCandidate else {
          let cell = InfillCell(state: .draft, text: word, confidence: 1)
          return end ? cells + [cell] : [cell] + cells
        }
        return end ? cells + masks : masks + Passage.apart(cells)
      }
    } else {
      let removed =
        end ? span.upperBound..<passage.span.upperBound : passage.span.lowerBound..<span.lowerBound
      let words = WordDiff.words(of: text).count
      let count = WordDiff.words(of: document.text.string(in: removed)).count
      rebase(index, on: span, from: passage) { _, cells in
        end
          ? Passage.cells(of: cells, originalUpTo: words - count, text)
          : Passage.cells(of: cells, originalFrom: count, text)
      }
    }
  }

  /// The span and the next run of characters that are no white space, within the paragraph.
  private func grown(_ passage: Passage, end: Bool) -> Range<Int>? {
    let text = document.text
    let reach = 512
    if end {
      let bytes = text.bytes(
        in: passage.span.upperBound..<min(text.count, passage.span.upperBound + reach))
      guard let length = Passage.lengthOfWord(bytes) else { return nil }
      return passage.span.lowerBound..<passage.span.upperBound + length
    }
    let bytes = text.bytes(in: max(0, passage.span.lowerBound - reach)..<passage.span.lowerBound)
    guard let length = Passage.lengthOfWord(bytes.reversed()) else { return nil }
    return passage.span.lowerBound - length..<passage.span.upperBound
  }

  // MARK: Candidates on another span

  /// Puts a passage on other bytes of the document. `cut` says what a candidate's cells become; its
  /// steps go, and a candidate of which nothing is left. The shown one continues if it was running.
  private mutating func rebase(
    _ index: Int, on span: Range<Int>, from passage: Passage, isRunning: Bool = false,
    _ cut: (Int, [InfillCell]) -> [InfillCell]
  ) {
    let isRunning = isRunning || passage.state.isUnderWay
    withdrawQuestions(index)
    dropRuns(index)
    document.removeAnchor(passage.anchor)
    var candidates: [Candidate] = []
    var shown = 0
    for (number, candidate) in passage.candidates.enumerated() {
      let isShown = number == passage.shownCandidate
      guard let cells = candidate.cells.map({ cut(number, $0) }), !cells.isEmpty else { continue }
      let request = request(
        for: span, settings: candidate.next, canvas: cells, instruction: candidate.nextInstruction)
      let run = newRun()
      if isShown { shown = candidates.count }
      if isShown, isRunning, cells.contains(where: { $0.state == .open }) {
        candidates.append(Candidate(opening: run, request))
        emit(.beginRun(run, request))
      } else {
        candidates.append(Candidate(run, request, cells: cells))
      }
    }
    let original = document.text.bytes(in: span)
    var moved = Passage(
      id: passage.id, run: candidates[shown].id, span: span,
      anchor: document.addAnchor(AnchoredRange(span)),
      original: original, columns: columns(of: span), request: candidates[shown].request,
      selectionBefore: Selection(span.lowerBound), revisionBefore: document.revision)
    moved.chosenTemperature = passage.chosenTemperature
    moved.followsSteps = passage.followsSteps
    moved.partRevision = passages[index].partRevision
    moved.restart(with: candidates, showing: shown)
    passages[index] = moved
    if focus == passage.id { selection = Selection(span.lowerBound) }
  }
}
