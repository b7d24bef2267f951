import RegularExpressions
import Testing

struct RegularExpressionTests {
  private func ranges(
    _ pattern: String, _ text: String, _ options: RegularExpression.Options = []
  ) throws -> [Range<Int>] {
    try RegularExpression(pattern, options: options).matches(in: text).map(\.range)
  }

  @Test func offsetsAreBytes() throws {
    #expect(try ranges("ö.", "aöbö🙂") == [1..<4, 4..<10])
    #expect(try ranges(#"\w+"#, "né 日本 x") == [0..<3, 4..<10, 11..<12])
  }

  @Test func groupsMayTakeNoPart() throws {
    let match = try #require(try RegularExpression("(a)|(b)").firstMatch(in: Array("xb".utf8)))
    #expect(match.groups == [nil, 1..<2])
  }

  @Test func emptyMatchesAdvance() throws {
    #expect(try ranges("x*", "öxx") == [0..<0, 2..<4, 4..<4])
    #expect(try ranges("", "é") == [0..<0, 2..<2])
    #expect(try ranges("^", "a\nb", .multiline) == [0..<0, 2..<2])
  }

  @Test func startsMovedBackEnd() throws {
    // Inside look-behind, \K can put a match before where the search began.
    _ = try? ranges(#"(?<=\Ka)"#, "aaa")
    _ = try? ranges(#"(?=a\K)"#, "aaa")
  }

  /// Once a search is given up, what follows is left alone: the work is bounded for all pieces.
  @Test func piecesShareTheirLimits() throws {
    let hard = String(repeating: "a", count: 60) + "!"
    let text = Array(("b" + hard + "b").utf8)
    let pieces = [0..<1, 1..<62, 62..<63]
    var found: [Int] = []
    try RegularExpression("b|(?:a+)+$").forEachRange(in: text.span, pieces: pieces) { piece, _ in
      found.append(piece)
    }
    #expect(found == [0])
  }

  @Test func optionsApply() throws {
    #expect(try ranges("ÄRGER", "ärger", .caseInsensitive) == [0..<6])
    #expect(try ranges("a.b", "axb a.b", .literal) == [4..<7])
    #expect(try ranges("É.", "xé.", [.literal, .caseInsensitive]) == [1..<4])
    #expect(try ranges("a.b", "a\nb").isEmpty)
    #expect(try ranges("a.b", "a\nb", .dotMatchesNewlines) == [0..<3])
    #expect(try ranges(RegularExpression.escaped("(a+b)*[c]"), "(a+b)*[c]") == [0..<9])
  }

  @Test func invalidBytesMatchNothing() throws {
    let bytes: [UInt8] = [0x61, 0xFF, 0x62, 0xC3, 0x61, 0xE2, 0x82]
    let letters = try RegularExpression("[ab]")
    #expect(try letters.matches(in: bytes).map(\.range) == [0..<1, 2..<3, 4..<5])
    let any = try RegularExpression(".", options: .dotMatchesNewlines)
    #expect(try any.matches(in: bytes).map(\.range) == [0..<1, 2..<3, 4..<5])
  }

  @Test func rangesAndLimitsBound() throws {
    let bytes = Array("ab ab ab".utf8)
    let pattern = try RegularExpression(#"\bab\b"#)
    #expect(try pattern.matches(in: bytes, range: 1..<6).map(\.range) == [3..<5])
    #expect(try pattern.matches(in: bytes, limit: 2).count == 2)
    #expect(try pattern.firstMatch(in: bytes, range: 4..<8)?.range == 6..<8)
    #expect(try pattern.matches(in: [], range: 0..<0).isEmpty)
  }

  @Test(arguments: [
    "(", "[a", "*", #"\C"#, "a{2,1}", "(?<n>a)(?<n>b)", "((((a{1,9999}){1,9999}))){9}",
  ])
  func wrongPatternsAreNamed(_ pattern: String) {
    let error = #expect(throws: RegularExpressionError.self) { try RegularExpression(pattern) }
    #expect(error?.offset != nil)
    #expect(error?.description.contains(pattern) == true)
  }

  @Test(arguments: ["(a+)+$", "(a|aa)+$", "(.*)*x", "(?:(?:a?){20}){20}b"])
  func costlyPatternsEnd(_ pattern: String) throws {
    let text = String(repeating: "a", count: 4000) + "!"
    // An answer or an error, in time.
    _ = try? ranges(pattern, text)
  }

  @Test func longSubjectsAreHonestWork() throws {
    let spaces = String(repeating: " ", count: 200_000)
    #expect(
      try ranges(#"\s*[\r\n]+|\s+(?!\S)|\s+"#, spaces + "x") == [0..<199_999, 199_999..<200_000])
    #expect(try ranges("(?:a|b)+", String(repeating: "ab", count: 100_000)) == [0..<200_000])
  }
}
