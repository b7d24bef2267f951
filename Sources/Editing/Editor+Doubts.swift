internal import Documents
internal import Infilling

// The doubt map: in the background every visible sentence is read, the nearest to the cursor first.
// Typing stops the reading, which goes on after a pause; a passage that is being refined goes first.

extension Command {
  static let doubting: [Command] = [
    Command("doubt-map", "Shade the words that the model doubts") { $0.toggleDoubtMap() },
    Command("doubt-next", "Next doubtful word") { $0.goToDoubt(forward: true) },
    Command("doubt-previous", "Previous doubtful word") { $0.goToDoubt(forward: false) },
    Command("doubt-word", "Refine the doubtful word, others are listed") {
      $0.refineDoubt()
    },
    Command("doubt-clause", "Refine the clause of the doubtful word") { $0.refineDoubtfulClause() },
  ]
}

extension Editor {
  mutating func toggleDoubtMap() {
    guard doubts == nil else {
      withdrawDoubtInquiry()
      doubts = nil
      return note("Doubt map off")
    }
    doubts = DoubtMap()
    note("Doubt map: shaded words are unlikely. F8 goes to the next, Alt-A lists others")
  }

  /// What is done after every event while the map is on.
  mutating func attendToDoubts() {
    guard doubts != nil else { return }
    let view = DoubtMap.View(revision: document.revision, range: visibleRange)
    if doubts?.view != view {
      let isEdit = doubts?.view.map { $0.revision != view.revision } ?? false
      doubts?.view = view
      doubts?.sentences = document.text.sentenceRanges(in: view.range)
      if isEdit { rest() }
      collectDoubts()
    }
    if isEngineWanted {
      withdrawDoubtInquiry()
    } else {
      askAboutDoubts()
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
      rows += max(1, present.range.count / max(1, textColumns))
      block = layout.block(after: present)
    }
    return start..<end
  }

  /// Whether the engine makes steps.
  var isEngineWanted: Bool {
    race != nil
      || fills.contains { fill in
        fill.branches.contains(where: \.state.isUnderWay)
      }
  }

  /// Waits for the end of the typing.
  private mutating func rest() {
    withdrawDoubtInquiry()
    doubts?.isResting = true
    emit(.wake(.doubts, afterMilliseconds: DoubtMap.restMilliseconds))
  }

  mutating func endRest() { doubts?.isResting = false }

  private mutating func withdrawDoubtInquiry() {
    guard let inquiry = doubts?.inquiry else { return }
    emit(.withdraw(inquiry.id))
    doubts?.inquiry = nil
  }

  /// Words of what has been read of the visible sentences.
  private mutating func collectDoubts() {
    guard var map = doubts else { return }
    map.words = []
    map.readCount = 0
    for sentence in map.sentences {
      guard let readings = map.readings[document.text.string(in: sentence)] else { continue }
      map.readCount += 1
      for reading in readings {
        let start = sentence.lowerBound
        map.words.append(
          DoubtMap.Word(
            range: start + reading.range.lowerBound..<start + reading.range.upperBound,
            doubt: reading.doubt, level: reading.level))
      }
    }
    map.sentenceCount = map.sentences.count
    doubts = map
  }

  /// What a word could be a slip of comes first among what could stand in its place.
  private func reading(
    _ range: Range<Int>, _ answer: WordDoubt, of sentence: String
  ) -> DoubtMap.Reading {
    let word = String(decoding: Array(sentence.utf8)[range], as: UTF8.self)
    var doubt = answer
    let slips = answer.alternatives.filter { $0.isMeant(by: word) }
    doubt.alternatives = slips + answer.alternatives.filter { !slips.contains($0) }
    return DoubtMap.Reading(
      range: range, doubt: doubt, level: doubt.level(of: word, below: settings.doubt))
  }

  // MARK: Asking

  /// Asks about the unread sentence that is nearest to the cursor, one at a time.
  private mutating func askAboutDoubts() {
    guard var map = doubts, map.inquiry == nil, !map.isResting, map.readCount < map.sentenceCount
    else { return }
    let head = selection.head
    func distance(_ range: Range<Int>) -> Int {
      max(range.lowerBound - head, head - range.upperBound, 0)
    }
    for sentence in map.sentences.sorted(by: { distance($0) < distance($1) }) {
      let text = document.text.string(in: sentence)
      guard map.readings[text] == nil else { continue }
      let words = sentence.count > DoubtMap.longestSentence ? [] : self.words(of: sentence)
      guard !words.isEmpty else {
        map.readings[text] = []
        continue
      }
      if map.readings.count >= DoubtMap.mostReadings {
        let visible = Set(map.sentences.map { document.text.string(in: $0) })
        map.readings = map.readings.filter { visible.contains($0.key) }
      }
      let start = sentence.lowerBound
      let id = InquiryID.doubtMap(newNumber())
      map.inquiry = DoubtMap.Inquiry(
        id: id, sentence: text,
        words: words.map { $0.lowerBound - start..<$0.upperBound - start })
      doubts = map
      return emit(.weighWords(id, request(for: words, of: sentence)))
    }
    doubts = map
    collectDoubts()
  }

  private func request(for words: [Range<Int>], of sentence: Range<Int>) -> DoubtRequest {
    let text = document.text
    let start = text.graphemeBoundary(
      atOrBefore: max(0, sentence.lowerBound - DoubtMap.bytesBefore))
    let end = text.graphemeBoundary(
      atOrBefore: min(text.count, sentence.upperBound + DoubtMap.bytesBehind))
    return DoubtRequest(
      text: text.string(in: start..<max(end, sentence.upperBound)),
      words: words.map { $0.lowerBound - start..<$0.upperBound - start })
  }

