internal import CNcurses
internal import CPlatform
internal import Editing
internal import Glibc
public import Rendering

/// The terminal: sole owner of curses, of the device's modes and of the signals that concern it.
///
/// Curses only paints. Keys are read from the device and decoded by `KeyDecoder`. Call `close`
/// before the process ends: nothing does it for you, faults excepted, for which handlers put the
/// screen back (see `setFaultMessage`).
@MainActor @safe public final class Terminal {
  public private(set) var columns: Int
  public private(set) var rows: Int
  /// Colours of the terminal, or `.mono` with `NO_COLOR`. Adapt themes to it before making frames.
  public let depth: ColorDepth
  /// Ends `wait` from other threads.
  public let waker: Waker
  /// A descriptor that ends `wait` when it is readable; negative for none.
  public var watched: Int32 = -1

  let device: Int32
  let signals: Int32
  let window: UnsafeMutablePointer<WINDOW>
  let palette: Palette
  var decoder: KeyDecoder
  var pairs: PairCache
  /// The contents of the screen; nil when unknown or damaged.
  var last: Frame?
  var looks: [Style: Look] = [:]
  /// Caught while something else was awaited.
  var pending: [Int32] = []
  private let screen: OpaquePointer
  private var isOpen = true

  /// A style in curses' terms.
  struct Look {
    var attributes: attr_t
    var pair: Int32
  }

  /// Opens the terminal of standard input, or the controlling terminal, and shows an empty screen.
  ///
  /// - Parameters:
  ///   - device: descriptor of a terminal, which the caller closes.
  ///   - type, noColor: in place of the variables `TERM` and `NO_COLOR`.
  ///
  /// Throws without a terminal, or if its cursor cannot be placed.
  public init(
    device given: Int32? = nil, type: String? = nil, noColor: Bool? = nil
  ) throws(TerminalError) {
    let device = given ?? cp_tty_open()
    guard device >= 0, cp_tty_remember(device) == 0 else {
      throw TerminalError(
        place: given == nil ? "/dev/tty" : "descriptor \(device)", expected: "a terminal",
        found: "none; run palimpsest in a terminal")
    }
    guard cn_use_utf8() != 0, let waker = Waker() else {
      throw TerminalError(
        place: "locale", expected: "one with UTF-8, such as C.UTF-8", found: "none")
    }
    let type = type ?? Self.environment("TERM") ?? ""
    let (screen, window) = try unsafe Self.open(type, device: device)
    let noColor = noColor ?? !(Self.environment("NO_COLOR") ?? "").isEmpty
    let colors = unsafe max(0, Int(cn_number("colors")))
    let depth = ColorDepth(colors: colors, noColor: noColor)
    if depth != .mono {
      start_color()
      use_default_colors()
    }

    self.device = device
    self.waker = waker
    self.depth = depth
    unsafe self.screen = screen
    unsafe self.window = window
    palette = Palette(depth)
    decoder = KeyDecoder(erase: cp_tty_erase())
    pairs = PairCache(capacity: unsafe max(1, Int(cn_number("pairs"))))
    (columns, rows) = Self.size(of: device)
    signals = cp_signals_open()
    resizeterm(Int32(rows), Int32(columns))
    takeOver()
  }

  private static func open(
    _ type: String, device: Int32
  ) throws(TerminalError) -> (OpaquePointer, UnsafeMutablePointer<WINDOW>) {
    let fitting = "a terminal whose cursor can be placed, such as TERM=xterm-256color"
    if type.isEmpty || type == "dumb" {
      throw TerminalError(place: "TERM=\(type)", expected: fitting, found: "none")
    }
    // New terminals ship without a terminfo entry more often than without xterm's sequences.
    for candidate in [type, "xterm-256color", "xterm"] {
      guard let screen = unsafe cn_open(candidate, device), let window = unsafe cn_screen() else {
        continue
      }
      if unsafe cn_capability("cup") == nil {
        endwin()
        unsafe delscreen(screen)
        break
      }
      return unsafe (screen, window)
    }
    throw TerminalError(
      place: "TERM=\(type)", expected: fitting, found: "no such entry in terminfo")
  }

