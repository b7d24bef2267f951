import ArgumentParser
import Commands
import Testing

@testable import palimpsest

struct DocumentLocationTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var arguments: [String]
    var expected: DocumentLocation
    var files: Set<String> = []
    var hasInput = false
    var testDescription: String { arguments.joined(separator: " ") + (hasInput ? " <input" : "") }
  }

  static let cases = [
    Case(arguments: [], expected: DocumentLocation(source: .untitled)),
    Case(arguments: ["-"], expected: DocumentLocation(source: .standardInput)),
    Case(arguments: ["+3", "-"], expected: DocumentLocation(source: .standardInput, line: 3)),
    Case(arguments: ["a.txt"], expected: DocumentLocation(source: .file("a.txt"))),
    Case(
      arguments: ["+12", "a.txt"], expected: DocumentLocation(source: .file("a.txt"), line: 12)),
    Case(
      arguments: ["+12:3", "a.txt"],
      expected: DocumentLocation(source: .file("a.txt"), line: 12, column: 3)),
    Case(
      arguments: ["a.txt:12"], expected: DocumentLocation(source: .file("a.txt"), line: 12)),
    Case(
      arguments: ["a.txt:12:3"],
      expected: DocumentLocation(source: .file("a.txt"), line: 12, column: 3)),
    Case(
      arguments: ["a:b:7"], expected: DocumentLocation(source: .file("a:b"), line: 7)),
    Case(arguments: ["a.txt:"], expected: DocumentLocation(source: .file("a.txt:"))),
    Case(arguments: ["a.txt:0"], expected: DocumentLocation(source: .file("a.txt:0"))),
    Case(arguments: [":12"], expected: DocumentLocation(source: .file(":12"))),
    Case(
      arguments: ["a.txt:12"], expected: DocumentLocation(source: .file("a.txt:12")),
      files: ["a.txt:12"]),
    Case(
      arguments: ["+2", "a.txt:12"],
      expected: DocumentLocation(source: .file("a.txt:12"), line: 2)),
    Case(arguments: ["./+5"], expected: DocumentLocation(source: .file("./+5"))),
    Case(
      arguments: ["a.txt", "+12"], expected: DocumentLocation(source: .file("a.txt"), line: 12)),
    Case(
      arguments: ["a.txt", "+12:3"],
      expected: DocumentLocation(source: .file("a.txt"), line: 12, column: 3)),
    Case(arguments: ["-", "+3"], expected: DocumentLocation(source: .standardInput, line: 3)),
    Case(arguments: ["+5", "+6"], expected: DocumentLocation(source: .file("+6"), line: 5)),
    Case(arguments: [], expected: DocumentLocation(source: .standardInput), hasInput: true),
    Case(
      arguments: ["+3"], expected: DocumentLocation(source: .standardInput, line: 3),
      hasInput: true),
    Case(
      arguments: ["a.txt"], expected: DocumentLocation(source: .file("a.txt")), hasInput: true),
  ]

  @Test(arguments: cases) func isRead(_ example: Case) throws {
    let found = try DocumentLocation.all(example.arguments, hasInput: example.hasInput) {
      example.files.contains($0)
    }
    #expect(found == [example.expected])
  }

  @Test func severalFilesHaveAPlaceEach() throws {
    func all(_ arguments: String...) throws -> [DocumentLocation] {
      try DocumentLocation.all(arguments) { _ in false }
    }
    let (a, b) = (DocumentLocation(source: .file("a")), DocumentLocation(source: .file("b")))
    let c = DocumentLocation(source: .file("c"), line: 12)
    #expect(try all("a", "b", "+12", "c") == [a, b, c])
    #expect(try all("a", "b", "c", "+12") == [a, b, c])
    #expect(try all("+12", "c", "a", "b") == [c, a, b])
    #expect(try all("c:12", "-", "a") == [c, DocumentLocation(source: .standardInput), a])
    #expect(try all("a", "b", "a") == [a, b])
    #expect(try all("c", "b", "+12", "c") == [c, b])
  }

  @Test(arguments: [
    ["+", "a"], ["+0", "a"], ["+1:", "a"], ["+1:0", "a"], ["+1:2:3", "a"], ["+x", "a"],
    ["+-1", "a"],
    ["+99999999999999999999", "a"], ["+3"], [""], ["a", "+x"], ["a", "+0"],
    ["+1", "a", "+2"], ["a", "b", "+x"], ["a", ""],
  ])
  func isRefused(_ arguments: [String]) {
    #expect(throws: ValidationError.self) {
      try DocumentLocation.all(arguments) { _ in false }
    }
  }

  @Test func optionsOfTwoValuesArePaired() {
    #expect(
      pairedArguments(["fill", "--between", "-a", "--b", "x.txt", "--marker", "{{", "}}", "--json"])
        == [
          "fill", "--between=-a", "--between=--b", "x.txt", "--marker={{", "--marker=}}", "--json",
        ])
    #expect(pairedArguments(["--between", "a", "b"]) == ["--between", "a", "b"])
    #expect(pairedArguments(["fill", "--", "--between", "a", "b"]).contains("--between"))
    #expect(pairedArguments(["fill", "--between", "a"]) == ["fill", "--between", "a"])
  }
}