  /// Words with letters: numbers and signs are what they are.
  private func words(of sentence: Range<Int>) -> [Range<Int>] {
    var words: [Range<Int>] = []
    var offset = sentence.lowerBound
    while offset < sentence.upperBound {
      let end = document.text.nextWordEnd(after: offset)
      guard end > offset, end <= sentence.upperBound else { break }
      let start = max(offset, document.text.previousWordStart(before: end))
      if document.text.string(in: start..<end).contains(where: \.isLetter) {
        words.append(start..<end)
      }
      offset = end
    }
    return words
  }

  mutating func doubtMapReceived(_ id: InquiryID, _ reply: InquiryReply) {
    guard var map = doubts, let inquiry = map.inquiry, inquiry.id == id else { return }
    switch reply {
    case .doubts(let answers):
      map.inquiry = nil
      guard answers.count == inquiry.words.count else {
        doubts = nil
        return fail("This model cannot tell which words it doubts")
      }
      map.readings[inquiry.sentence] = zip(inquiry.words, answers).map {
        reading($0, $1, of: inquiry.sentence)
      }
      doubts = map
      collectDoubts()
    case .failed(let reason):
      doubts = nil
      fail(reason)
    case .scores: break
    }
  }

  // MARK: Going there

  /// The word that has been read and holds an offset, or ends there.
  private func readWord(at offset: Int) -> DoubtMap.Word? {
    doubts?.words.first { $0.range.contains(offset) }
      ?? doubts?.words.last { $0.range.upperBound == offset }
  }

  func doubtedWord(at offset: Int) -> DoubtMap.Word? {
    readWord(at: offset).flatMap { $0.level == nil ? nil : $0 }
  }

  mutating func goToDoubt(forward: Bool) {
    guard let map = doubts else { return note("F7 shows the doubt map") }
    let head = selection.head
    let words = map.doubtful
    let found =
      forward
      ? words.first { $0.range.lowerBound > head } ?? words.first
      : words.last { $0.range.lowerBound < head } ?? words.last
    guard let found else {
      let isReading = map.readCount < map.sentenceCount
      return note(isReading ? "Still reading" : "No doubtful word on the screen")
    }
    setCursor(found.range.lowerBound)
    describe(found)
  }

  mutating func describe(_ word: DoubtMap.Word) {
    let text = document.text.string(in: word.range)
    let others = word.doubt.alternatives.prefix(3)
      .map(\.word).joined(separator: ", ")
    let rather = others.isEmpty ? "" : "; rather \(others)"
    note("\u{201c}\(text)\u{201d} \(Self.likelihood(word.doubt.probability))\(rather)")
  }

  static func likelihood(_ probability: Float) -> String {
    let percent = Double(probability) * 100
    return percent < 0.01 ? "below 0.01 %" : "\(decimal(percent)) %"
  }

  /// A refinement of the word at the cursor, with what the model would rather read as a list.
  mutating func refineDoubt() {
    guard doubts != nil else { return note("F7 shows the doubt map") }
    guard let word = readWord(at: selection.head) else {
      return note("No word here that has been read: F8 goes to the next doubtful one")
    }
    guard !document.isReadOnly else { return warn("The document is read-only") }
    guard !fills.contains(where: { $0.span.overlaps(word.range) }) else {
      return warn("This is under review: Alt-Enter returns to it")
    }
    let text = document.text.string(in: word.range)
    let cells = [
      InfillCell(
        state: .draft, text: text, confidence: word.doubt.probability,
        alternatives: InfillAlternatives(word.doubt.alternatives))
    ]
    let request = request(for: word.range, settings: settings.infill, canvas: cells)
    var fill = Fill(
      id: newFillID(), run: newRun(), span: word.range,
      anchor: document.addAnchor(AnchoredRange(word.range)),
      original: Array(text.utf8), columns: columns(of: word.range), request: request,
      selectionBefore: selection, revisionBefore: document.revision)
    fill.restart(with: [Branch(fill.branch.id, request, cells: cells)], showing: 0)
    undoRecalls = nil
    document.closeUndoGroup()
    fills.append(fill)
    enter(fills.count - 1)
    if word.doubt.alternatives.isEmpty {
      reroll(fills.count - 1)
    } else {
      listAlternatives(fills.count - 1)
    }
  }

  /// Up to the next comma, semicolon, colon, dash or bracket on both sides, within the sentence.
  mutating func refineDoubtfulClause() {
    guard doubts != nil else { return note("F7 shows the doubt map") }
    guard let word = readWord(at: selection.head) else {
      return note("No word here that has been read: F8 goes to the next doubtful one")
    }
    let sentence = document.text.sentenceRange(at: word.range.lowerBound)
    let before = document.text.string(in: sentence.lowerBound..<word.range.lowerBound)
    let behind = document.text.string(in: word.range.upperBound..<sentence.upperBound)
    let start = before.lastIndex(where: Self.endsClause).map { before.index(after: $0) }
    let end = behind.firstIndex { Self.endsClause($0) || ".!?…".contains($0) }
    let clause =
      word.range.lowerBound - before[(start ?? before.startIndex)...].utf8.count..<word.range
      .upperBound + behind[..<(end ?? behind.endIndex)].utf8.count
    selection = Selection(anchor: clause.lowerBound, head: clause.upperBound)
    infill()
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
      for cell in rows[row].cells.indices where rows[row].cells[cell].fill == nil {
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
        probability: readWord(at: selection.head).map { Self.likelihood($0.doubt.probability) })
    }
  }
}
