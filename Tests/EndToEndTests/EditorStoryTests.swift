import Glibc
import Platform
import TestSupport
import Testing

@testable import palimpsest

/// The whole product in a real terminal.
@Suite(.enabled(if: TmuxTerminal.isInstalled, "needs tmux"), .serialized)
struct EditorStoryTests {
  static let before = "along the river with the dog."

  private func letter(_ home: Scratch) throws -> (path: String, text: String) {
    let bytes = try #require(Files.contents(SharedFiles.packageRoot + "/Samples/letter.txt"))
    let text = String(decoding: bytes, as: UTF8.self)
    return (try home.file("letter.txt", text), text)
  }

  private func refill(model: String) async throws {
    let home = try Scratch()
    let (file, original) = try letter(home)
    let terminal = try TmuxTerminal(
      "'\(BuiltProgram.path)' --model '\(model)' +8:327 '\(file)'; echo \"exit $?\"; sleep 600",
      home: home)
    try await terminal.wait(forText: "After breakfast")

    // The sentence becomes masks, then words.
    try terminal.press("M-Enter")
    try await terminal.wait(for: "masks or their end") {
      $0.contains("░") || $0.contains("settled")
    }
    let settled = try await terminal.wait(forText: "settled")
    #expect(!settled.contains("After breakfast"))
    #expect(home.read("letter.txt") == original)

    // Accepted, saved: only the sentence is another.
    try terminal.press("Enter")
    try await terminal.wait(for: "the end of the review") { !$0.contains("settled") }
    try terminal.press("C-s")
    try await eventually("the first save") { home.read("letter.txt") != original }
    let accepted = try #require(home.read("letter.txt"))
    let sentence = try #require(original.firstRange(of: "After breakfast"))
    let rest = try #require(original.firstRange(of: "\n\nYou also wanted"))
    #expect(accepted.hasPrefix(original[..<sentence.lowerBound].dropLast(1)))
    #expect(accepted.hasSuffix(original[rest.lowerBound...]))

    // Undone: the old letter again.
    try terminal.press("C-z")
    try await terminal.wait(forText: "After breakfast")
    try terminal.press("C-s")
    try await eventually("the second save") { home.read("letter.txt") == original }

    // Once more, with another seed, rejected: nothing changes.
    try terminal.press("M-Enter")
    try await terminal.wait(forText: "settled")
    try terminal.press("r")
    try await terminal.wait(for: "the second branch") {
      // What the first search found besides comes before it.
      $0.contains(/candidate [2-9]\/[2-9]/) && $0.contains("settled")
    }
    try terminal.press("Escape")
    try await terminal.wait(forText: "After breakfast")

    // Typing still works, and leaving with it asks.
    try terminal.type("Yes! ")
    try await terminal.wait(forText: "Yes! ")
    try terminal.press("C-s")
    try await eventually("the third save") { home.read("letter.txt")?.contains("Yes! ") == true }
    try terminal.press("C-q")
    try await terminal.wait(forText: "exit 0")
  }

  /// Four candidates at once, the second of the list taken; then a passage is weighed and kept.
  @Test func severalTriesWithATinyModel() async throws {
    let home = try Scratch()
    let (file, original) = try letter(home)
    let terminal = try TmuxTerminal(
      "'\(BuiltProgram.path)' --model '\(try TinyModel.path.get())' +8:327 '\(file)'; sleep 600",
      home: home)
    try await terminal.wait(forText: "After breakfast")
    try terminal.press("M-n")
    let list = try await terminal.wait(forText: "the likeliest first")
    #expect(list.contains("› 1 ") && list.contains("  4 "))
    try terminal.press("Down", "Enter")
    try await terminal.wait(for: "the end of the list") { !$0.contains("the likeliest first") }
    try terminal.press("Enter")
    try await terminal.wait(forText: "Accepted")
    try terminal.press("C-z", "C-s")
    try await eventually("the save") { home.read("letter.txt") == original }

    try terminal.press("M-r")
    try await terminal.wait(for: "the end of the rounds") {
      $0.contains("round") || $0.contains("No low-probability words")
    }
    try terminal.press("Escape")
    try terminal.press("C-q")
  }

  @Test func withATinyModel() async throws {
    try await refill(model: try TinyModel.path.get())
  }

