import Platform
import TestSupport
import Testing

@testable import palimpsest

/// What the editor opens, and what it says when it starts.
@Suite struct StartTests {
  /// A document from a pipe without `-`; what is wrong with the model and the settings, all of it.
  @Test(.enabled(if: TmuxTerminal.isInstalled, "needs tmux"))
  func pipesAndFaults() async throws {
    let home = try Scratch()
    try Files.makeFolder(home.path("config/palimpsest"))
    try home.file("config/palimpsest/config.toml", "threads = 0\n\n[editor]\n  tabs = 3\n")
    let terminal = try TmuxTerminal(
      "printf 'From a pipe\\n' | '\(BuiltProgram.path)' --model no-such-model; echo \"exit $?\"; "
        + "sleep 600",
      home: home)
    let screen = try await terminal.wait(forText: "From a pipe")
    let words = screen.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains(":1:1: threads: expected a whole number"))
    #expect(words.contains(" 4:3: editor.tabs: expected a known key"))
    #expect(words.contains("No model no-such-model: not a path"))
    // The text is nowhere else: leaving asks.
    try terminal.press("C-q")
    try await terminal.wait(for: "a question") { !$0.contains("exit") && $0.contains("?") }
  }

  /// With its bytes replaced the name would be that of another file.
  @Test func namesThatAreNotUTF8() throws {
    let home = try Scratch()
    try Files.makeFolder(home.path("documents"))
    let script = #"cd "$1"; n=$(printf 'caf\351.txt'); echo old >"$n"; "$2" "$n""#
    let result = try BuiltProgram.run(
      ["-c", script, "sh", home.path("documents"), BuiltProgram.path], program: "sh", home: home)
    #expect(result.status == 64)
    #expect(result.error.contains(#"“caf\xE9.txt” is not UTF-8"#))
    #expect(Files.names(in: home.path("documents")).count == 1)
  }

  /// Nothing wakes an editor in which nothing happens.
  @Test(.enabled(if: TmuxTerminal.isInstalled, "needs tmux"))
  func anIdleEditorSleeps() async throws {
    let home = try Scratch()
    let file = try home.file("document.txt", "First line\n")
    let terminal = try TmuxTerminal(
      "sh -c 'echo $$ >\(home.path("pid")); exec \(BuiltProgram.path) \(file)'", home: home)
    try await terminal.wait(forText: "First line")
    let pid = try #require(home.read("pid")?.split(separator: "\n").first)
    func sleeps() -> Int {
      Files.names(in: "/proc/\(pid)/task").reduce(0) { total, thread in
        let status = Files.contents("/proc/\(pid)/task/\(thread)/status") ?? []
        let count = String(decoding: status, as: UTF8.self).split(separator: "\n")
          .first { $0.hasPrefix("voluntary_ctxt_switches:") }?.split(separator: "\t").last
        return total + (count.flatMap { Int($0) } ?? 0)
      }
    }
    try await Task.sleep(for: .seconds(1))
    let before = sleeps()
    try await Task.sleep(for: .seconds(4))
    #expect(before > 0 && sleeps() - before <= 1)
  }
}