  private static func environment(_ name: String) -> String? {
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }

  private static func size(of device: Int32) -> (columns: Int, rows: Int) {
    var columns: Int32 = 0
    var rows: Int32 = 0
    unsafe _ = cp_tty_size(device, &columns, &rows)
    return (Int(columns), Int(rows))
  }

  // MARK: Modes

  /// Bracketed paste, buttons and drags, reports as SGR numbers, focus.
  private static let modesOn = "\u{1b}[?2004h\u{1b}[?1002h\u{1b}[?1006h\u{1b}[?1004h"
  private static let modesOff = "\u{1b}[?1004l\u{1b}[?1006l\u{1b}[?1002l\u{1b}[?2004l"

  /// Raw input, our modes, a rescue for faults. Curses paints everything at the next `draw`.
  private func takeOver() {
    _ = cp_tty_raw(device)
    def_prog_mode()
    write(Self.modesOn)
    let leave =
      Self.modesOff + capability("sgr0") + capability("cnorm") + capability("rmcup")
    unsafe cp_fatal_arm(device, leave, leave.utf8.count)
    forgetScreen()
  }

  private func handBack() {
    cp_fatal_disarm()
    write(Self.modesOff)
    endwin()
    _ = cp_tty_restore(device)
  }

  private func capability(_ name: String) -> String {
    unsafe cn_capability(name).map { unsafe String(cString: $0) } ?? ""
  }

  /// The next frame is drawn whole. For `Effect.redraw`.
  public func forgetScreen() {
    last = nil
    unsafe clearok(window, true)
  }

  /// Gives the terminal back to the shell and stops the process group, as Ctrl-Z does elsewhere;
  /// returns once it is continued. `body` may write to the screen that the shell gets. Follow it
  /// with a `draw`.
  public func suspend(_ body: () -> Void = {}) {
    guard isOpen else { return }
    handBack()
    body()
    cp_stop_group()
    while case let signal = cp_signals_next(signals), signal != 0 {
      if signal != SIGCONT, signal != SIGTSTP { pending.append(signal) }
    }
    _ = cp_tty_remember(device)
    decoder = KeyDecoder(erase: cp_tty_erase())
    pending.append(SIGWINCH)
    takeOver()
  }

  /// Something else drew or changed modes while we were stopped.
  func recover() {
    handBack()
    takeOver()
    pending.append(SIGWINCH)
  }

  /// Restores screen and modes as they were found. Nothing may be drawn afterwards.
  public func close() {
    guard isOpen else { return }
    isOpen = false
    handBack()
    unsafe delscreen(screen)
  }

  /// Reads the device's current size. Nil if it is unchanged.
  func adoptSize() -> Event? {
    let size = Self.size(of: device)
    guard size != (columns, rows) else { return nil }
    (columns, rows) = size
    resizeterm(Int32(rows), Int32(columns))
    forgetScreen()
    return .resize(columns: columns, rows: rows)
  }

  // MARK: Outside painting

  /// Puts text on the terminal's clipboard by OSC 52. False when it is too long for terminals to
  /// take; a terminal without OSC 52 ignores it.
  public func copy(_ text: String) -> Bool {
    guard isOpen, let sequence = ClipboardSequence.copy(text) else { return false }
    write(sequence)
    return true
  }

  /// One line that is shown when the process dies of a fault, such as where unsaved text is kept.
  /// Control characters are left out.
  public static func setFaultMessage(_ text: String) {
    let line = String(text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7f })
    unsafe cp_fatal_message(line)
  }

  func write(_ text: String) {
    unsafe _ = cp_tty_write(device, text, text.utf8.count)
  }
}
