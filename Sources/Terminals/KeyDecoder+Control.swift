internal import Editing

/// `CSI` and `SS3` sequences: keys with modifiers, mouse reports, the start of a paste.
extension KeyDecoder {
  /// Longer sequences are no keys of anybody; their bytes are dropped up to the end.
  private static let longest = 64

  mutating func control(_ byte: UInt8, _ parameters: [UInt8], isMeta: Bool) {
    switch byte {
    case 0x20...0x3f:
      if parameters.count < Self.longest {
        state = .control(parameters: parameters + [byte], isMeta: isMeta)
      }
    case UInt8(ascii: "[") where parameters.isEmpty: state = .console
    case UInt8(ascii: "M") where parameters.isEmpty: state = .oldMouse([])
    case 0x40...0x7e:
      state = .ground
      if parameters.count < Self.longest { finish(byte, parameters, isMeta: isMeta) }
    case 0x1b: state = .escape(1)
    default:
      // A control byte cuts the sequence off and is a key itself.
      state = .ground
      restart(byte)
    }
  }

  mutating func single(_ byte: UInt8, _ parameters: [UInt8], isMeta: Bool) {
    switch byte {
    case 0x30...0x39, 0x3b:
      if parameters.count < Self.longest {
        state = .single(parameters: parameters + [byte], isMeta: isMeta)
      }
    case 0x1b: state = .escape(1)
    case 0x40...0x7e, 0x20:
      state = .ground
      let numbers = Self.numbers(parameters[...])
      let bits = numbers.last?.first ?? 1
      var modifiers = Self.modifiers(bits)
      if isMeta { modifiers.insert(.alt) }
      if let code = Self.letters[byte] {
        emit(Key(code, modifiers))
      } else if let code = Self.controlLetters[byte] {
        emit(Key(code, modifiers.union(.control)))
      } else if let character = Self.keypad[byte] {
        emit(Key(character, modifiers))
      }
    default:
      state = .ground
      restart(byte)
    }
  }

  private mutating func restart(_ byte: UInt8) {
    if byte < 0x20 || byte == 0x7f { events += keys(of: byte) }
  }

  /// Keys of one control byte in ground state.
  private func keys(of byte: UInt8) -> [Event] {
    var fresh = self
    fresh.events = []
    fresh.state = .ground
    return fresh.feed([byte], now: now)
  }

  // MARK: The end of a CSI sequence

  private mutating func finish(_ final: UInt8, _ parameters: [UInt8], isMeta: Bool) {
    if parameters.first == UInt8(ascii: "<") {
      let numbers = Self.numbers(parameters.dropFirst()).map { $0.first ?? 0 }
      if numbers.count == 3, final == UInt8(ascii: "M") || final == UInt8(ascii: "m") {
        mouse(
          code: numbers[0], column: numbers[1], row: numbers[2],
          isRelease: final == UInt8(ascii: "m"))
      }
      return
    }
    // `?`, `>`, `=` and intermediate bytes belong to replies, not keys.
    guard parameters.allSatisfy({ (0x30...0x3b).contains($0) }) else { return }
    let numbers = Self.numbers(parameters[...])
    // kitty: 1 press, 2 repeat, 3 release.
    let kind = numbers.count > 1 && numbers[1].count > 1 ? numbers[1][1] : 1
    guard kind != 3 else { return }
    var modifiers = Self.modifiers(numbers.count > 1 ? numbers[1].first ?? 1 : 1)
    if isMeta { modifiers.insert(.alt) }
    let first = numbers.first?.first ?? 1

    switch final {
    case UInt8(ascii: "~"): tilde(first, numbers, modifiers)
    // rxvt: modifiers in the final byte.
    case UInt8(ascii: "^"): tilde(first, numbers, modifiers.union(.control))
    case UInt8(ascii: "@"): tilde(first, numbers, modifiers.union([.control, .shift]))
    case UInt8(ascii: "u"): unicode(numbers, modifiers)
    case UInt8(ascii: "Z"): emit(Key(.tab, modifiers.union(.shift)))
    // Focus reports.
    case UInt8(ascii: "I") where parameters.isEmpty: events.append(.focused(true))
    case UInt8(ascii: "O") where parameters.isEmpty: events.append(.focused(false))
    default:
      if let code = Self.letters[final] {
        emit(Key(code, modifiers))
      } else if let code = Self.controlLetters[final] {
        emit(Key(code, modifiers.union(.shift)))
      }
    }
  }

  private mutating func tilde(_ number: Int, _ numbers: [[Int]], _ modifiers: Key.Modifiers) {
    switch number {
    case 200: state = .paste
    // xterm's modifyOtherKeys: CSI 27 ; modifiers ; code ~
    case 27 where numbers.count == 3: unicode([[numbers[2].first ?? 0]], modifiers)
    default:
      if let code = Self.numbered[number] { emit(Key(code, modifiers)) }
    }
  }

  /// `CSI code:shifted ; modifiers u`.
  private mutating func unicode(_ numbers: [[Int]], _ modifiers: Key.Modifiers) {
    guard let number = numbers.first?.first else { return }
    if let code = Self.unicodeKeys[number] {
      emit(Key(code, modifiers))
      return
    }
    // 57344...63743 are the protocol's own keys, and none that we know.
    guard number >= 0x20, number < 0x7f || number >= 0xa0, !(57344...63743).contains(number),
      let scalar = Unicode.Scalar(UInt32(number))
    else { return }
    var character = Character(scalar)
    var modifiers = modifiers
    if modifiers.contains(.control) {
      // Letters with control are lower case; Shift stays a modifier.
      if let lower = character.lowercased().first { character = lower }
    } else if modifiers.contains(.shift) {
      if let codes = numbers.first, codes.count > 1, let shifted = Unicode.Scalar(UInt32(codes[1])),
        codes[1] >= 0x20
      {
        character = Character(shifted)
      } else if character.uppercased().count == 1, let upper = character.uppercased().first {
        character = upper
      }
      if character != " " { modifiers.remove(.shift) }
    }
    emit(Key(.character(character), modifiers))
  }

