internal import Documents
internal import Infilling

extension Command {
  static let doubting: [Command] = [
    Command("doubt-map", "Shade unlikely words") { $0.toggleDoubtMap() },
    Command("doubt-next", "Next unlikely word") { $0.goToDoubt(forward: true) },
    Command("doubt-previous", "Previous unlikely word") { $0.goToDoubt(forward: false) },
    Command("doubt-word", "Choose another word for the unlikely one") { $0.rewriteDoubtfulWord() },
    Command("doubt-clause", "Rewrite the clause of the unlikely word") {
      $0.rewriteDoubtfulClause()
    },
  ]
}

extension Editor {
  mutating func toggleDoubtMap() {
    guard doubts == nil else {
      doubtMapHandles(.closed)
      doubts = nil
      return show(.doubtMapOff)
    }
    doubts = DoubtMap(below: settings.doubt)
    show(.doubtMapOn)
  }

  /// What is done after every event while the map is on.
  mutating func attendToDoubts() {
    guard doubts != nil else { return }
    doubtMapHandles(
      .screen(
        DoubtMap.Screen(
          text: document.text, revision: document.revision, range: visibleRange,
          cursor: selection.head, isEngineBusy: isEngineWanted)))
  }

  mutating func doubtMapHandles(_ event: DoubtMap.Event) {
    for action in doubts?.handle(event, &numbering) ?? [] {
      switch action {
      case .perform(let effect): emit(effect)
      case .fail(let reason):
        doubts = nil
        show(reason)
      }
    }
  }

  /// First to last byte on the screen.
  private var visibleRange: Range<Int> {
    let layout = layout
    var block: Layout.Block? = layout.block(at: clamped(viewport.top))
    let start = block?.range.lowerBound ?? 0
    var end = start
    var rows = -viewport.skippedRows
    while let present = block, rows < viewport.textRows {
      end = present.range.upperBound
      // A row of text has at least one byte, but its line end.
      rows += max(1, present.range.count / max(1, wrappedColumns))
      block = layout.block(after: present)
    }
    return start..<end
  }

  /// Whether the engine makes steps.
  var isEngineWanted: Bool {
    race != nil
      || passages.contains { passage in
        passage.candidates.contains(where: \.state.isUnderWay)
      }
  }

  // MARK: Going there

  func doubtedWord(at offset: Int) -> DoubtMap.Word? {
    doubts?.word(at: offset).flatMap { $0.level == nil ? nil : $0 }
  }

  mutating func goToDoubt(forward: Bool) {
    guard let map = doubts else { return show(.noDoubtMap) }
    let head = selection.head
    let words = map.doubtful
    let found =
      forward
      ? words.first { $0.range.lowerBound > head } ?? words.first
      : words.last { $0.range.lowerBound < head } ?? words.last
    guard let found else {
      let isReading = map.readCount < map.sentenceCount
      return show(isReading ? .stillReading : .noUnlikelyWord)
    }
    setCursor(found.range.lowerBound)
    describe(found)
  }

  mutating func describe(_ word: DoubtMap.Word) {
    let text = document.text.string(in: word.range)
    let others = word.doubt.alternatives.prefix(3)
      .map(\.word).joined(separator: ", ")
    show(
      .likelihood(
        of: text, Self.likelihood(word.doubt.probability),
        alternatives: others.isEmpty ? nil : others))
  }

  static func likelihood(_ probability: Float) -> String {
    let percent = Double(probability) * 100
    return percent < 0.01 ? "below 0.01 %" : "\(decimal(percent)) %"
  }

  /// A rewrite of the word at the cursor, with what the model would rather read as a list.
  mutating func rewriteDoubtfulWord() {
    guard doubts != nil else { return show(.noDoubtMap) }
    guard let word = doubts?.word(at: selection.head) else { return show(.wordNotRead) }
    if let refusal = refusalToEdit { return show(refusal) }
    guard !passages.contains(where: { $0.span.overlaps(word.range) }) else {
      return show(.underReview)
    }
    let text = document.text.string(in: word.range)
    let cells = [
      InfillCell(
        state: .draft, text: text, confidence: word.doubt.probability,
        alternatives: InfillAlternatives(word.doubt.alternatives))
    ]
    let request = request(for: word.range, settings: settings.infill, canvas: cells)
    var passage = Passage(
      id: newPassageID(), run: newRun(), span: word.range,
      anchor: document.addAnchor(AnchoredRange(word.range)),
      original: Array(text.utf8), columns: columns(of: word.range), request: request,
      selectionBefore: selection, revisionBefore: document.revision)
    passage.restart(with: [Candidate(passage.candidate.id, request, cells: cells)], showing: 0)
    rejected.leaveUndo()
    document.closeUndoGroup()
    passages.append(passage)
    enter(passages.count - 1)
    if word.doubt.alternatives.isEmpty {
      reroll(passages.count - 1)
    } else {
      listAlternatives(passages.count - 1)
    }
  }

  /// Up to the next comma, semicolon, colon, dash or bracket on both sides, within the sentence.
  mutating func rewriteDoubtfulClause() {
    guard doubts != nil else { return show(.noDoubtMap) }
    guard let word = doubts?.word(at: selection.head) else { return show(.wordNotRead) }
    let sentence = document.text.sentenceRange(at: word.range.lowerBound)
    let before = document.text.string(in: sentence.lowerBound..<word.range.lowerBound)
    let behind = document.text.string(in: word.range.upperBound..<sentence.upperBound)
    let start = before.lastIndex(where: Self.endsClause).map { before.index(after: $0) }
    let end = behind.firstIndex { Self.endsClause($0) || ".!?…".contains($0) }
    let clause =
      word.range.lowerBound - before[(start ?? before.startIndex)...].utf8.count..<word.range
      .upperBound + behind[..<(end ?? behind.endIndex)].utf8.count
    selection = Selection(anchor: clause.lowerBound, head: clause.upperBound)
    rewrite()
  }

  private static func endsClause(_ character: Character) -> Bool { ",;:–—()".contains(character) }
}

// MARK: On the screen

extension Editor {
  /// Marks the cells of doubtful words.
  func mark(doubtsIn rows: inout [VisualRow]) {
    guard let words = doubts?.doubtful, !words.isEmpty else { return }
    var next = 0
    for row in rows.indices where rows[row].kind == .text {
      for cell in rows[row].cells.indices where rows[row].cells[cell].passage == nil {
        let offset = rows[row].cells[cell].offset
        while next < words.count, words[next].range.upperBound <= offset { next += 1 }
        guard next < words.count else { return }
        if words[next].range.contains(offset) { rows[row].cells[cell].doubt = words[next].level }
      }
    }
  }

  var doubtStatus: DoubtStatus? {
    doubts.map { map in
      DoubtStatus(
        doubtful: map.doubtful.count, read: map.readCount, sentences: map.sentenceCount,
        probability: doubts?.word(at: selection.head).map { Self.likelihood($0.doubt.probability) })
    }
  }
}
