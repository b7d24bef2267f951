import Commands
import Platform
import TestSupport
import Testing

@testable import palimpsest

struct SampleTests {
  static let folder = SharedFiles.packageRoot + "/Samples"
  static let names = Files.names(in: folder)

  @Test func thereAreEnough() {
    #expect(Self.names.count >= 5)
  }

  @Test(arguments: names) func loads(_ name: String) throws {
    let bytes = try #require(Files.contents(Self.folder + "/" + name))
    let text = try #require(String(validating: bytes, as: UTF8.self))
    #expect(!bytes.contains(UInt8(ascii: "\r")))
    #expect(bytes.last == UInt8(ascii: "\n"))
    #expect((15...61).contains(text.split(separator: "\n", omittingEmptySubsequences: false).count))
    #expect(text.prefix(20).contains("Try this"))
  }

  /// `make run` opens the letter on the sentence that its first lines speak of.
  @Test func theLetterOpensOnTheRightSentence() throws {
    let makefile = try #require(Files.contents(SharedFiles.packageRoot + "/Makefile"))
    let line = try #require(
      String(decoding: makefile, as: UTF8.self).split(separator: "\n")
        .first { $0.hasPrefix("LETTER = ") })
    let arguments = line.dropFirst("LETTER = ".count).split(separator: " ").map(String.init)
    let location = try DocumentLocation.all(arguments) { _ in true }[0]
    guard case .file(let path) = location.source else {
      Issue.record("not a file: \(arguments)")
      return
    }
    let bytes = try #require(Files.contents(SharedFiles.packageRoot + "/" + path))
    let lines = String(decoding: bytes, as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false)
    let row = try #require(location.line)
    let column = try #require(location.column)
    #expect(
      lines[row - 1].dropFirst(column - 1).hasPrefix("After breakfast I usually go for a walk"))
  }
}