  @Test(.enabled(if: DefaultModel.path != nil, "needs the default model: palimpsest model fetch"))
  func withTheDefaultModel() async throws {
    try await refill(model: try #require(DefaultModel.path))
  }
}

/// Whatever ends the program, the terminal is as it was.
@Suite(.enabled(if: TmuxTerminal.isInstalled, "needs tmux"), .serialized)
struct TerminalRestorationTests {
  private struct Ending {
    var screen: String
    var modesAreKept: Bool
  }

  /// Opens a document behind a shell, lets `act` end the editor, waits for the shell.
  private func end(_ act: (TmuxTerminal, pid_t) async throws -> Void) async throws -> Ending {
    let home = try Scratch()
    let file = try home.file("document.txt", "First line\nSecond line\n")
    let script = try home.file(
      "script.sh",
      """
      echo MAIN SCREEN
      stty -g > '\(home.path("before"))'
      sh -c 'echo $$ > "\(home.path("pid"))"; exec "\(BuiltProgram.path)" "\(file)"'
      echo "exit $?"
      stty -g > '\(home.path("after"))'
      echo RESTORED
      sleep 600
      """)
    let terminal = try TmuxTerminal("sh '\(script)'", home: home)
    try await terminal.wait(forText: "Second line")
    #expect(!(try terminal.screen().contains("MAIN SCREEN")))
    let pid = try #require(
      home.read("pid").flatMap { pid_t($0.split(separator: "\n").first ?? "") })
    try await act(terminal, pid)
    let screen = try await terminal.wait(forText: "RESTORED")
    return Ending(screen: screen, modesAreKept: home.read("before") == home.read("after"))
  }

  @Test(arguments: [
    (SIGTERM, 143), (SIGHUP, 129), (SIGILL, 132), (SIGSEGV, 139), (SIGABRT, 134), (SIGTRAP, 133),
    (SIGQUIT, 131), (SIGUSR1, 138),
  ])
  func signals(_ signal: Int32, _ status: Int) async throws {
    let ending = try await end { _, pid in kill(pid, signal) }
    #expect(ending.modesAreKept)
    #expect(ending.screen.contains("MAIN SCREEN"))
    #expect(ending.screen.contains("exit \(status)"))
    #expect(!ending.screen.contains("Second line"))
    #expect(!ending.screen.contains("Press space"))
  }

  @Test func quitting() async throws {
    let ending = try await end { terminal, _ in try terminal.press("C-q") }
    #expect(ending.modesAreKept)
    #expect(ending.screen.contains("MAIN SCREEN"))
    #expect(ending.screen.contains("exit 0"))
  }

  /// A resize redraws; what was typed before is still there.
  @Test func resizing() async throws {
    let ending = try await end { terminal, _ in
      try terminal.type("typed ")
      try await terminal.wait(forText: "typed First line")
      try terminal.resize(columns: 40, rows: 10)
      try await terminal.wait(forText: "typed First line")
      try terminal.press("C-z", "C-q")
    }
    #expect(ending.modesAreKept)
    #expect(ending.screen.contains("exit 0"))
  }

  /// The key and the signal stop the editor each time, with the shell's screen and modes back.
  @Test func suspending() async throws {
    let home = try Scratch()
    let file = try home.file("document.txt", "First line\n")
    let rc = try home.file(
      "rc", "PS1='ready> '; edit() { '\(BuiltProgram.path)' '\(file)'; }\n")
    let terminal = try TmuxTerminal("bash --rcfile '\(rc)' -i", home: home)
    try await terminal.wait(forText: "ready>")
    try terminal.type("stty -g >'\(home.path("before"))'; clear; edit\n")
    for round in 1...10 {
      try await terminal.wait(for: "the editor") {
        $0.contains("First line") && !$0.contains("ready>")
      }
      if round % 2 == 0 {
        try terminal.press("M-z")
      } else {
        let pids = Files.names(in: "/proc").compactMap { pid_t($0) }.filter {
          Files.contents("/proc/\($0)/cmdline")?.elementsEqual(
            Array("\(BuiltProgram.path)\0\(file)\0".utf8)) == true
        }
        #expect(pids.count == 1)
        for pid in pids { kill(pid, SIGTSTP) }
      }
      try await terminal.wait(forText: "Stopped")
      try terminal.type("stty -g >'\(home.path("stopped"))'; echo round \(round) done\n")
      try await terminal.wait(forText: "\nround \(round) done")
      #expect(home.read("before") == home.read("stopped"))
      try terminal.type("clear; fg\n")
    }
    try await terminal.wait(forText: "First line")
    try terminal.press("C-q")
    try await terminal.wait(forText: "ready>")
  }
}
