import JSON
import Platform
import TestSupport
import Testing

@testable import palimpsest

/// The first start, themes and settings in a real terminal, and the clipboard of a desktop.
@Suite(.enabled(if: TmuxTerminal.isInstalled, "needs tmux"), .serialized)
struct DeskStoryTests {
  private func start(
    _ home: Scratch, _ command: String = "", isFirst: Bool = false
  ) async throws -> TmuxTerminal {
    let file = try home.file("document.txt", "First line\n")
    let terminal = try TmuxTerminal(
      "\(command) '\(BuiltProgram.path)' '\(file)'; echo \"exit $?\"; sleep 600", home: home,
      isFirst: isFirst)
    try await terminal.wait(forText: "First line")
    return terminal
  }

  @Test func theTourIsShownOnce() async throws {
    let home = try Scratch()
    var terminal = try await start(home, isFirst: true)
    try await terminal.wait(forText: "Any key closes this")
    // The key is not lost.
    try terminal.type("x")
    try await terminal.wait(for: "the end of the tour") {
      $0.contains("xFirst line") && !$0.contains("Any key closes this")
    }
    try await eventually("the memory of it") { home.read("state/palimpsest/tour") != nil }
    try terminal.press("C-q", "d")
    try await terminal.wait(forText: "exit 1")
    terminal = try await start(home, isFirst: true)
    #expect(!(try terminal.screen().contains("Any key closes this")))
  }

  @Test(arguments: ["GIT_EXEC_PATH=/usr/lib/git-core", "true </dev/null |"])
  func programsAreNotShownTheTour(command: String) async throws {
    let terminal = try await start(try Scratch(), command, isFirst: true)
    #expect(!(try terminal.screen().contains("Any key closes this")))
  }

  @Test func aThemeIsChosenAndKept() async throws {
    let home = try Scratch()
    let terminal = try await start(home)
    /// Those of the first cell: a screen may be looked at while it is being drawn.
    func colours() throws -> Substring { try terminal.colours().prefix { $0 != " " } }
    let before = try colours()
    try terminal.press("C-p")
    try terminal.type("choose the theme")
    try terminal.press("Enter")
    try await terminal.wait(forText: "okabe-ito-dark")
    try terminal.press("Down")
    try await eventually("other colours") { try colours() != before }
    try terminal.press("Escape")
    try await terminal.wait(for: "the text") { !$0.contains("okabe-ito-dark") }
    try terminal.press("C-p")
    try terminal.type("choose the theme")
    try terminal.press("Enter")
    try await terminal.wait(forText: "okabe-ito-dark")
    try await eventually("the colours of before") { try colours() == before }
    try terminal.press("Down", "Enter")
    try await terminal.wait(forText: "Write theme to config.toml?")
    try terminal.press("y")
    try await eventually("the file") {
      home.read("config/palimpsest/config.toml") == "theme = \"harbour\"\n"
    }
  }

  @Test func aSettingCountsAtOnce() async throws {
    let home = try Scratch()
    let terminal = try await start(home)
    let numbered = try terminal.screen()
    func first(of screen: String) -> Substring? { screen.split(separator: "\n").first }
    try terminal.press("C-p")
    try terminal.type("change settings")
    try terminal.press("Enter")
    try await terminal.wait(forText: "Setting:")
    try terminal.type("line-numbers")
    try terminal.press("Enter")
    try await terminal.wait(forText: "editor.line-numbers: false")
    try terminal.press("Escape")
    try await terminal.wait(forText: "Write editor.line-numbers to config.toml?")
    try terminal.press("n")
    try await terminal.wait(for: "no numbers") {
      !$0.contains("config.toml") && first(of: $0) != first(of: numbered)
    }
    #expect(home.read("config/palimpsest/config.toml") == nil)
  }

  /// A program of the desktop is started for a copy and a paste, and not before.
  @Test func theDesktopHasWhatWasCopied() async throws {
    let home = try Scratch()
    try Files.makeFolder(home.path("bin"))
    let script = """
      #!/bin/sh
      echo "$*" >>'\(home.path("calls"))'
      case "$*" in *-in) cat >'\(home.path("clip"))' ;; *) printf 'from the desktop ' ;; esac

      """
    try home.file("bin/xclip", script)
    _ = try Subprocess.run("chmod", ["755", home.path("bin/xclip")], log: "/dev/null")
    let terminal = try await start(
      home, "env -u WAYLAND_DISPLAY DISPLAY=:9 PATH='\(home.path("bin"))':\"$PATH\"")
    #expect(home.read("calls") == nil)
    try terminal.press("S-Right", "S-Right", "C-c")
    try await eventually("the copy") { home.read("clip") == "Fi" }
    try terminal.press("C-v")
    try terminal.type("x")
    try await terminal.wait(forText: "from the desktop xrst line")
    #expect(
      home.read("calls") == "-selection clipboard -in\n-selection clipboard -out\n")
  }
}

/// `palimpsest config` as it is run.
struct ConfigCommandTests {
  @Test func itShowsSourcesAndNoKeys() throws {
    let home = try Scratch()
    try Files.makeFolder(home.path("config/palimpsest"))
    try home.file(
      "config/palimpsest/config.toml",
      """
      theme = "light"
      [editor]
      tabs = 3
      [engine.box]
      kind = "ollama"
      model = "m"
      key-command = "echo hush"
      key = "hush-hush"

      """)
    let result = try BuiltProgram.run(
      ["config", "--threads", "3"], home: home, environment: ["NO_COLOR": "1"])
    #expect(result.status == 0)
    let lines = result.output.split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("theme = \"light\"") && $0.hasSuffix("# line 1") })
    #expect(lines.contains { $0.hasPrefix("threads = 3") && $0.hasSuffix("# --threads") })
    #expect(lines.contains { $0.hasPrefix("tab-width = 4") && $0.hasSuffix("# default") })
    #expect(lines.contains { $0.hasPrefix("# NO_COLOR") && $0.hasSuffix("(no colours)") })
    #expect(result.output.contains("(XDG_CONFIG_HOME)"))
    #expect(lines.contains { $0.hasPrefix("# key-command: set, not shown") })
    #expect(lines.contains { $0.hasPrefix("# * light") })
    #expect(result.error.contains("editor.tabs: expected a known key"))
    let json = try BuiltProgram.run(["config", "--json"], home: home)
    let object = try JSONValue.parse(Array(json.output.utf8), file: "output")
    #expect(object["read"]?.bool == true)
    for text in [result.output, result.error, json.output, json.error] {
      #expect(!text.contains("hush"))
    }
  }

  @Test func wrongCommandLines() throws {
    let result = try BuiltProgram.run(["config", "--nonsense"], home: try Scratch())
    #expect(result.status == 64 && result.output.isEmpty)
  }
}
