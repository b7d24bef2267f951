import CPlatform
import Editing
import Foundation
import Glibc
import Rendering
import Testing

@testable import Terminals

/// A terminal over a pseudo-terminal. One test, since curses and signal handlers are the process's.
@MainActor @Suite(.serialized) struct TerminalTests {
  /// What the program has sent so far.
  private func output(_ master: Int32, _ terminal: Terminal) -> String {
    var all: [UInt8] = []
    var bytes = [UInt8](repeating: 0, count: 65_536)
    while Int(cp_wait(master, -1, -1, -1, 50)) & CP_READY_TTY != 0 {
      let capacity = bytes.count
      let count = unsafe cp_tty_read(master, &bytes, capacity)
      guard count > 0 else { break }
      all += bytes[..<Int(count)]
    }
    return String(decoding: all, as: UTF8.self)
  }

  private func send(_ text: String, to master: Int32) {
    unsafe _ = cp_tty_write(master, text, text.utf8.count)
  }

  /// What curses holds after a change was drawn is what it holds when all is drawn anew.
  private func drawsChanges(_ terminal: Terminal, _ master: Int32) {
    let seed = UInt64.random(in: 0...UInt64.max)
    var state = seed
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let clusters = [
      ("a", 1), ("漢", 2), ("b", 1), ("e\u{301}", 1), ("👍", 2), ("🇩🇪", 2), ("की", 2), (" ", 1),
    ]
    var frame = Frame(columns: 40, rows: 6)
    for round in 0..<20 {
      for _ in 0..<random(60) {
        let (text, width) = clusters[random(clusters.count)]
        frame.put(
          text, width: width, column: random(40), row: random(6),
          style: Style(attributes: random(4) == 0 ? .bold : []))
      }
      frame.cursor = ScreenPosition(column: 39, row: 1)
      terminal.draw(frame)
      _ = output(master, terminal)
      // Nothing is written, curses sends what it holds.
      terminal.forgetScreen()
      terminal.last = frame
      frame.cursor = ScreenPosition(column: round, row: 1)
      terminal.draw(frame)
      let held = output(master, terminal)
      terminal.forgetScreen()
      terminal.draw(frame)
      #expect(held == output(master, terminal), "seed \(seed), round \(round)")
    }
  }

  @Test func aWholeSession() throws {
    var device: Int32 = -1
    let master = unsafe cp_pseudo_terminal(&device, 40, 6)
    try #require(master >= 0)
    defer {
      cp_tty_close(device)
      cp_tty_close(master)
    }
    let before = cp_tty_is_raw(device)
    #expect(before == 0)

    let terminal = try Terminal(device: device, type: "xterm-256color", noColor: false)
    #expect(cp_tty_is_raw(device) == 1)
    #expect(terminal.columns == 40 && terminal.rows == 6)
    #expect(terminal.depth == .indexed)

    // Painting: text where it belongs, wide characters, and no more than what changed.
    var frame = Frame(columns: 40, rows: 6, style: Theme.standard[.text])
    frame.put("漢", width: 2, column: 0, row: 0, style: .plain)
    for (column, character) in "palimpsest".enumerated() {
      frame.put(String(character), width: 1, column: column, row: 2, style: .plain)
    }
    frame.cursor = ScreenPosition(column: 3, row: 2)
    terminal.draw(frame)
    let painted = output(master, terminal)
    #expect(painted.contains("\u{1b}[?1049h"))
    #expect(painted.contains("\u{1b}[?2004h") && painted.contains("\u{1b}[?1004h"))
    #expect(painted.contains("漢"))
    #expect(painted.contains("palimpsest"))
    terminal.draw(frame)
    #expect(output(master, terminal) == "")
    frame.put("P", width: 1, column: 0, row: 2, style: .plain)
    terminal.draw(frame)
    let changed = output(master, terminal)
    #expect(changed.contains("P") && changed.utf8.count < 60, "\(changed.debugDescription)")

    drawsChanges(terminal, master)

    // Input: keys, a paste, a lone Esc after its delay, a wake-up from elsewhere.
    send("a\u{1b}[A\u{1a}\u{1b}[200~x\ry\u{1b}[201~", to: master)
    #expect(
      terminal.wait(milliseconds: 1000).events == [
        .key(Key(.character("a"))), .key(Key(.up)), .key(Key(.character("z"), .control)),
        .paste("x\ny"),
      ])
    send("\u{1b}", to: master)
    var events: [Event] = []
    for _ in 0..<100 where events.isEmpty { events = terminal.wait(milliseconds: 100).events }
    #expect(events == [.key(Key(.escape))])
    #expect(terminal.wait(milliseconds: 0) == Wakeup())
    let waker = terminal.waker
    // A task might wait for other tests, which hold the threads that tasks run on.
    Thread.detachNewThread { waker.signal() }
    #expect(terminal.wait(milliseconds: 5000).isWoken)

