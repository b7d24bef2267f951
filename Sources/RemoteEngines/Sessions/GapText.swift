internal import Glibc
internal import Infilling

/// The text of one gap as its reply has it so far, and the cells it is shown as.
struct GapText: Sendable {
  /// Appended and final, but for what `Gap.kept` cuts off.
  private(set) var tokens: [ReplyToken] = []
  /// Of their texts.
  private var bytes = 0
  /// Whether more text came than the gap takes.
  private var isFull = false
  /// What is shown after it and may still become anything else.
  private var noise = ""
  /// The canvas after the last step, of an engine that sends its slots.
  private var slots: [InfillCell]?
  /// The whole text of an engine that sends it again and again, and how much of it is settled, in
  /// UTF-8 bytes.
  private var whole: (text: String, settled: Int)?
  private(set) var isCut = false
  /// Events that showed something.
  private(set) var frames = 0

  /// Text that is there already, of a run that was stopped.
  init(_ tokens: [ReplyToken] = []) {
    self.tokens = tokens
    bytes = tokens.reduce(0) { $0 + $1.text.utf8.count }
  }

  /// Takes an event in; returns a notice. Text that is longer than the gap takes is cut off. Throws
  /// for a frame that is.
  mutating func take(_ event: ReplyEvent, in gap: Gap) throws(RemoteError.Reason) -> String? {
    switch event {
    case .append(let new):
      for token in new where !isFull {
        var token = token
        let room = max(0, gap.mostBytes - bytes)
        token.text = String(token.text.unicodeScalars.prefix(room)).harmless
        bytes += token.text.utf8.count
        tokens.append(token)
        isFull = bytes >= gap.mostBytes
      }
      isCut = isCut || isFull
      noise = ""
      frames += 1
    case .canvas(let text, _, _):
      guard text.utf8.count <= gap.mostFrameBytes else { throw .overlong }
      noise = text.harmless
      frames += 1
    case .slots(let slots, _):
      guard slots.reduce(0, { $0 + ($1?.text.utf8.count ?? 1) }) <= gap.mostFrameBytes else {
        throw .overlong
      }
      self.slots = slots.map { slot in
        guard let slot else { return .open }
        return InfillCell(
          state: .draft, text: slot.text.harmless,
          confidence: Float(max(0, min(1, slot.confidence))))
      }
      frames += 1
    case .whole(let text, let isSettled):
      guard text.utf8.count <= gap.mostFrameBytes else { throw .overlong }
      let text = text.harmless
      let settled =
        isSettled ? text.utf8.count : whole.map { Self.settled(text, after: $0.text) } ?? 0
      whole = (text, settled)
      frames += 1
    case .finished(let isCut): self.isCut = isCut || isFull
    case .notice(let text): return text
    }
    return nil
  }

  /// Bytes that two successive texts begin with alike, up to the end of a word: what is settled does
  /// not change any more.
  private static func settled(_ text: String, after earlier: String) -> Int {
    let common = zip(text.utf8, earlier.utf8).prefix { $0 == $1 }.count
    if common == text.utf8.count { return common }
    var end = 0
    for word in text.words {
      guard end + word.utf8.count <= common else { break }
      end += word.utf8.count
    }
    return end
  }

  /// Whether what is appended is beyond the gap, so that nothing more is needed.
  func exceeds(_ gap: Gap) -> Bool {
    isFull || whole == nil && !tokens.isEmpty && gap.isExceeded(by: text)
  }

  /// The text, settled or not.
  var text: String { whole?.text ?? tokens.map(\.text).joined() }

  /// The cells to show: words or tokens that are there, and an open one for each word of noise.
  func cells(in gap: Gap, isFinished: Bool) -> [InfillCell] {
    let text = text
    let kept = gap.kept(of: text, isFinished: isFinished, isCut: isCut)
    if let slots, let shown = shown(slots, text, kept, isFinished: isFinished) { return shown }
    guard let whole else {
      let cells = Self.cells(tokens, text, kept)
      return isFinished ? cells : cells + Self.noise(noise)
    }
    let bytes = Array(text.utf8)[kept]
    let settled =
      isFinished ? kept.upperBound : max(kept.lowerBound, min(kept.upperBound, whole.settled))
    let sure = String(decoding: bytes[..<settled], as: UTF8.self)
    let rest = String(decoding: bytes[settled...], as: UTF8.self)
    return sure.words.map { InfillCell(text: $0) } + Self.noise(rest)
  }

  /// The slots as they are while they are worked on, and once the text is that of the slots; nil
  /// where it is another, and for slots of nothing.
  private func shown(
    _ slots: [InfillCell], _ text: String, _ kept: Range<Int>, isFinished: Bool
  ) -> [InfillCell]? {
    let isOpen = slots.contains { $0.state == .open }
    let isSame = !isOpen && slots.map(\.text).joined() == text && kept == 0..<text.utf8.count
    if isFinished { return isSame ? slots : nil }
    guard text.isEmpty || isSame else { return nil }
    // A canvas without a mask may still be worked on.
    return isOpen ? slots : slots + [.open]
  }

  private static func noise(_ text: String) -> [InfillCell] {
    text.words.map { word in
      var cell = InfillCell.open
      cell.noise = String(word)
      return cell
    }
  }

  /// A cell for each token where all have probabilities, else one for each word.
  private static func cells(
    _ tokens: [ReplyToken], _ text: String, _ kept: Range<Int>
  ) -> [InfillCell] {
    guard tokens.allSatisfy({ $0.logProbability != nil }) else {
      return String(decoding: Array(text.utf8)[kept], as: UTF8.self).words.map {
        InfillCell(text: $0)
      }
    }
    var cells: [InfillCell] = []
    var start = 0
    for token in tokens {
      let bytes = Array(token.text.utf8)
      let part =
        max(
          start, kept.lowerBound)..<max(
          start, kept.lowerBound, min(start + bytes.count, kept.upperBound))
      let shown = bytes[
        min(
          bytes.count, part.lowerBound - start)..<min(bytes.count, max(0, part.upperBound - start))]
      start += bytes.count
      guard !shown.isEmpty else { continue }
      cells.append(
        InfillCell(
          state: .draft, text: String(decoding: shown, as: UTF8.self),
          confidence: Self.probability(token.logProbability),
          alternatives: InfillAlternatives(
            token.others.map {
              InfillAlternative(
                token: InfillAlternative.foreignToken, text: $0.text.harmless,
                probability: probability($0.logProbability))
            })))
    }
    return cells
  }

  private static func probability(_ logarithm: Double?) -> Float {
    let value = Float(exp(logarithm ?? 0))
    return value.isFinite ? max(0, min(1, value)) : 0
  }

  /// ln p of all tokens together, where the service returned it.
  var score: CandidateScore? {
    guard !tokens.isEmpty, tokens.allSatisfy({ $0.logProbability != nil }) else { return nil }
    let sum = tokens.reduce(0) { $0 + ($1.logProbability ?? 0) }
    return CandidateScore(passage: .init(logProbability: sum, tokens: tokens.count))
  }
}
