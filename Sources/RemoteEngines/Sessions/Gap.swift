public import DecodingPolicies
internal import Strings

/// A part of a passage that a text engine is asked for, and what is around it.
public struct Gap: Sendable, Equatable {
  /// The end of the text before, as much as may be sent. A blank at its end is left out: models
  /// begin a word with its blank.
  public var prefix: String
  /// What stands in the gap; empty between words that are kept.
  public var original: String
  /// The beginning of the text after.
  public var suffix: String
  public var instruction: String?
  public var settings: DecodingConfiguration
  /// Tokens that the gap may get.
  public var mostTokens: Int
  /// Whether the text before ended with a blank.
  var dropsLeadingBlank: Bool
  var staysWithinLine: Bool

  /// - Parameters:
  ///   - before, after: characters sent of either side.
  ///   - slots: tokens or words that are expected.
  init(
    prefix: String, original: String, suffix: String, instruction: String?,
    settings: DecodingConfiguration, before: Int, after: Int, slots: Int, staysWithinLine: Bool
  ) {
    let end = prefix.prefix(prefix.count - prefix.reversed().prefix { $0 == " " }.count)
    dropsLeadingBlank = end.count < prefix.count || end.last?.isWhitespace ?? true
    self.prefix = String(end.suffix(before))
    self.original = original
    self.suffix = String(suffix.prefix(after))
    self.instruction = instruction
    self.settings = settings
    self.staysWithinLine = staysWithinLine
    // Twice what stands there at four bytes a token, and something for a short passage.
    mostTokens = max(32, min(4096, max(original.utf8.count / 2, 4 * slots) + 32))
  }

  /// The blank that `prefix` lacks.
  var blank: String { dropsLeadingBlank && prefix.last?.isWhitespace == false ? " " : "" }

  /// Bytes of a reply that are taken: twice as many as tokens of prose have. A service that was asked
  /// for so many tokens sends no more, unless it pays no heed.
  var mostBytes: Int { 8 * mostTokens }

  /// Bytes of a frame that is shown, which may have the marks of a wide canvas and noise.
  var mostFrameBytes: Int { max(mostBytes, 16 << 10) }

  /// Texts at which a service stops: at most two, since some take no more than four. No single line
  /// end: models often begin with one, and would stop at once.
  public var stops: [String] {
    let isParagraph = !staysWithinLine && !original.contains("\n\n")
    return (isParagraph ? ["\n\n"] : []) + (echo.map { [$0] } ?? [])
  }

  /// The beginning of the text after, by which a service is caught that writes it again.
  private var echo: String? {
    let start = suffix.drop(while: \.isWhitespace).prefix { !$0.isNewline }.prefix(24)
    return start.count >= 10 ? String(start) : nil
  }

  /// Whether a reply has gone on beyond the gap: what follows will not be in it.
  func isExceeded(by reply: String) -> Bool {
    let kept = kept(of: reply, isFinished: false)
    return !kept.isEmpty && kept.upperBound < reply.utf8.count
  }

  /// The part of a reply that goes into the gap, as UTF-8 offsets: without what continues beyond
  /// it and without white space that stands around it. A finished reply that was cut by `mostTokens`
  /// (`isCut`) ends with its last whole sentence if it has one in its second half.
  func kept(of reply: String, isFinished: Bool, isCut: Bool = false) -> Range<Int> {
    var text = reply[...]
    if staysWithinLine, let end = text.drop(while: \.isNewline).firstIndex(where: \.isNewline) {
      text = text[..<end]
    }
    if let echo, let end = text.range(of: echo)?.lowerBound { text = text[..<end] }
    if dropsLeadingBlank || staysWithinLine {
      text = text.drop { dropsLeadingBlank ? $0.isWhitespace : $0.isNewline }
    }
    if isFinished {
      if isCut, let end = text.lastIndex(where: { ".!?".contains($0) }),
        text.distance(from: text.startIndex, to: end) >= text.count / 2
      {
        text = text[...end]
      }
      if suffix.first?.isWhitespace ?? true {
        while text.last?.isWhitespace == true { text.removeLast() }
      }
    }
    let start = reply.utf8.distance(from: reply.startIndex, to: text.startIndex)
    return start..<start + text.utf8.count
  }
}

extension Substring {
  /// Where `text` begins in it first.
  fileprivate func range(of text: String) -> Range<Index>? { firstRange(of: text) }
}
