public import DecodingPolicies
public import Documents
public import Infilling
internal import Strings

extension InfillRequest {
  /// Bytes of a document that are handed over on each side of a passage. An engine uses less.
  public static let reach = (before: 24_000, after: 12_000)

  /// The passage in `range` of a text with the text around it, cut between characters, lines
  /// ended by LF. The same passage is the same request, whoever asks.
  public init(
    _ text: Text, _ range: Range<Int>, before: Int = reach.before, after: Int = reach.after,
    settings: DecodingConfiguration, canvas: [InfillCell]? = nil, instruction: String? = nil
  ) {
    let start = text.boundary(after: max(0, range.lowerBound - before))
    let end = text.boundary(before: min(text.count, range.upperBound + after))
    self.init(
      prefix: text.plain(min(start, range.lowerBound)..<range.lowerBound),
      original: text.plain(range),
      suffix: text.plain(range.upperBound..<max(end, range.upperBound)), settings: settings,
      canvas: canvas, instruction: instruction)
  }
}

extension Text {
  /// The text of a range with LF line ends.
  public func plain(_ range: Range<Int>) -> String {
    string(in: range).replacing("\r\n", with: "\n")
  }

  /// The first offset from `offset` on where a character begins. Of more than three continuation
  /// bytes of UTF-8 in a row, which no character has, none is passed over.
  fileprivate func boundary(after offset: Int) -> Int {
    (offset..<min(offset + 4, count)).first { !isInsideCharacter($0) } ?? offset
  }

  /// The last one up to `offset`.
  fileprivate func boundary(before offset: Int) -> Int {
    (max(0, offset - 3)...offset).last { !isInsideCharacter($0) } ?? offset
  }

  private func isInsideCharacter(_ offset: Int) -> Bool {
    offset < count && self[offset].isUTF8Continuation
  }
}
