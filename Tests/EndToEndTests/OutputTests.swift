import TestSupport
import Testing

@testable import palimpsest

/// What commands do with standard output and with terminals.
@Suite struct OutputTests {
  /// A result that could not be written is no success: `palimpsest fill a.txt > b && mv b a.txt`.
  @Test(arguments: [
    ["version"], ["--version"], ["--help"], ["help", "fill"], ["model", "list", "--json"],
    ["tokenize", "some words", "--model", "TINY"],
    ["tokenize", "words", "--json", "--model", "TINY"],
    ["fill", "-", "--span", "1:5-1:8", "--steps", "2", "--model", "TINY"],
    ["fill", "-", "--span", "1:5-1:8", "--steps", "2", "--json", "--model", "TINY"],
    ["doubt", "-", "--model", "TINY"], ["model", "inspect", "TINY"], ["model", "path", "TINY"],
    ["--generate-completion-script", "bash"],
  ])
  func aFullDiskIsAFailure(arguments: [String]) throws {
    let home = try Scratch()
    let tiny = try TinyModel.path.get()
    let result = try BuiltProgram.run(
      arguments.map { $0 == "TINY" ? tiny : $0 }, input: "The quiet harbour.\n",
      output: "/dev/full", home: home)
    #expect(result.status == 1)
    #expect(
      result.error.contains("Cannot write standard output: No space left on device"),
      "\(result.error)")
  }

  @Test func pipesGetTheBytes() throws {
    let home = try Scratch()
    let text = "The \u{1B}[31mquiet\u{7} harbour\u{202E}.\r\n"
    let result = try BuiltProgram.run(
      ["fill", "-", "--span", "1:1-1:4", "--steps", "2", "--model", try TinyModel.path.get()],
      input: text, home: home)
    #expect(result.status == 0)
    #expect(result.output.hasSuffix(String(text.dropFirst(3))))
  }

  @Test(.enabled(if: TmuxTerminal.isInstalled))
  func terminalsGetNoControlCharacters() async throws {
    let home = try Scratch()
    let file = try home.file("text", "The \u{1B}[2Jquiet\tharbour.\nNext line\n")
    let command =
      "'\(BuiltProgram.path)' fill '\(file)' --span 2:1-2:5 --steps 2 "
      + "--model '\(try TinyModel.path.get())'; "
      + "'\(BuiltProgram.path)' doubt \"$(printf 'no \\033[2J file')\"; sleep 600"
    let terminal = try TmuxTerminal(command, home: home)
    let screen = try await terminal.wait(forText: "file:")
    #expect(screen.contains("The ␛[2Jquiet   harbour.\n"))
    #expect(screen.contains("no ␛[2J file"))
  }
}
