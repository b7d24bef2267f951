public import Editing
internal import Strings

/// Turns the bytes of a terminal into events. Pure: no clock, no device.
///
/// Any split of the same bytes over calls of `feed` gives the same events; only `flush`, called
/// when no byte has come for a while, resolves what is ambiguous (a bare Esc) and ends what lacks its
/// end (a paste whose last bytes were lost). Sequences follow xterm's control sequences (`CSI 1;5C`,
/// `CSI 3~`, SS3), the `u` form of the kitty keyboard protocol and SGR mouse reports; focus reports
/// and strings (OSC, DCS, ...) are swallowed.
public struct KeyDecoder: Sendable {
  enum State: Sendable, Equatable {
    case ground
    /// ESC bytes so far: 1, or 2 if the second may start an Alt-modified sequence.
    case escape(Int)
    /// Parameter bytes so far; `isMeta` where two ESC came before it.
    case control(parameters: [UInt8], isMeta: Bool)
    /// `CSI [`, the Linux console's function keys.
    case console
    /// Three bytes of the oldest mouse report.
    case oldMouse([UInt8])
    case single(parameters: [UInt8], isMeta: Bool)
    /// Inside OSC, DCS, APC, PM or SOS, begun by this byte; `count` bytes so far, last one `ESC`
    /// or not.
    case string(introducer: UInt8, count: Int, sawEscape: Bool)
    /// Inside a bracketed paste; its bytes that were not delivered yet are in `pasted`.
    case paste
    /// A UTF-8 sequence that lacks bytes; `isAlt` where ESC came before it.
    case tail([UInt8], isAlt: Bool)
  }

  /// Milliseconds without a byte after which an ESC is the Esc key.
  public static let escapeDelay = 25
  /// Milliseconds after which an unfinished sequence is taken as typed, or dropped.
  public static let sequenceDelay = 100
  /// Milliseconds after which a paste without an end is over. Long, since the rest of a paste that
  /// only stalled is then read as keys.
  public static let pasteDelay = 2000

  /// Bytes of a paste after which they are delivered; the rest follows as further pastes.
  var longestPaste = 8 << 20
  var state = State.ground
  private var pasted: [UInt8] = []
  private var lastByte = 0
  private let erase: UInt8
  var events: [Event] = []
  var now = 0

  /// `erase` is the byte the terminal sends for Backspace, `termios.c_cc[VERASE]`.
  public init(erase: UInt8 = 0x7f) { self.erase = erase }

  /// When to call `flush` if nothing arrives, on the caller's clock; nil while nothing is pending.
  public var deadline: Int? {
    switch state {
    case .ground: nil
    case .escape: lastByte + Self.escapeDelay
    case .paste: lastByte + Self.pasteDelay
    default: lastByte + Self.sequenceDelay
    }
  }

  /// Decodes bytes that arrived at `now`, in milliseconds. O(bytes).
  public mutating func feed(_ bytes: [UInt8], now: Int) -> [Event] {
    guard !bytes.isEmpty else { return [] }
    self.now = now
    lastByte = now
    for byte in bytes { take(byte) }
    return drain()
  }

  /// Resolves pending bytes that have waited long enough at `now`.
  public mutating func flush(now: Int) -> [Event] {
    guard let deadline, now >= deadline else { return [] }
    self.now = now
    let pending = state
    state = .ground
    switch pending {
    case .escape(let count):
      for _ in 0..<count { emit(Key(.escape)) }
    case .control(let parameters, let isMeta) where parameters.isEmpty:
      typed(UInt8(ascii: "["), afterEscape: isMeta)
    case .single(let parameters, let isMeta) where parameters.isEmpty:
      typed(UInt8(ascii: "O"), afterEscape: isMeta)
    case .string(let introducer, 0, false):
      typed(introducer, afterEscape: false)
    case .paste:
      deliverPaste(keeping: begunPasteEnd)
      // The beginning of an end whose rest was lost is neither text nor keys.
      pasted = []
    default: break
    }
    return drain()
  }

  private mutating func drain() -> [Event] {
    defer { events.removeAll(keepingCapacity: true) }
    return events
  }

  mutating func emit(_ key: Key) { events.append(.key(key)) }

  private mutating func typed(_ byte: UInt8, afterEscape: Bool) {
    if afterEscape { emit(Key(.escape)) }
    emit(Key(.character(Character(Unicode.Scalar(byte))), .alt))
  }

  // MARK: One byte

  private mutating func take(_ byte: UInt8) {
    switch state {
    case .ground: ground(byte, isAlt: false)
    case .escape(let count): escape(byte, count: count)
    case .control(let parameters, let isMeta): control(byte, parameters, isMeta: isMeta)
    case .console:
      state = .ground
      if (UInt8(ascii: "A")...UInt8(ascii: "E")).contains(byte) {
        emit(Key(.function(Int(byte - UInt8(ascii: "A")) + 1)))
      }
    case .oldMouse(let bytes):
      state = .oldMouse(bytes + [byte])
      if bytes.count == 2 {
        state = .ground
        mouse(
          code: Int(bytes[0]) - 32, column: Int(bytes[1]) - 32, row: Int(byte) - 32,
          isRelease: bytes[0] & 0b1100_0011 == 0b0000_0011)
      }
    case .single(let parameters, let isMeta): single(byte, parameters, isMeta: isMeta)
    case .string(let introducer, let count, let sawEscape):
      string(byte, introducer: introducer, count: count, sawEscape: sawEscape)
    case .paste: paste(byte)
    case .tail(let bytes, let isAlt): tail(byte, bytes, isAlt: isAlt)
    }
  }

