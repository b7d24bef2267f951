import TestSupport
import Testing

@testable import palimpsest

struct HelpTests {
  @Test func theProgramExplainsItself() throws {
    let home = try Scratch()
    let result = try BuiltProgram.run(["--help"], home: home)
    #expect(result.status == 0)
    let (head, subcommands) = try #require(Self.parts(of: result.output))
    #expect(
      head == """
        OVERVIEW: A text editor in which a diffusion language model rewrites what you
        highlight.

        FILE opens in the editor, with the cursor at LINE and COLUMN if given; +LINE
        may also follow FILE. Without FILE, or with -, text from a pipe or a redirected
        file opens. A subcommand takes precedence over a file of the same name: write
        ./fill for the file.

        Examples:
          palimpsest letter.txt
          palimpsest +8:327 letter.txt
          palimpsest fill letter.txt --span 8:327-8:396

        Exit codes: 0 success; 1 failure, explained on standard error; 64 invalid
        command line.

        USAGE: palimpsest [+LINE[:COLUMN]] FILE
               palimpsest FILE:LINE[:COLUMN]
               command | palimpsest
               palimpsest <subcommand>

        OPTIONS:
          --version               Show the version.
          -h, --help              Show help information.


        """)
    #expect(
      Self.names(in: subcommands) == [
        "edit", "fill", "doubt", "generate", "tokenize", "replay", "recover", "model", "engine",
        "config", "serve", "version",
      ])
  }

  @Test func theDevelopersToolExplainsItself() throws {
    let result = try BuiltProgram.run(
      ["--help"], program: BuiltProgram.developerPath, home: try Scratch())
    #expect(result.status == 0)
    let (_, subcommands) = try #require(Self.parts(of: result.output))
    #expect(
      Self.names(in: subcommands) == [
        "bench", "evaluate", "golden", "picture", "tiny-model", "large-model", "faulty-server",
      ])
  }

  /// The first word of the lines that are indented by two columns.
  private static func names(in list: String) -> [String] {
    list.split(separator: "\n").filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
      .map { String($0.dropFirst(2).prefix { $0 != " " }) }
      .filter { $0 != "See" }
  }

  /// What stands before the list of subcommands, and the list.
  private static func parts(of help: String) -> (head: String, subcommands: String)? {
    guard let range = help.firstRange(of: "SUBCOMMANDS:") else { return nil }
    return (String(help[..<range.lowerBound]), String(help[range.upperBound...]))
  }

  @Test(arguments: [["version"], ["--version"]]) func version(_ arguments: [String]) throws {
    let result = try BuiltProgram.run(arguments, home: try Scratch())
    #expect(result.status == 0)
    #expect(result.output == "palimpsest 0.1.0\n")
  }

  @Test(arguments: [
    ["+x", "a.txt"], ["--nonsense"], ["fill", "a.txt"],
    ["fill", "a.txt", "--span", "1:1-1:2", "--steps", "0"],
    ["fill", "a.txt", "--span", "1:1-1:2", "--steps", "3", "--threshold", "0.5"],
    ["fill", "-", "--span", "1:1-1:2", "--in-place"], ["fill", "a.txt", "--marker", "x"],
    ["fill", "a.txt", "--span", "1:1-1:2", "--kernels", "abacus"],
  ])
  func wrongCommandLinesAreUsageErrors(_ arguments: [String]) throws {
    let result = try BuiltProgram.run(arguments, home: try Scratch())
    #expect(result.status == 64)
    #expect(result.output.isEmpty)
    #expect(result.error.hasPrefix("Error: "))
  }
}
