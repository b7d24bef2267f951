internal import Documents
internal import Infilling

// Accepting less than all, and moving the edges of a span. The document changes or the fill's
// bytes do; every try keeps what of its words belongs to the new span.

extension Editor {
  /// Accepts the first word of the draft; the rest stays under review.
  mutating func acceptWord(_ index: Int) { accept(index, words: 1) }

  /// Accepts the words of the draft's first row on the screen.
  mutating func acceptLine(_ index: Int) {
    let fill = fills[index]
    fills[index].view = .draft
    let layout = layout
    let rows = layout.rows(of: layout.block(at: fill.span.lowerBound))
    let row = rows.first { $0.cells.contains { $0.fill == fill.id && $0.slot != nil } }
    let last = row?.cells.last { $0.fill == fill.id }?.slot ?? 0
    let words = fill.words.prefix { $0.lowerBound <= last }
    // A word the row cuts in two goes with the row.
    accept(index, words: max(1, words.count))
  }

  /// Puts the first words of the draft into the document, in place of the words of the original
  /// that answer to them.
  private mutating func accept(_ index: Int, words count: Int) {
    let fill = fills[index]
    guard !document.isReadOnly else { return show(.readOnly) }
    guard fill.branch.cells != nil else { return show(.nothingToAccept) }
    let words = fill.words
    guard count < words.count else { return accept(index) }
    let boundary = words[count].lowerBound
    guard !fill.cells[..<boundary].contains(where: { $0.state == .open }) else {
      return show(.maskInTheWay)
    }
    let text = String(decoding: fill.original, as: UTF8.self)
    let diff = WordDiff(original: WordDiff.words(of: text), draft: fill.wordTexts)
    let kept = min(diff.originalWords(beforeDraft: count), diff.original.count - 1)
    let consumed = Self.start(ofWord: kept, in: diff.original)
    let bytes = Array(withDocumentLineEnds(accepted(fill, boundary)).utf8)
    guard let start = replacePart(index, consumed, with: bytes) else { return }

    let span = start..<start + fill.span.count - consumed
    rebase(index, on: span, from: fill) { branch, cells in
      branch == fill.shownBranch
        ? Array(cells[boundary...]) : Self.cells(of: cells, originalFrom: kept, text)
    }
    show(.partAccepted)
  }

  /// The text of the slots before `boundary`, with the blank that stands before the rest.
  private func accepted(_ fill: Fill, _ boundary: Int) -> String {
    let text = fill.cells[..<boundary].map(\.text).joined().drop(while: \.isWhitespace)
    guard text.last?.isWhitespace != true else { return String(text) }
    let next = fill.cells[boundary]
    let blank = next.text.prefix(while: \.isWhitespace)
    return text + (next.state == .open && blank.isEmpty ? " " : String(blank))
  }

  /// Bytes before the body of a word.
  private static func start(ofWord number: Int, in words: [String]) -> Int {
    let before = words[..<number].reduce(0) { $0 + $1.utf8.count }
    return before + words[number].prefix(while: \.isWhitespace).utf8.count
  }

  /// Replaces the beginning of a span, as part of the undo node of the parts before it. Returns
  /// where the rest begins.
  private mutating func replacePart(_ index: Int, _ count: Int, with bytes: [UInt8]) -> Int? {
    let fill = fills[index]
    let range = fill.span.lowerBound..<fill.span.lowerBound + count
    if document.text.bytes(in: range) == bytes { return range.upperBound }
    fills.remove(at: index)
    let joins = fill.partRevision == document.revision
    let isDone = replace(
      range, with: bytes, label: Self.label(forInfill: fill.text), joining: joins)
    fills.insert(fill, at: index)
    guard isDone else { return nil }
    fills[index].partRevision = document.revision
    return range.lowerBound + bytes.count
  }

  // MARK: The edges of a span

  /// Takes a word of the document into the span, masked, or gives one back.
  mutating func moveEdge(_ index: Int, end: Bool, by direction: Int) {
    let fill = fills[index]
    guard fill.branch.cells != nil else { return show(.waitForFirstStep) }
    let grows = (direction > 0) == end
    guard let span = grows ? grown(fill, end: end) : shrunk(fill, end: end) else {
      return show(grows ? .noWordToAdd : .lastWordStays)
    }
    let isFree = !fills.contains { $0.id != fill.id && $0.span.overlaps(span) }
    guard isFree, span.count <= settings.longestSpanBytes else {
      return show(.passageCannotGrow)
    }
    let text = String(decoding: fill.original, as: UTF8.self)
    if grows {
      let added =
        end ? fill.span.upperBound..<span.upperBound : span.lowerBound..<fill.span.lowerBound
      let word = document.text.string(in: added)
      let masks = Array(repeating: InfillCell.open, count: max(1, (added.count + 3) / 4))
      rebase(index, on: span, from: fill, isRunning: true) { branch, cells in
        guard branch == fill.shownBranch else {
          let cell = InfillCell(state: .draft, text: word, confidence: 1)
          return end ? cells + [cell] : [cell] + cells
        }
        return end ? cells + masks : masks + Self.apart(cells)
      }
    } else {
      let removed =
        end ? span.upperBound..<fill.span.upperBound : fill.span.lowerBound..<span.lowerBound
      let words = WordDiff.words(of: text).count
      let count = WordDiff.words(of: document.text.string(in: removed)).count
      rebase(index, on: span, from: fill) { _, cells in
        end
          ? Self.cells(of: cells, originalUpTo: words - count, text)
          : Self.cells(of: cells, originalFrom: count, text)
      }
    }
  }

