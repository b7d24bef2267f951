internal import Decoding
public import Documents
public import Tokenizers

/// Draws sentences from documents, with their surroundings, by seed.
public struct WindowSampler: Sendable {
  /// Tokens before and after a sentence, at most.
  public var prefix: Int
  public var suffix: Int
  /// Tokens a sentence may have.
  public var lengths: ClosedRange<Int>
  public var seed: UInt64

  public init(
    prefix: Int = 160, suffix: Int = 64, lengths: ClosedRange<Int> = 5...48, seed: UInt64 = 5
  ) {
    self.prefix = prefix
    self.suffix = suffix
    self.lengths = lengths
    self.seed = seed
  }

  /// At most `count` windows: sentences of all documents in an order drawn from the seed, those
  /// that are too long or too short left out, none twice.
  public func windows(from documents: [Text], tokenizer: Tokenizer, count: Int)
    -> [EvaluationWindow]
  {
    var places: [(order: UInt64, document: Int, range: Range<Int>)] = []
    for (index, text) in documents.enumerated() {
      for range in Self.sentences(of: text) {
        let order = CounterRandom.bits(seed: seed, slot: index, token: range.lowerBound)
        places.append((order, index, range))
      }
    }
    places.sort { ($0.order, $0.document) < ($1.order, $1.document) }
    var windows: [EvaluationWindow] = []
    for place in places where windows.count < count {
      if let window = window(documents[place.document], place.range, tokenizer) {
        windows.append(window)
      }
    }
    return windows
  }

  /// Byte ranges of all sentences that have text before and after them in the document. O(bytes).
  static func sentences(of text: Text) -> [Range<Int>] {
    var result: [Range<Int>] = []
    for line in 0..<text.lineCount {
      let range = text.lineRange(line)
      var offset = range.lowerBound
      while offset < range.upperBound {
        let sentence = text.sentenceRange(at: offset)
        if !sentence.isEmpty && result.last != sentence { result.append(sentence) }
        offset = max(sentence.upperBound, offset) + 1
      }
    }
    return result.filter { $0.lowerBound > 0 && $0.upperBound < text.count }
  }

  /// The blank before a sentence is part of the middle, since the token of its first word includes
  /// it.
  private func window(_ text: Text, _ sentence: Range<Int>, _ tokenizer: Tokenizer)
    -> EvaluationWindow?
  {
    var start = sentence.lowerBound
    if start > 0, text.bytes(in: start - 1..<start) == [0x20] { start -= 1 }
    // A token has at least one byte and rarely more than 16.
    let reach = 16
    let before = text.string(in: max(0, start - prefix * reach)..<start)
    let after = text.string(
      in: sentence.upperBound..<min(text.count, sentence.upperBound + suffix * reach))
    let middle = tokenizer.encode(text.string(in: start..<sentence.upperBound))
    guard lengths.contains(middle.count) else { return nil }
    return EvaluationWindow(
      prefix: Array(tokenizer.encode(before).suffix(prefix)), middle: middle,
      suffix: Array(tokenizer.encode(after).prefix(suffix)))
  }
}

extension EvaluationWindow {
  /// The open slots of a rate: those given, else drawn from `seed`; at least one.
  func openSlots(_ rate: MaskRate, seed: UInt64) -> [Int] {
    if let given = open[rate] { return given }
    let drawn = middle.indices.filter {
      CounterRandom.unit(seed: seed, slot: $0, token: middle[$0]) < rate.share
    }
    return drawn.isEmpty ? [Int(seed % UInt64(middle.count))] : drawn
  }
}
