internal import Documents
internal import Infilling

extension DoubtMap {
  mutating func handle(_ event: Event, _ numbering: inout Numbering) -> [Action] {
    switch event {
    case .screen(let screen): return attend(to: screen, &numbering)
    case .rested:
      isResting = false
      return []
    case .inquiry(let id, let reply):
      guard let asked = inquiry, asked.id == id else { return [] }
      inquiry = nil
      return receive(reply, about: asked)
    case .closed: return withdraw()
    }
  }

  private mutating func attend(to screen: Screen, _ numbering: inout Numbering) -> [Action] {
    var actions: [Action] = []
    let present = View(revision: screen.revision, range: screen.range)
    if view != present {
      if let view, view.revision != screen.revision { actions += rest() }
      view = present
      sentences = screen.text.sentenceRanges(in: screen.range)
      isOutdated = true
    }
    if isOutdated { collect(screen.text) }
    return actions + (screen.isEngineBusy ? withdraw() : ask(screen, &numbering))
  }

  /// Waits for the end of the typing.
  private mutating func rest() -> [Action] {
    isResting = true
    return withdraw() + [.perform(.wake(.doubts, afterMilliseconds: Self.restMilliseconds))]
  }

  private mutating func withdraw() -> [Action] {
    guard let asked = inquiry else { return [] }
    inquiry = nil
    return [.perform(.withdraw(asked.id))]
  }

  private mutating func receive(_ reply: InquiryReply, about asked: Inquiry) -> [Action] {
    switch reply {
    case .doubts(let answers) where answers.count == asked.words.count:
      readings[asked.sentence] = zip(asked.words, answers).map {
        reading($0, $1, of: asked.sentence)
      }
      isOutdated = true
      return []
    case .doubts, .scores: return [.fail(.cannotScoreWords)]
    case .failed(let reason): return [.fail(.failure(reason))]
    }
  }

  /// The words that a word could be a typo of come first among its alternatives.
  private func reading(_ range: Range<Int>, _ answer: WordDoubt, of sentence: String) -> Reading {
    let word = String(decoding: Array(sentence.utf8)[range], as: UTF8.self)
    var doubt = answer
    let typos = answer.alternatives.filter { $0.isMeant(by: word) }
    doubt.alternatives = typos + answer.alternatives.filter { !typos.contains($0) }
    return Reading(range: range, doubt: doubt, level: doubt.level(of: word, below: threshold))
  }

  /// Words of what has been read of the visible sentences.
  private mutating func collect(_ text: Text) {
    isOutdated = false
    words = []
    readCount = 0
    sentenceCount = sentences.count
    for sentence in sentences {
      guard let readings = readings[text.string(in: sentence)] else { continue }
      readCount += 1
      let start = sentence.lowerBound
      words += readings.map {
        Word(
          range: start + $0.range.lowerBound..<start + $0.range.upperBound, doubt: $0.doubt,
          level: $0.level)
      }
    }
  }

  /// Asks about the unread sentence that is nearest to the cursor, one at a time.
  private mutating func ask(_ screen: Screen, _ numbering: inout Numbering) -> [Action] {
    guard inquiry == nil, !isResting, readCount < sentenceCount else { return [] }
    func distance(_ range: Range<Int>) -> Int {
      max(range.lowerBound - screen.cursor, screen.cursor - range.upperBound, 0)
    }
    let text = screen.text
    for sentence in sentences.sorted(by: { distance($0) < distance($1) }) {
      let string = text.string(in: sentence)
      guard readings[string] == nil else { continue }
      let words = sentence.count > Self.longestSentence ? [] : Self.words(of: sentence, in: text)
      guard !words.isEmpty else {
        readings[string] = []
        continue
      }
      if readings.count >= Self.mostReadings {
        let visible = Set(sentences.map { text.string(in: $0) })
        readings = readings.filter { visible.contains($0.key) }
      }
      let start = sentence.lowerBound
      let asked = Inquiry(
        id: .doubtMap(numbering.take()), sentence: string,
        words: words.map { $0.lowerBound - start..<$0.upperBound - start })
      inquiry = asked
      return [.perform(.weighWords(asked.id, Self.request(for: words, of: sentence, in: text)))]
    }
    collect(text)
    return []
  }

  private static func request(
    for words: [Range<Int>], of sentence: Range<Int>, in text: Text
  ) -> DoubtRequest {
    let start = text.graphemeBoundary(atOrBefore: max(0, sentence.lowerBound - bytesBefore))
    let end = text.graphemeBoundary(
      atOrBefore: min(text.count, sentence.upperBound + bytesAfter))
    return DoubtRequest(
      text: text.string(in: start..<max(end, sentence.upperBound)),
      words: words.map { $0.lowerBound - start..<$0.upperBound - start })
  }

  /// Words with letters: numbers and signs are what they are.
  private static func words(of sentence: Range<Int>, in text: Text) -> [Range<Int>] {
    var words: [Range<Int>] = []
    var offset = sentence.lowerBound
    while offset < sentence.upperBound {
      let end = text.nextWordEnd(after: offset)
      guard end > offset, end <= sentence.upperBound else { break }
      let start = max(offset, text.previousWordStart(before: end))
      if text.string(in: start..<end).contains(where: \.isLetter) { words.append(start..<end) }
      offset = end
    }
    return words
  }
}
