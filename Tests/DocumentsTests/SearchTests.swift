import Testing

@testable import Documents

@Suite struct SearchTests {
  @Test func smartCase() throws {
    let text = Text("Ärger ärger ÄRGER")
    #expect(try Search("ärger").matches(in: text).count == 3)
    #expect(try Search("Ärger").matches(in: text) == [0..<6])
    #expect(try Search(#"\W\x{e4}r"#, isRegularExpression: true).matches(in: text).count == 2)
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
    #expect(try Search("needle$", isRegularExpression: true).matches(in: text).isEmpty)
    #expect(try Search("^some", isRegularExpression: true).matches(in: text).count == 20_000)
  }

  @Test func emptyMatchesAreLeftOut() throws {
    #expect(try Search("x*", isRegularExpression: true).matches(in: Text("axxb")) == [1..<3])
  }

  @Test func badPatternsSayWhy() {
    #expect(throws: SearchError.self) { try Search("(", isRegularExpression: true) }
    #expect(throws: SearchError.self) { try Search("") }
  }

  @Test func strayBytesAreNoObstacle() throws {
    let text = Text([0xFF, 0x61, 0x62, 0xC3, 0x61, 0x62])
    #expect(try Search("ab").matches(in: text) == [1..<3, 4..<6])
  }
}