    // A new size.
    cp_pseudo_resize(master, 50, 8)
    var sizes: [Event] = []
    terminal.pending.append(28)  // SIGWINCH: this device is not the process's controlling one.
    for _ in 0..<20 where sizes.isEmpty { sizes = terminal.wait(milliseconds: 50).events }
    #expect(sizes == [.resize(columns: 50, rows: 8)])
    terminal.draw(Frame(columns: 50, rows: 8))
    _ = output(master, terminal)

    // The clipboard, and the way out.
    #expect(terminal.copy("hi"))
    #expect(output(master, terminal) == "\u{1b}]52;c;aGk=\u{07}")
    terminal.close()
    terminal.close()
    let left = output(master, terminal)
    #expect(left.contains("\u{1b}[?1049l") && left.contains("\u{1b}[?2004l"))
    #expect(left.contains("\u{1b}[?1002l") && left.contains("\u{1b}[?1006l"))
    #expect(left.contains("\u{1b}[?1004l"))
    #expect(cp_tty_is_raw(device) == 0)
  }

  @Test(arguments: ["dumb", ""])
  func refuses(type: String) throws {
    var device: Int32 = -1
    let master = unsafe cp_pseudo_terminal(&device, 40, 6)
    defer {
      cp_tty_close(device)
      cp_tty_close(master)
    }
    #expect(throws: TerminalError.self) { try Terminal(device: device, type: type) }
    #expect(cp_tty_is_raw(device) == 0)
  }

  /// New terminals come without a terminfo entry more often than without xterm's sequences.
  @Test func unknownTypesAreTakenForXterm() throws {
    var device: Int32 = -1
    let master = unsafe cp_pseudo_terminal(&device, 40, 6)
    defer {
      cp_tty_close(device)
      cp_tty_close(master)
    }
    let terminal = try Terminal(device: device, type: "no-such-terminal", noColor: true)
    #expect(terminal.depth == .mono)
    terminal.draw(Frame(columns: 40, rows: 6))
    #expect(output(master, terminal).contains("\u{1b}[?1049h"))
    terminal.close()
    #expect(cp_tty_is_raw(device) == 0)
  }

  @Test func noTerminal() {
    #expect(throws: TerminalError.self) { try Terminal(device: 9999, type: "xterm") }
  }
}

/// Faults in a child process: the screen is put back, one line says where the text is, and the
/// process dies of the signal that Swift traps with.
@Suite struct FaultTests {
  @Test func trapRestoresTheScreen() async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent, \.exitStatus]
    ) {
      let leave = "\u{1b}[?1049l"
      unsafe cp_fatal_arm(2, leave, leave.utf8.count)
      await Terminal.setFaultMessage("Your text is in /tmp/journal\u{1b}[2J")
      let empty: [Int] = []
      _ = empty[empty.count]
    }
    let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(text.contains("\u{1b}[?1049lpalimpsest: internal error, SIG"))
    #expect(text.contains("Your text is in /tmp/journal[2J\r\n"))
    #expect(!text.contains("Press space to interact"))
  }

  @Test func abortRestoresTheScreen() async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      unsafe cp_fatal_arm(2, "<", 1)
      abort()
    }
    let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(text.contains("<palimpsest: internal error, SIGABRT. "))
  }

  /// Not only faults: whatever ends a process by default. It is no error of the program then. Sent
  /// to the process, since threads of the concurrency runtime block signals.
  @Test func anyFatalSignalRestoresTheScreen() async throws {
    let user = await #expect(
      processExitsWith: .signal(SIGUSR1), observing: [\.standardErrorContent]
    ) {
      unsafe cp_fatal_arm(2, "<", 1)
      kill(getpid(), SIGUSR1)
      sleep(60)
    }
    let quit = await #expect(
      processExitsWith: .signal(SIGQUIT), observing: [\.standardErrorContent]
    ) {
      unsafe cp_fatal_arm(2, "<", 1)
      kill(getpid(), SIGQUIT)
      sleep(60)
    }
    let late = await #expect(
      processExitsWith: .signal(64), observing: [\.standardErrorContent]
    ) {
      unsafe cp_fatal_arm(2, "<", 1)
      kill(getpid(), 64)
      sleep(60)
    }
    for (result, name) in [(user, "SIGUSR1"), (quit, "SIGQUIT"), (late, "signal 64")] {
      let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
      #expect(text.contains("<palimpsest: ended by \(name). "), "\(text)")
    }
  }

  /// As for a program started by `nohup`.
  @Test func ignoredSignalsStayIgnored() async {
    await #expect(processExitsWith: .exitCode(7)) {
      signal(SIGQUIT, SIG_IGN)
      signal(SIGUSR2, SIG_IGN)
      unsafe cp_fatal_arm(2, "<", 1)
      kill(getpid(), SIGQUIT)
      kill(getpid(), SIGUSR2)
      usleep(100_000)
      exit(7)
    }
  }
}
