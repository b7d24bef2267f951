import Commands
import Platform
import Synchronization
import TestSupport

@testable import palimpsest

/// A real terminal emulator, tmux, with one window that a test types into and looks at.
final class TmuxTerminal {
  private static let count = Mutex(0)

  static let isInstalled =
    (try? Subprocess.run("tmux", ["-V"], log: "/dev/null"))?.status == 0

  /// Has the socket, and is there as long as the server runs.
  private let home: Scratch
  private let socket: String
  private let log: String

  /// Starts `command`, a line for the shell, in a window of 80 columns and 24 rows.
  /// `isFirst`: the editor has not been started before.
  init(
    _ command: String, home: Scratch, columns: Int = 80, rows: Int = 24, isFirst: Bool = false
  ) throws {
    if !isFirst {
      try Files.makeFolder(home.path("state/palimpsest"))
      try home.file("state/palimpsest/tour", "")
    }
    let number = Self.count.withLock { count in
      count += 1
      return count
    }
    self.home = home
    socket = home.path("tmux-\(number)")
    log = home.path("tmux-\(number).log")
    try tmux(
      ["new-session", "-d", "-x", "\(columns)", "-y", "\(rows)", command],
      environment: home.environment.merging(["TERM": "xterm-256color", "NO_COLOR": ""]) { $1 })
  }

  deinit {
    _ = try? Subprocess.run("tmux", ["-S", socket, "kill-server"], log: log)
  }

  @discardableResult
  private func tmux(_ arguments: [String], environment: [String: String] = [:]) throws -> String {
    let result = try Subprocess.run(
      "tmux", ["-u", "-S", socket, "-f", "/dev/null"] + arguments, environment: environment,
      log: log)
    guard let result, result.status == 0 else {
      throw CommandFailure("tmux \(arguments.first ?? ""): \(result?.output ?? "not installed")")
    }
    return result.output
  }

  /// Keys as tmux names them: `M-Enter`, `C-s`, `Escape`, `Left`, or text.
  func press(_ keys: String...) throws {
    for key in keys { try tmux(["send-keys", key]) }
  }

  func type(_ text: String) throws {
    try tmux(["send-keys", "-l", text])
  }

  func resize(columns: Int, rows: Int) throws {
    try tmux(["resize-window", "-x", "\(columns)", "-y", "\(rows)"])
  }

  /// The visible rows, without trailing blanks.
  func screen() throws -> String {
    try tmux(["capture-pane", "-p"])
  }

  /// The visible rows with the sequences of their colours.
  func colours() throws -> String {
    try tmux(["capture-pane", "-p", "-e"])
  }

  /// Looks again and again until the screen is as wanted; throws with the last one when it has
  /// looked for two minutes.
  @discardableResult
  func wait(for what: String, until wanted: (String) -> Bool) async throws -> String {
    var last = ""
    do {
      try await eventually(what) {
        last = try screen()
        return wanted(last)
      }
    } catch {
      throw CommandFailure("\(error) The screen:\n\(last)")
    }
    return last
  }

  @discardableResult
  func wait(forText text: String) async throws -> String {
    try await wait(for: "“\(text)”") { $0.contains(text) }
  }
}
