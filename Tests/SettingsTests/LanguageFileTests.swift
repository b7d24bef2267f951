import Foundation
import Highlighting
import Settings
import TestSupport
import Testing

@Suite struct LanguageFileTests {
  private static let files = SettingsFiles(
    configuration: nil, executable: SharedFiles.packageRoot + "/.build/debug/palimpsest"
  ) {
    try? String(contentsOfFile: $0, encoding: .utf8)
  }

  static let shipped =
    ((try? FileManager.default.contentsOfDirectory(
      atPath: SharedFiles.packageRoot + "/Languages")) ?? [])
    .filter { $0.hasSuffix(".toml") }.map { String($0.dropLast(5)) }.sorted()

  @Test func everyKnownLanguageHasAFile() {
    #expect(Self.shipped == LanguageNames.all.sorted())
  }

  @Test(arguments: shipped)
  func shippedFilesAreRight(name: String) throws {
    #expect(try Self.files.loadLanguage(name)?.name == name)
  }

  /// A highlighter with the languages that text in it asks for.
  private static func highlighter(_ name: String, _ text: String) throws -> Highlighter {
    var highlighter = Highlighter(try #require(try files.loadLanguage(name)))
    for _ in 0..<4 {
      _ = tokens(&highlighter, text)
      for wanted in highlighter.wanted {
        highlighter = highlighter.adding(try files.loadLanguage(wanted), named: wanted)
      }
    }
    return highlighter
  }

  private static func tokens(_ highlighter: inout Highlighter, _ text: String) -> String {
    var state = Highlighter.State.initial
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let bytes = Array(line.utf8)
      let found = highlighter.line(bytes, from: state)
      state = found.end
      return found.tokens.map {
        "\($0.role.rawValue)‹\(String(decoding: bytes[$0.range], as: UTF8.self))›"
      }.joined(separator: " ")
    }.joined(separator: "\n") + "\n"
  }

  /// Samples in `Golden/NAME.txt`: the text, a line of dashes, the tokens of each line.
  /// `UPDATE_GOLDEN=1` writes the second half.
  @Test(arguments: shipped)
  func samples(name: String) throws {
    let path = SharedFiles.packageRoot + "/Tests/SettingsTests/Golden/\(name).txt"
    let mark = "\n" + String(repeating: "=", count: 40) + "\n"
    let parts = try String(contentsOfFile: path, encoding: .utf8).components(separatedBy: mark)
    var highlighter = try Self.highlighter(name, parts[0])
    let found = Self.tokens(&highlighter, parts[0])
    #expect(highlighter.abandoned == nil)
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
      return try (parts[0] + mark + found).write(toFile: path, atomically: true, encoding: .utf8)
    }
    #expect(parts.count == 2 && found == parts[1])
  }

  /// Long lines of everything that may backtrack end within the budget.
  @Test(arguments: shipped)
  func noPatternIsTooCostly(name: String) throws {
    var highlighter = Highlighter(try #require(try Self.files.loadLanguage(name)))
    for piece in [
      "a", "ab ", "\"", "'", "`", "*", "_", "**a", "[", "](", "<", "<a ", "{", "\\", "/", "#", "$",
      "-", "=", ":", "a:", "- ", "(", "1", "0x", "&", "%", "\t", " ", "é", "://", "~", "!", "@",
      ".",
    ] {
      let line = String(repeating: piece, count: 4000 / piece.utf8.count)
      for text in [line, "x " + line, line + "\n"] {
        _ = highlighter.line(Array(text.utf8), from: .initial)
      }
    }
    #expect(highlighter.abandoned == nil)
  }

  @Test func aFaultHasItsPlace() {
    func fault(_ text: String) -> String? {
      let files = SettingsFiles(configuration: "/c", executable: nil) { path in
        path == "/c/languages/x.toml" ? text : nil
      }
      do {
        _ = try files.loadLanguage("x")
        return nil
      } catch {
        return error.description
      }
    }
    let head = "/c/languages/x.toml:"
    let pattern = fault("start = [\"a\"]\n[rules]\na = { match = '(' }")
    #expect(
      pattern?.hasPrefix(head + "3:7: rules.a.match: expected a regular expression, found ") == true
    )
    let role = fault("start = []\n[rules]\na = { match = 'x', role = \"purple\" }")
    #expect(
      role?.hasPrefix(head + "3:20: rules.a.role: expected comment, string,") == true,
      "\(role ?? "")")
    #expect(
      fault("start = [\"b\"]")?.hasPrefix(head + "1:1: start: expected names of rules") == true)
    #expect(
      fault("start = []\nextends = \"y\"")?.hasPrefix(head + "2:1: extends: expected the name")
        == true)
    #expect(fault("start = []\nextends = \"x\"")?.contains("does not extend this one") == true)
    #expect(
      fault("start = [\"a\"]\n[rules]\na = { begin = 'x' }")?.contains("where the region ends")
        == true)
    #expect(
      fault("start = [\"a\"]\n[rules]\na = { colour = 'x' }")?.contains(
        "one of match, words and begin") == true)
    #expect(fault("start = \n")?.contains("expected TOML") == true)
    #expect(fault("start = []") == nil)
  }

  @Test func aLanguageOfTheUserComesFirst() throws {
    let files = SettingsFiles(
      configuration: "/c", executable: "/opt/p/bin/palimpsest"
    ) { path in
      switch path {
      case "/c/languages/zig.toml":
        "extends = \"c\"\n[rules]\nn = { role = \"number\", match = '1' }"
      case "/opt/p/share/palimpsest/languages/c.toml":
        "line-comment = \"//\"\nstart = [\"n\"]\n[rules]\nn = { match = '2' }"
      default: nil
      }
    }
    let zig = try #require(try files.loadLanguage("zig"))
    #expect(zig.comments.line == "//" && zig.rules["n"]?.role == .number && zig.start == ["n"])
    #expect(try files.loadLanguage("nothing") == nil)
    #expect(try files.loadLanguage("../zig") == nil)
  }
}