  /// Cells that do not begin a passage any more: their first word gets a blank.
  private static func apart(_ cells: [InfillCell]) -> [InfillCell] {
    guard let first = cells.first, let character = first.text.first, !character.isWhitespace else {
      return cells
    }
    var cells = cells
    cells[0].text = " " + first.text
    return cells
  }

  /// The span and the next run of characters that are no white space, within the paragraph.
  private func grown(_ fill: Fill, end: Bool) -> Range<Int>? {
    let text = document.text
    let reach = 512
    if end {
      let bytes = text.bytes(
        in: fill.span.upperBound..<min(text.count, fill.span.upperBound + reach))
      guard let length = Self.lengthOfWord(bytes) else { return nil }
      return fill.span.lowerBound..<fill.span.upperBound + length
    }
    let bytes = text.bytes(in: max(0, fill.span.lowerBound - reach)..<fill.span.lowerBound)
    guard let length = Self.lengthOfWord(bytes.reversed()) else { return nil }
    return fill.span.lowerBound - length..<fill.span.upperBound
  }

  /// Bytes of the white space and the word that a text begins with; nil where a blank line or the
  /// end comes first, or where the word goes on too far.
  private static func lengthOfWord(_ bytes: [UInt8]) -> Int? {
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
    let blanks = bytes.prefix(while: isBlank)
    guard blanks.count(where: { $0 == 0x0A }) < 2 else { return nil }
    let word = bytes.dropFirst(blanks.count).prefix { !isBlank($0) }
    return word.isEmpty || word.count > 200 ? nil : blanks.count + word.count
  }

  /// The span without its last or first word.
  private func shrunk(_ fill: Fill, end: Bool) -> Range<Int>? {
    let words = WordDiff.words(of: String(decoding: fill.original, as: UTF8.self))
    guard words.count > 1 else { return nil }
    if end {
      let length = words.dropLast().reduce(0) { $0 + $1.utf8.count }
      return fill.span.lowerBound..<fill.span.lowerBound + length
    }
    return fill.span.lowerBound + Self.start(ofWord: 1, in: words)..<fill.span.upperBound
  }

  // MARK: Branches on another span

  /// Puts a fill on other bytes of the document. `cut` says what a branch's cells become; its steps
  /// go, and a branch of which nothing is left. What is shown goes on if it was running.
  private mutating func rebase(
    _ index: Int, on span: Range<Int>, from fill: Fill, isRunning: Bool = false,
    _ cut: (Int, [InfillCell]) -> [InfillCell]
  ) {
    let isRunning = isRunning || fill.state.isUnderWay
    withdrawQuestions(index)
    dropRuns(index)
    document.removeAnchor(fill.anchor)
    var branches: [Branch] = []
    var shown = 0
    for (number, branch) in fill.branches.enumerated() {
      let isShown = number == fill.shownBranch
      guard let cells = branch.cells.map({ cut(number, $0) }), !cells.isEmpty else { continue }
      let request = request(
        for: span, settings: branch.next, canvas: cells, instruction: branch.nextInstruction)
      let run = newRun()
      if isShown { shown = branches.count }
      if isShown, isRunning, cells.contains(where: { $0.state == .open }) {
        branches.append(Branch(opening: run, request))
        emit(.beginRun(run, request))
      } else {
        branches.append(Branch(run, request, cells: cells))
      }
    }
    let original = document.text.bytes(in: span)
    var moved = Fill(
      id: fill.id, run: branches[shown].id, span: span,
      anchor: document.addAnchor(AnchoredRange(span)),
      original: original, columns: columns(of: span), request: branches[shown].request,
      selectionBefore: Selection(span.lowerBound), revisionBefore: document.revision)
    moved.chosenTemperature = fill.chosenTemperature
    moved.followsSteps = fill.followsSteps
    moved.partRevision = fills[index].partRevision
    moved.restart(with: branches, showing: shown)
    fills[index] = moved
    if focus == fill.id { selection = Selection(span.lowerBound) }
  }

  /// What of a draft answers to the original's words from `count` on.
  private static func cells(
    of cells: [InfillCell], originalFrom count: Int, _ original: String
  ) -> [InfillCell] {
    boundary(of: cells, beforeOriginal: count, original).map { Array(cells[$0...]) } ?? cells
  }

  /// What of a draft answers to the original's first words.
  private static func cells(
    of cells: [InfillCell], originalUpTo count: Int, _ original: String
  ) -> [InfillCell] {
    boundary(of: cells, beforeOriginal: count, original).map { Array(cells[..<$0]) } ?? cells
  }

  /// The slot between words nearest to a place in the original; nil where the draft is one word.
  private static func boundary(
    of cells: [InfillCell], beforeOriginal count: Int, _ original: String
  ) -> Int? {
    let words = Fill.words(of: cells)
    guard words.count > 1 else { return nil }
    let diff = WordDiff(
      original: WordDiff.words(of: original),
      draft: words.map { cells[$0].map(\.text).joined() })
    return words[max(1, min(diff.draftWords(beforeOriginal: count), words.count - 1))].lowerBound
  }
}
