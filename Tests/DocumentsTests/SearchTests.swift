import Testing

@testable import Documents

@Suite struct SearchTests {
  @Test func smartCase() throws {
    let text = Text("Ärger ärger ÄRGER")
    #expect(try Search("ärger").matches(in: text).count == 3)
    #expect(try Search("Ärger").matches(in: text) == [0..<6])
    #expect(
      try Search(#"\W\x{e4}r"#, Search.Options(isExpression: true)).matches(in: text).count == 2)
  }

  @Test func literalsAreLiteral() throws {
    let text = Text("a.c abc (x) \\")
    #expect(try Search("a.c").matches(in: text) == [0..<3])
    #expect(try Search("(x)").matches(in: text) == [8..<11])
    #expect(try Search("\\").matches(in: text) == [12..<13])
  }

  @Test func nextAndPreviousWrap() throws {
    let text = Text("one two one")
    let search = try Search("one")
    #expect(try search.next(in: text, from: 1) == .init(range: 8..<11, wrapped: false))
    #expect(try search.next(in: text, from: 9) == .init(range: 0..<3, wrapped: true))
    #expect(try search.previous(in: text, before: 8) == .init(range: 0..<3, wrapped: false))
    #expect(try search.previous(in: text, before: 2) == .init(range: 8..<11, wrapped: true))
    #expect(try search.next(in: Text("none"), from: 0) != nil)
    #expect(try search.next(in: Text(""), from: 0) == nil)
    #expect(try search.previous(in: Text("two"), before: 3) == nil)
  }

  @Test func matchesAcrossWindowsAreFoundOnce() throws {
    let line = Array("some words and a needle in them\n".utf8)
    let text = Text(Array(repeatElement(line, count: 20_000).joined()))
    let search = try Search("needle")
    let all = try search.matches(in: text)
    #expect(all.count == 20_000)
    #expect(all.enumerated().allSatisfy { $1.lowerBound == $0 * line.count + 17 })
    let last = try search.previous(in: text, before: text.count - line.count)
    #expect(last?.range.lowerBound == 19_998 * line.count + 17)
    let rare = Text(Array("first\n".utf8) + text.contents())
    #expect(try Search("first").previous(in: rare, before: rare.count)?.range == 0..<5)
    #expect(try Search("needle$", Search.Options(isExpression: true)).matches(in: text).isEmpty)
    #expect(
      try Search("^some", Search.Options(isExpression: true)).matches(in: text).count == 20_000)
  }

  @Test func emptyMatchesAreLeftOut() throws {
    #expect(
      try Search("x*", Search.Options(isExpression: true)).matches(in: Text("axxb")) == [1..<3])
  }

  @Test func badPatternsSayWhy() {
    #expect(throws: SearchError.self) { try Search("(", Search.Options(isExpression: true)) }
    #expect(throws: SearchError.self) { try Search("") }
  }

  @Test func strayBytesAreNoObstacle() throws {
    let text = Text([0xFF, 0x61, 0x62, 0xC3, 0x61, 0x62])
    #expect(try Search("ab").matches(in: text) == [1..<3, 4..<6])
  }
}

/// How patterns are read, and what takes the place of matches.
@Suite struct SearchOptionsTests {
  private func found(_ pattern: String, _ text: String, _ options: Search.Options) throws
    -> [String]
  {
    let text = Text(text)
    return try Search(pattern, options).matches(in: text).map { text.string(in: $0) }
  }

  private func replaced(
    _ pattern: String, _ template: String, _ text: String,
    _ options: Search.Options = Search.Options(isExpression: true, findsEmpty: true)
  ) throws -> String {
    let search = try Search(pattern, options)
    var text = Text(text)
    let template = try ReplacementTemplate(
      template, for: search, lineEnd: LineEnding(of: text) ?? .lf)
    for match in try search.substitutions(in: text, range: 0..<text.count, by: template).reversed()
    {
      text.replace(match.range, with: match.replacement)
    }
    return text.description
  }

  @Test func composedAndDecomposedLettersFindEachOther() throws {
    let both = "caf\u{e9} cafe\u{301} cafe"
    for pattern in ["caf\u{e9}", "cafe\u{301}"] {
      for isExpression in [false, true] {
        let options = Search.Options(isExpression: isExpression)
        #expect(try found(pattern, both, options).count == 2, "\(pattern) \(isExpression)")
      }
    }
    // A letter is not found in one with an accent, however that is written.
    #expect(try found("cafe", both, Search.Options()) == ["cafe"])
    #expect(try found("[\u{e9}]", both, Search.Options(isExpression: true)).count == 1)
    #expect(try found("हि", "हिन्दी", Search.Options()).count == 1)
  }

