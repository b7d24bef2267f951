import Editing
internal import Platform
internal import Synchronization

/// The clipboard of the desktop, by the programs that reach it. One is started for each copy and each
/// paste, and never before.
@MainActor
final class SystemClipboard {
  /// A program with its arguments.
  struct Tool: Equatable, Sendable {
    var program: String
    var copying: [String]
    var pasting: (program: String, plain: [String], primary: [String])

    static func == (one: Tool, other: Tool) -> Bool { one.program == other.program }
  }

  /// In the order in which they are tried.
  private nonisolated static let wayland = [
    Tool(
      program: "wl-copy", copying: [],
      pasting: ("wl-paste", ["--no-newline"], ["--no-newline", "--primary"]))
  ]
  private nonisolated static let x11 = [
    Tool(
      program: "xclip", copying: ["-selection", "clipboard", "-in"],
      pasting: ("xclip", ["-selection", "clipboard", "-out"], ["-selection", "primary", "-out"])),
    Tool(
      program: "xsel", copying: ["--clipboard", "--input"],
      pasting: ("xsel", ["--clipboard", "--output"], ["--primary", "--output"])),
  ]

  /// Limits for a program: running time and bytes of output.
  private nonisolated static let milliseconds = 2000
  private nonisolated static let mostBytes = 64 << 20

  private let tools: [Tool]
  private let mailbox: Mailbox
  private var last: Task<Void, Never>?

  /// - Parameter variable: returns a variable of the environment.
  init(_ mailbox: Mailbox, variable: (String) -> String? = Files.environment) {
    self.mailbox = mailbox
    tools = Self.tools(variable)
  }

  /// Programs for the desktop that the environment variables name; none without a desktop.
  nonisolated static func tools(_ variable: (String) -> String?) -> [Tool] {
    (variable("WAYLAND_DISPLAY") == nil ? [] : wayland) + (variable("DISPLAY") == nil ? [] : x11)
  }

  /// Whether there is a desktop. It may still lack the programs.
  var isReachable: Bool { !tools.isEmpty }

  func copy(_ text: String) {
    guard isReachable else { return }
    perform { [tools] in
      for tool in tools {
        let done = try? Subprocess.exchange(
          tool.program, tool.copying, input: Array(text.utf8), limit: 0,
          milliseconds: Self.milliseconds)
        if done?.status == 0 { return }
      }
    }
  }

  /// Asks for the text; the answer is `Event.clipboard`.
  func read(_ source: ClipboardSource, for id: DocumentID) {
    perform { [tools, mailbox] in
      mailbox.post(.document(id, .clipboard(Self.text(source, tools), from: source)))
    }
  }

  /// nil where no program has any.
  private nonisolated static func text(_ source: ClipboardSource, _ tools: [Tool]) -> String? {
    for tool in tools {
      let arguments = source == .primary ? tool.pasting.primary : tool.pasting.plain
      let result = try? Subprocess.exchange(
        tool.pasting.program, arguments, input: [], limit: mostBytes, milliseconds: milliseconds)
      if let result, result.status == 0 { return String(decoding: result.output, as: UTF8.self) }
    }
    return nil
  }

  /// Copies run one after another, so that a paste finds the text copied before it.
  private func perform(_ work: @escaping @Sendable () -> Void) {
    last = Task.detached(executorPreference: BackgroundThreads.shared) { [before = last] in
      await before?.value
      work()
    }
  }

  /// Waits for the last copy to finish.
  func finish() async { await last?.value }
}
