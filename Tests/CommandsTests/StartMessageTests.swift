import Commands
import Testing

@testable import palimpsest

/// What the editor says when it starts.
@Suite struct StartMessageTests {
  @Test func argumentsThatAreNotUTF8AreRefused() throws {
    #expect(try RawArguments.texts([Array("a\u{e9}".utf8), []]) == ["a\u{e9}", ""])
    let latin: [UInt8] = Array("caf".utf8) + [0xe9] + Array(".txt \u{e9}".utf8) + [0xc3]
    let error = #expect(throws: (any Error).self) { try RawArguments.texts([latin]) }
    #expect("\(try #require(error))".contains("caf\\xE9.txt \u{e9}\\xC3"))
  }
}