  // MARK: Mouse

  mutating func mouse(code: Int, column: Int, row: Int, isRelease: Bool) {
    guard column >= 1, row >= 1, code >= 0, code < 256 else { return }
    let isMotion = code & 32 != 0
    let isWheel = code & 64 != 0
    let button: MouseEvent.Button =
      switch code & 3 {
      case 0: .left
      case 1: .middle
      case 2: .right
      default: .none
      }
    let kind: MouseEvent.Kind
    switch (isWheel, code & 3) {
    case (true, 0): kind = .wheelUp
    case (true, 1): kind = .wheelDown
    case (true, _): return
    default:
      // Motion without a button, and the extra buttons (128), mean nothing here.
      if code >= 128 || (isMotion && button == .none) { return }
      kind = isRelease ? .release : isMotion ? .drag : .press
    }
    var modifiers: Key.Modifiers = []
    if code & 4 != 0 { modifiers.insert(.shift) }
    if code & 8 != 0 { modifiers.insert(.alt) }
    if code & 16 != 0 { modifiers.insert(.control) }
    events.append(
      .mouse(
        MouseEvent(
          kind: kind, button: isWheel ? .none : button, column: column - 1, row: row - 1,
          modifiers: modifiers, time: now)))
  }

  // MARK: Tables

  /// Numbers between semicolons, each with its sub-parameters between colons. An absent number is
  /// 1, as keys have it; numbers are cut at 9 digits.
  private static func numbers(_ parameters: ArraySlice<UInt8>) -> [[Int]] {
    parameters.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map { group in
      group.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false).map { digits in
        digits.isEmpty
          ? 1 : digits.prefix(9).reduce(0) { $0 * 10 + Int($1 &- UInt8(ascii: "0")) & 15 }
      }
    }
  }

  /// 1 + Shift 1, Alt 2, Control 4, and from 8 on keys that no binding uses (Meta counts as Alt).
  private static func modifiers(_ parameter: Int) -> Key.Modifiers {
    let bits = max(0, parameter - 1)
    var modifiers: Key.Modifiers = []
    if bits & 1 != 0 { modifiers.insert(.shift) }
    if bits & (2 | 32) != 0 { modifiers.insert(.alt) }
    if bits & 4 != 0 { modifiers.insert(.control) }
    return modifiers
  }

  private static let letters: [UInt8: Key.Code] = [
    UInt8(ascii: "A"): .up, UInt8(ascii: "B"): .down, UInt8(ascii: "C"): .right,
    UInt8(ascii: "D"): .left, UInt8(ascii: "H"): .home, UInt8(ascii: "F"): .end,
    UInt8(ascii: "P"): .function(1), UInt8(ascii: "Q"): .function(2),
    UInt8(ascii: "R"): .function(3), UInt8(ascii: "S"): .function(4),
  ]

  /// rxvt's arrows with Shift (`CSI a`) and Control (`SS3 a`).
  private static let controlLetters: [UInt8: Key.Code] = [
    UInt8(ascii: "a"): .up, UInt8(ascii: "b"): .down, UInt8(ascii: "c"): .right,
    UInt8(ascii: "d"): .left,
  ]

  /// The application keypad.
  private static let keypad: [UInt8: Key.Code] = {
    var table: [UInt8: Key.Code] = [
      UInt8(ascii: "M"): .enter, UInt8(ascii: "I"): .tab, UInt8(ascii: " "): .character(" "),
      UInt8(ascii: "X"): .character("="),
    ]
    for (offset, character) in "*+,-./0123456789".enumerated() {
      table[UInt8(ascii: "j") + UInt8(offset)] = .character(character)
    }
    return table
  }()

  private static let numbered: [Int: Key.Code] = {
    var table: [Int: Key.Code] = [
      1: .home, 2: .insert, 3: .delete, 4: .end, 5: .pageUp, 6: .pageDown, 7: .home, 8: .end,
    ]
    let functions = [
      11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 23, 24, 25, 26, 28, 29, 31, 32, 33, 34,
    ]
    for (index, number) in functions.enumerated() { table[number] = .function(index + 1) }
    return table
  }()

  /// Codes of the `u` form that are no characters.
  private static let unicodeKeys: [Int: Key.Code] = {
    var table: [Int: Key.Code] = [
      27: .escape, 13: .enter, 9: .tab, 127: .backspace, 8: .backspace, 57348: .insert,
      57349: .delete, 57350: .left, 57351: .right, 57352: .up, 57353: .down, 57354: .pageUp,
      57355: .pageDown, 57356: .home, 57357: .end, 57414: .enter, 57417: .left, 57418: .right,
      57419: .up, 57420: .down, 57421: .pageUp, 57422: .pageDown, 57423: .home, 57424: .end,
      57425: .insert, 57426: .delete,
    ]
    for function in 13...24 { table[57376 + function - 13] = .function(function) }
    for (offset, character) in "0123456789./*-+".enumerated() {
      table[57399 + offset] = .character(character)
    }
    return table
  }()
}
