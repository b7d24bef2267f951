import Editing
import Testing

@testable import Terminals

private func keys(_ events: [Event]) -> [Key] {
  events.compactMap { if case .key(let key) = $0 { key } else { nil } }
}

private func decode(_ text: String) -> [Event] {
  var decoder = KeyDecoder()
  let events = decoder.feed(Array(text.utf8), now: 0)
  return events + decoder.flush(now: 1000)
}

@Suite struct KeyDecoderTests {
  @Test(arguments: [
    ("a", Key(.character("a"))), ("A", Key(.character("A"))), (" ", Key(.character(" "))),
    ("é", Key(.character("é"))), ("漢", Key(.character("漢"))), ("😀", Key(.character("😀"))),
    ("\r", Key(.enter)), ("\n", Key(.enter)), ("\t", Key(.tab)), ("\u{7f}", Key(.backspace)),
    ("\u{08}", Key(.backspace, .control)), ("\u{00}", Key(.character(" "), .control)),
    ("\u{01}", Key(.character("a"), .control)), ("\u{1a}", Key(.character("z"), .control)),
    ("\u{1f}", Key(.character("_"), .control)), ("\u{1b}", Key(.escape)),
    ("\u{1b}\r", Key(.enter, .alt)), ("\u{1b}r", Key(.character("r"), .alt)),
    ("\u{1b}\u{7f}", Key(.backspace, .alt)), ("\u{1b}é", Key(.character("é"), .alt)),
    ("\u{1b}\u{1a}", Key(.character("z"), [.alt, .control])),
    ("\u{1b}[", Key(.character("["), .alt)), ("\u{1b}O", Key(.character("O"), .alt)),
    ("\u{1b}]", Key(.character("]"), .alt)), ("\u{1b}P", Key(.character("P"), .alt)),
    ("\u{1b}[A", Key(.up)), ("\u{1b}OB", Key(.down)), ("\u{1b}[1;5C", Key(.right, .control)),
    ("\u{1b}[1;2D", Key(.left, .shift)), ("\u{1b}[1;6C", Key(.right, [.control, .shift])),
    ("\u{1b}[1;3B", Key(.down, .alt)), ("\u{1b}\u{1b}[A", Key(.up, .alt)),
    ("\u{1b}[H", Key(.home)), ("\u{1b}OF", Key(.end)), ("\u{1b}[1~", Key(.home)),
    ("\u{1b}[4~", Key(.end)), ("\u{1b}[2~", Key(.insert)), ("\u{1b}[3~", Key(.delete)),
    ("\u{1b}[3;5~", Key(.delete, .control)), ("\u{1b}[5~", Key(.pageUp)),
    ("\u{1b}[6;2~", Key(.pageDown, .shift)), ("\u{1b}OP", Key(.function(1))),
    ("\u{1b}[15~", Key(.function(5))), ("\u{1b}[24~", Key(.function(12))),
    ("\u{1b}[1;2R", Key(.function(3), .shift)), ("\u{1b}O2R", Key(.function(3), .shift)),
    ("\u{1b}[[E", Key(.function(5))), ("\u{1b}[Z", Key(.tab, .shift)),
    ("\u{1b}[a", Key(.up, .shift)), ("\u{1b}Oa", Key(.up, .control)),
    ("\u{1b}[3^", Key(.delete, .control)), ("\u{1b}OM", Key(.enter)),
    ("\u{1b}Oq", Key(.character("1"))),
    ("\u{1b}[13;3u", Key(.enter, .alt)), ("\u{1b}[27u", Key(.escape)),
    ("\u{1b}[97;5u", Key(.character("a"), .control)),
    ("\u{1b}[97;6u", Key(.character("a"), [.control, .shift])),
    ("\u{1b}[97;2u", Key(.character("A"))), ("\u{1b}[49:33;2u", Key(.character("!"))),
    ("\u{1b}[32;5u", Key(.character(" "), .control)), ("\u{1b}[57352;5u", Key(.up, .control)),
    ("\u{1b}[27;3;13~", Key(.enter, .alt)), ("\u{1b}[1;5:1C", Key(.right, .control)),
  ])
  func oneKey(bytes: String, key: Key) {
    #expect(decode(bytes) == [.key(key)])
  }

