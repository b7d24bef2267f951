/// Turns the bytes of tokens into text as they arrive. A character whose bytes span several tokens
/// comes with the last of them; bytes that are not UTF-8 become U+FFFD.
public struct PieceDecoder: Sendable {
  /// The beginning of a character.
  private var pending: [UInt8] = []

  public init() {}

  /// Whether no character is incomplete.
  var isBetweenCharacters: Bool { pending.isEmpty }

  /// The text that `bytes` complete.
  public mutating func append(_ bytes: some Sequence<UInt8>) -> String {
    let (late, text) = step(bytes)
    return late + text
  }

  /// U+FFFD if a character is incomplete, else nothing. Resets the decoder.
  public mutating func finish() -> String {
    defer { pending = [] }
    return pending.isEmpty ? "" : "\u{FFFD}"
  }

  /// The text that `bytes` complete, and before it what they show to be wrong with bytes that came
  /// earlier.
  mutating func step(_ bytes: some Sequence<UInt8>) -> (late: String, text: String) {
    let earlier = pending.count
    var buffer = pending
    buffer += bytes
    pending = []
    var late = ""
    var text: [UInt8] = []
    var position = 0
    loop: while position < buffer.count {
      switch UTF8Sequence(buffer, at: position) {
      case .character(let count):
        text += buffer[position..<(position + count)]
        position += count
      case .invalid(let count):
        position += count
        if position <= earlier { late += "\u{FFFD}" } else { text += "\u{FFFD}".utf8 }
      case .incomplete:
        pending = Array(buffer[position...])
        break loop
      }
    }
    return (late, String(decoding: text, as: UTF8.self))
  }
}

extension Tokenizer {
  /// The text of each token in a sequence; together they are `decode`. A character whose bytes span
  /// several tokens belongs to the last of them. nil is a place without a token: its text is empty
  /// and no character spans it.
  public func texts(of ids: [Int?], skippingSpecial: Bool = false) -> [String] {
    var texts = [String](repeating: "", count: ids.count)
    decode(ids, skippingSpecial: skippingSpecial) { texts[$0] += $1 }
    return texts
  }

  /// Hands the text of each token to `append`, with the token's place in the row; text that shows
  /// only later what is wrong with bytes that came earlier is to be appended to theirs. Takes no
  /// memory unless a character spans tokens.
  public func decode(
    _ ids: some Sequence<Int?>, skippingSpecial: Bool = false, append: (Int, String) -> Void
  ) {
    var decoder = PieceDecoder()
    // The token that gave the last bytes.
    var owner = 0
    var index = -1
    for id in ids {
      index += 1
      guard let id else {
        if !decoder.isBetweenCharacters { append(owner, decoder.finish()) }
        continue
      }
      let bytes = vocabulary.bytes(of: id)
      if bytes.isEmpty || skippingSpecial && isSpecial(id) { continue }
      if decoder.isBetweenCharacters, let text = String(validating: bytes, as: UTF8.self) {
        append(index, text)
      } else {
        let (late, text) = decoder.step(bytes)
        append(owner, late)
        append(index, text)
      }
      owner = index
    }
    if !decoder.isBetweenCharacters { append(owner, decoder.finish()) }
  }
}
