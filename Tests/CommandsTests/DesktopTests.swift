import Editing
import Platform
import TestSupport
import Testing

@testable import palimpsest

/// What the editor finds out about the desktop and about its first start.
struct DesktopTests {
  @Test(
    arguments: [
      ([:], []), (["DISPLAY": ":0"], ["xclip", "xsel"]), (["WAYLAND_DISPLAY": "w"], ["wl-copy"]),
      (["WAYLAND_DISPLAY": "w", "DISPLAY": ":0"], ["wl-copy", "xclip", "xsel"]),
    ] as [([String: String], [String])])
  func programsOfTheDesktop(variables: [String: String], programs: [String]) {
    #expect(SystemClipboard.tools { variables[$0] }.map(\.program) == programs)
  }

  private func shows(
    _ paths: [String], hasTerminal: Bool = true, file: String = "/no/such/file",
    _ variables: [String: String] = [:]
  ) -> Bool {
    FirstStart.showsTour(
      paths: paths, hasTerminal: hasTerminal, file: file, variable: { variables[$0] })
  }

  @Test func theTourIsForPeople() {
    #expect(shows([]) && shows(["/home/me/letter.txt"]))
    #expect(!shows([], hasTerminal: false))
    #expect(!shows(["/a/.git/COMMIT_EDITMSG"]) && !shows(["/tmp/git-rebase-todo"]))
    #expect(!shows(["/a/b.txt"], ["GIT_EXEC_PATH": "/usr/lib/git-core"]))
    #expect(shows(["/home/me/.github/x.md"]))
  }

  @Test func itIsClosedForGood() throws {
    let home = try Scratch()
    let file = home.path("state/palimpsest/tour")
    #expect(shows([], file: file))
    FirstStart.remember(in: file)
    #expect(!shows([], file: file))
    #expect(Files.names(in: home.path("state/palimpsest")) == ["tour"])
    // Where nothing can be written, nothing happens.
    FirstStart.remember(in: "/proc/no/tour")
  }
}