  @Test func focusReports() {
    #expect(
      decode("\u{1b}[Ia\u{1b}[O") == [.focused(true), .key(Key(.character("a"))), .focused(false)])
  }

  @Test(arguments: [
    "\u{1b}[1I", "\u{1b}[1O", "\u{1b}]52;c;aGk=\u{07}", "\u{1b}]10;rgb:0/0/0\u{1b}\\",
    "\u{1b}P1+r6b=6b\u{1b}\\", "\u{1b}_Gi=1\u{1b}\\", "\u{1b}[?1;2c", "\u{1b}[>0;276;0c",
    "\u{1b}[?2026;2$y", "\u{1b}[97;5:3u", "\u{1b}[201~", "\u{1b}[999~", "\u{1b}[57358u",
    "\u{1b}[<35;3;4M", "\u{1b}[1;1", "\u{85}",
  ])
  func nothing(bytes: String) {
    #expect(decode(bytes) == [])
  }

  @Test func keysAfterReplies() {
    #expect(decode("\u{1b}]11;rgb:1/2/3\u{07}x\u{1b}[?62;4cy") == decode("xy"))
    #expect(decode("\u{1b}[12\u{1b}[A") == [.key(Key(.up))])
    #expect(decode("\u{1b}[12\rx") == decode("\rx"))
    #expect(decode("\u{1b}]x\u{1b}[A") == [.key(Key(.up))])
    #expect(decode("\u{1b}[" + String(repeating: "1;", count: 200) + "Ax") == decode("x"))
  }

  @Test func invalidBytesAreNoKeys() {
    var decoder = KeyDecoder()
    let bytes: [UInt8] = [0xff, 0xc0, 0xe6, 0xbc, 0x61, 0xf0, 0x9f, 0x0d, 0x80, 0x62]
    #expect(
      decoder.feed(bytes, now: 0)
        == [.key(Key(.character("a"))), .key(Key(.enter)), .key(Key(.character("b")))])
  }

  @Test func escapeWaits() {
    var decoder = KeyDecoder()
    #expect(decoder.feed([0x1b], now: 100) == [])
    #expect(decoder.deadline == 100 + KeyDecoder.escapeDelay)
    #expect(decoder.flush(now: 110) == [])
    #expect(decoder.flush(now: 125) == [.key(Key(.escape))])
    #expect(decoder.deadline == nil)
    // However late the rest is read, without a flush it is one sequence.
    #expect(decoder.feed([0x1b], now: 200) == [])
    #expect(decoder.feed(Array("[A".utf8), now: 900) == [.key(Key(.up))])
  }

  @Test func twoEscapes() {
    #expect(decode("\u{1b}\u{1b}") == [.key(Key(.escape)), .key(Key(.escape))])
    #expect(keys(decode("\u{1b}\u{1b}\u{1b}")).count == 3)
    #expect(decode("\u{1b}\u{1b}x") == [.key(Key(.escape)), .key(Key(.character("x"), .alt))])
  }

  @Test func eraseByteOfTheTerminal() {
    var decoder = KeyDecoder(erase: 0x08)
    #expect(keys(decoder.feed([0x08, 0x7f], now: 0)) == [Key(.backspace), Key(.delete)])
  }

  @Test func paste() {
    let pasted = "one\r\ntwo\rthree\n\u{1b}[31m~\u{1b}[201"
    let bytes = "\u{1b}[200~" + pasted + "\u{1b}[201~x"
    let expected: [Event] = [
      .paste("one\ntwo\nthree\n\u{1b}[31m~\u{1b}[201"), .key(Key(.character("x"))),
    ]
    #expect(decode(bytes) == expected)
    // A paste may stall, also within its end, and is no key presses.
    var decoder = KeyDecoder()
    let all = Array(bytes.utf8)
    var events = decoder.feed(Array(all.dropLast(4)), now: 0)
    #expect(decoder.deadline == KeyDecoder.pasteDelay)
    events += decoder.flush(now: KeyDecoder.pasteDelay - 1)
    #expect(events == [])
    events += decoder.feed(Array(all.suffix(4)), now: KeyDecoder.pasteDelay - 1)
    #expect(events == expected)
  }

  /// Its end was lost, all of it or from some byte on, or the text stopped within a sequence.
  @Test(arguments: [
    ("two words", "two words"), ("one\r\ntwo\r", "one\ntwo\n"), ("é\u{1b}[31m", "é\u{1b}[31m"),
    ("a\u{1b}", "a"), ("a\u{1b}[", "a"), ("a\u{1b}[20", "a"), ("a\u{1b}[201", "a"), ("", ""),
  ])
  func pasteWithoutItsEnd(sent: String, pasted: String) {
    var decoder = KeyDecoder()
    #expect(decoder.feed(Array("\u{1b}[200~\(sent)".utf8), now: 5) == [])
    #expect(decoder.flush(now: 4 + KeyDecoder.pasteDelay) == [])
    #expect(
      decoder.flush(now: 5 + KeyDecoder.pasteDelay) == (pasted.isEmpty ? [] : [.paste(pasted)]))
    #expect(decoder.deadline == nil)
    #expect(
      decoder.feed(Array("x\u{1b}[201~y".utf8), now: 9000)
        == [.key(Key(.character("x"))), .key(Key(.character("y")))])
  }

  /// What is typed into a paste without an end belongs to it, as nothing tells it from the paste.
  @Test func typingIntoAPasteWithoutItsEnd() {
    var decoder = KeyDecoder()
    var now = 0
    var events = decoder.feed(Array("\u{1b}[200~abc".utf8), now: now)
    for byte in "def".utf8 {
      now += 1500
      events += decoder.flush(now: now) + decoder.feed([byte], now: now)
    }
    events += decoder.flush(now: now + KeyDecoder.pasteDelay)
    #expect(events == [.paste("abcdef")])
  }

  @Test func pasteOfInvalidBytes() {
    var decoder = KeyDecoder()
    let bytes = Array("\u{1b}[200~a".utf8) + [0xff, 0x00] + Array("b\u{1b}[201~".utf8)
    #expect(decoder.feed(bytes, now: 0) == [.paste("a\u{fffd}\u{0}b")])
  }

  @Test func mouse() {
    func event(
      _ kind: MouseEvent.Kind, _ button: MouseEvent.Button = .left, _ modifiers: Key.Modifiers = []
    ) -> Event {
      .mouse(
        MouseEvent(kind: kind, button: button, column: 9, row: 4, modifiers: modifiers, time: 0))
    }
    #expect(decode("\u{1b}[<0;10;5M") == [event(.press)])
    #expect(decode("\u{1b}[<0;10;5m") == [event(.release)])
    #expect(decode("\u{1b}[<32;10;5M") == [event(.drag)])
    #expect(decode("\u{1b}[<2;10;5M") == [event(.press, .right)])
    #expect(decode("\u{1b}[<64;10;5M") == [event(.wheelUp, .none)])
    #expect(decode("\u{1b}[<65;10;5M") == [event(.wheelDown, .none)])
    #expect(decode("\u{1b}[<4;10;5M") == [event(.press, .left, .shift)])
    #expect(decode("\u{1b}[M *%") == [event(.press)])
    #expect(decode("\u{1b}[<0;0;5M\u{1b}[<0;5M\u{1b}[<66;10;5M") == [])
  }
}