  @Test func theCaseCanBeChosen() throws {
    let text = "Ann ann ANN"
    #expect(try found("ann", text, Search.Options()).count == 3)
    #expect(try found("ann", text, Search.Options(letterCase: .exact)) == ["ann"])
    #expect(try found("ANN", text, Search.Options(letterCase: .any)).count == 3)
  }

  @Test func wholeWordsAlone() throws {
    let text = "cat concat cat_ cat's (cat) cat\u{e9}"
    #expect(try found("cat", text, Search.Options(isWholeWord: true)).count == 3)
    #expect(
      try found("c.t|x", text, Search.Options(isExpression: true, isWholeWord: true)).count == 3)
    #expect(try found("(cat)", text, Search.Options(isWholeWord: true)) == ["(cat)"])
  }

  @Test func lineEndsOfEitherKind() throws {
    #expect(try found("a\nb", "a\r\nb a\nb", Search.Options()).count == 2)
    #expect(try found("b$", "b\r\nb\nb", Search.Options(isExpression: true)).count == 3)
    #expect(try replaced("x", #"1\n2"#, "x\r\ny") == "1\r\n2\r\ny")
    #expect(try replaced("x", "1\n2", "x\ny", Search.Options()) == "1\n2\ny")
  }

  @Test(arguments: [
    ("(\\w+) (\\w+)", #"\2 \1"#, "one two", "two one"),
    ("(\\w+) (\\w+)", "$2-$1-$0-$&", "one two", "two-one-one two-one two"),
    ("(?<first>\\w+) \\w+", "${first}${1}", "one two", "oneone"),
    ("(a)|(b)", "[$1$2]", "ab", "[a][b]"), ("a", #"\t\\$$ $x \."#, "a", "\t\\$ $x ."),
    ("^", "> ", "a\nb", "> a\n> b"), ("$", ";", "a\nb", "a;\nb;"), ("x*", "-", "axxb", "-a--b-"),
    ("(a)", "$10", "a", "a0"),
  ])
  func groupsAreFilledIn(_ pattern: String, _ template: String, _ text: String, _ result: String)
    throws
  {
    #expect(try replaced(pattern, template, text) == result)
  }

  @Test(arguments: [
    ("a", #"\1"#, 1), ("(a)", "x$2", 2), ("(a)", "${b}", 2), ("a", "x\\", 1), ("a", #"\q"#, 0),
    ("a", "${1", 0), ("a", "${", 0),
  ])
  func wrongReplacementsAreRefusedWithTheirPlace(
    _ pattern: String, _ template: String, _ place: Int
  ) throws {
    let search = try Search(pattern, Search.Options(isExpression: true))
    let error = #expect(throws: SearchError.self) {
      try ReplacementTemplate(template, for: search, lineEnd: .lf)
    }
    #expect(error?.place == place)
  }

  @Test func aPlainReplacementIsTakenAsItIs() throws {
    #expect(try replaced("a", #"$1\n"#, "a", Search.Options()) == #"$1\n"#)
  }

  @Test func faultsOfPatternsHaveTheirPlace() {
    let error = #expect(throws: SearchError.self) {
      try Search("é(", Search.Options(isExpression: true))
    }
    #expect(
      error == SearchError(description: "Missing closing parenthesis, at character 3", place: 2))
  }

  @Test func aPatternThatBacktracksWithoutEndIsGivenUp() throws {
    let text = Text(String(repeating: "a", count: 5000) + "bx")
    let error = #expect(throws: SearchError.self) {
      try Search("(a+)+x", Search.Options(isExpression: true)).matches(in: text)
    }
    #expect(error?.description.hasPrefix("This expression takes too many steps") == true)
  }

  @Test func manyMatchesCanBeStopped() throws {
    let text = Text(String(repeating: "a", count: 1000))
    #expect(throws: SearchError.self) {
      try Search("a").matches(in: text) { offset throws(SearchError) in
        if offset > 100 { throw SearchError(description: "stopped") }
      }
    }
  }
}