  private mutating func ground(_ byte: UInt8, isAlt: Bool) {
    state = .ground
    let alt: Key.Modifiers = isAlt ? .alt : []
    switch byte {
    case 0x1b: state = .escape(1)
    case erase: emit(Key(.backspace, alt))
    case 0x7f: emit(Key(.delete, alt))
    case 0x08: emit(Key(.backspace, alt.union(.control)))
    case 0x09: emit(Key(.tab, alt))
    case 0x0a, 0x0d: emit(Key(.enter, alt))
    case 0x00: emit(Key(.character(" "), alt.union(.control)))
    case 0x01...0x1a:
      emit(Key(.character(Character(Unicode.Scalar(byte + 0x60))), alt.union(.control)))
    case 0x1c...0x1f:
      emit(Key(.character(Character(Unicode.Scalar(byte + 0x40))), alt.union(.control)))
    case 0x20...0x7e: emit(Key(.character(Character(Unicode.Scalar(byte))), alt))
    case 0xc2...0xf4: state = .tail([byte], isAlt: isAlt)
    default: break
    }
  }

  private mutating func escape(_ byte: UInt8, count: Int) {
    switch byte {
    case 0x1b:
      // A third ESC makes the first one a key press.
      if count == 2 { emit(Key(.escape)) }
      state = .escape(2)
    case UInt8(ascii: "["): state = .control(parameters: [], isMeta: count == 2)
    case UInt8(ascii: "O"): state = .single(parameters: [], isMeta: count == 2)
    case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "X"), UInt8(ascii: "^"),
      UInt8(ascii: "_"):
      if count == 2 { emit(Key(.escape)) }
      state = .string(introducer: byte, count: 0, sawEscape: false)
    default:
      if count == 2 { emit(Key(.escape)) }
      ground(byte, isAlt: true)
    }
  }

  private mutating func tail(_ byte: UInt8, _ bytes: [UInt8], isAlt: Bool) {
    guard byte.isUTF8Continuation else {
      // The sequence was cut off; this byte starts afresh.
      ground(byte, isAlt: false)
      return
    }
    let bytes = bytes + [byte]
    let length = bytes[0] >= 0xf0 ? 4 : bytes[0] >= 0xe0 ? 3 : 2
    guard bytes.count == length else {
      state = .tail(bytes, isAlt: isAlt)
      return
    }
    state = .ground
    if let text = String(validating: bytes, as: UTF8.self), let character = text.first {
      // C1 controls are no keys.
      if let scalar = text.unicodeScalars.first, scalar.value < 0xa0 { return }
      emit(Key(.character(character), isAlt ? .alt : []))
    }
  }

  private mutating func string(_ byte: UInt8, introducer: UInt8, count: Int, sawEscape: Bool) {
    switch byte {
    case 0x07 where introducer == UInt8(ascii: "]"), 0x18, 0x1a: state = .ground
    case 0x1b where !sawEscape:
      state = .string(introducer: introducer, count: count + 1, sawEscape: true)
    case UInt8(ascii: "\\") where sawEscape: state = .ground
    case _ where sawEscape:
      // ESC ends a string even if it does not start a proper terminator.
      state = .escape(1)
      escape(byte, count: 1)
    default: state = .string(introducer: introducer, count: count + 1, sawEscape: false)
    }
  }

  // MARK: Paste

  private static let pasteEnd = Array("\u{1b}[201~".utf8)

  private mutating func paste(_ byte: UInt8) {
    if pasted.count >= longestPaste, begunPasteEnd > 0 || !continuesCharacter(byte) {
      deliverPaste(keeping: begunPasteEnd)
    }
    pasted.append(byte)
    guard byte == UInt8(ascii: "~"),
      pasted.suffix(Self.pasteEnd.count).elementsEqual(Self.pasteEnd)
    else { return }
    deliverPaste(keeping: Self.pasteEnd.count)
    pasted = []
    state = .ground
  }

  /// Delivers all but the last `count` of the pasted bytes.
  private mutating func deliverPaste(keeping count: Int) {
    let text = pasted.dropLast(count)
    if !text.isEmpty { events.append(.paste(Self.pastedText(text))) }
    pasted.removeFirst(text.count)
  }

  /// Whether a byte belongs to the UTF-8 sequence or the line end that `pasted` stops in.
  private func continuesCharacter(_ byte: UInt8) -> Bool {
    byte.isUTF8Continuation && pasted.suffix(3).contains { $0 >= 0xc0 }
      || byte == 0x0a && pasted.last == 0x0d
  }

  /// The number of bytes at the end of `pasted` that may begin `pasteEnd`.
  private var begunPasteEnd: Int {
    (1..<Self.pasteEnd.count).last {
      pasted.suffix($0).elementsEqual(Self.pasteEnd.prefix($0))
    } ?? 0
  }

  /// CR LF and CR become LF; invalid UTF-8 becomes U+FFFD.
  private static func pastedText(_ bytes: ArraySlice<UInt8>) -> String {
    var clean: [UInt8] = []
    clean.reserveCapacity(bytes.count)
    var previous: UInt8 = 0
    for byte in bytes {
      if byte == 0x0d {
        clean.append(0x0a)
      } else if byte != 0x0a || previous != 0x0d {
        clean.append(byte)
      }
      previous = byte
    }
    return String(decoding: clean, as: UTF8.self)
  }
}
