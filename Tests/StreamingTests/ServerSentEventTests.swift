import Streaming
import TestSupport
import Testing

struct ServerSentEventTests {
  private static let stream = """
    \u{FEFF}: a comment\r
    data: {"text":"naïve 🙂"}\r
    id: 7\r
    \r
    event: error
    data: first
    data:second

    data
    retry: 10

    event: nothing

    data: [DONE]


    """
  private static let events = [
    ServerSentEvent(#"{"text":"naïve 🙂"}"#),
    ServerSentEvent(name: "error", "first\nsecond"), ServerSentEvent(""), ServerSentEvent.done,
  ]

  private func parse(_ parts: [ArraySlice<UInt8>]) throws -> [ServerSentEvent] {
    var parser = ServerSentEventParser()
    var events: [ServerSentEvent] = []
    for part in parts { events += try parser.parse(part) }
    if let last = try parser.finish() { events.append(last) }
    return events
  }

  @Test func everySplitInTwoGivesTheSameEvents() throws {
    let bytes = Array(Self.stream.utf8)
    for cut in 0...bytes.count {
      #expect(try parse([bytes[..<cut], bytes[cut...]]) == Self.events, "cut at \(cut)")
    }
  }

  @Test func splitsInManyPartsGiveTheSameEvents() throws {
    let seed = Property.seed
    var random = RandomSource(seed: seed)
    let bytes = Array(Self.stream.utf8)
    #expect(try parse(bytes.indices.map { bytes[$0...$0] }) == Self.events)
    for _ in 0..<200 {
      var parts: [ArraySlice<UInt8>] = []
      var start = 0
      while start < bytes.count {
        let end = min(bytes.count, start + random.below(9))
        parts.append(bytes[start..<end])
        start = end
      }
      #expect(try parse(parts) == Self.events, "PALIMPSEST_SEED=\(seed)")
    }
  }

  @Test func aReturnAloneEndsALine() throws {
    #expect(
      try parse([Array("data: a\rdata: b\r\rdata: c\r\r".utf8)[...]]).map(\.text) == ["a\nb", "c"])
  }

  @Test func anEventWithoutItsBlankLineIsTheLast() throws {
    for end in ["data: a", "data: a\n"] {
      #expect(try parse([Array("data: x\n\n\(end)".utf8)[...]]).map(\.text) == ["x", "a"])
    }
    #expect(try parse([]).isEmpty)
  }

  @Test func whatIsWrittenIsReadBack() throws {
    let events = [ServerSentEvent(name: "n", "one\n\ntwo\n"), ServerSentEvent("")] + Self.events
    #expect(try parse(events.map { $0.bytes[...] }) == events)
  }

  @Test func anEventOrAStreamBeyondItsLimitIsRefused() throws {
    let limits = StreamLimits(event: 20, total: 100)
    func count(_ text: String) throws -> Int {
      var parser = ServerSentEventParser(limits: limits)
      return try parser.parse(text.utf8).count
    }
    #expect(try count("data: 12345678901234\n\n") == 1)
    #expect(throws: StreamError.tooLong("A line", limit: 20)) {
      try count("data: 123456789012345\n\n")
    }
    #expect(throws: StreamError.tooLong("An event", limit: 20)) {
      try count("data: 12345678901\ndata: 1234567890\n\n")
    }
    #expect(throws: StreamError.tooLong("The stream", limit: 100)) {
      try count(String(repeating: "data: 12\n\n", count: 11))
    }
  }
}

extension ServerSentEvent {
  fileprivate var text: String { String(decoding: data, as: UTF8.self) }
}
