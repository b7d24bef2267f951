internal import JSON

/// What the server does on a connection, one after the other; then it closes the connection.
enum Action: Equatable {
  case send([UInt8])
  /// Waits so many milliseconds.
  case pause(Int)
  /// Sends the bytes again and again, so many milliseconds apart; for ever.
  case keepSending([UInt8], every: Int)
  /// Does nothing until the client hangs up.
  case stall
  /// Closes the connection with a reset.
  case reset
}

/// The words of the answer, with characters of two, three and four bytes.
public enum FaultyText {
  public static let parts = ["the old ", "harbour – ", "quiet, façade", " 🌊 and light"]
  public static let whole = parts.joined()
  /// The text after the passage that a lying server is asked with.
  public static let suffix = " and snow fell on the stone road."
}

extension Dialect {
  /// What a server does that has no fault.
  var goodScript: [Action] {
    let body = values(FaultyText.parts).flatMap { frame($0) } + done
    return [.send(Fault.head(self)), .send(body)]
  }
}

extension Fault {
  /// What a server with this fault does once it has read a request.
  func script(_ dialect: Dialect, suffix: String = FaultyText.suffix) -> [Action] {
    let head = Action.send(Self.head(dialect))
    let values = dialect.values(FaultyText.parts)
    let events = values.map { dialect.frame($0) }
    let body = events.flatMap(\.self) + dialect.done
    func error(_ status: String, _ message: String, _ type: String, _ fields: [String] = [])
      -> [Action]
    {
      let json: JSONValue = [
        "error": ["message": .string(message), "type": .string(type), "param": nil, "code": nil]
      ]
      return [.send(Self.reply(status, "application/json", Array(json.serialized().utf8), fields))]
    }
    func answer(_ texts: [String]) -> [Action] {
      [head, .send(dialect.values(texts).flatMap { dialect.frame($0) } + dialect.done)]
    }
    let half = events[0].count / 2
    switch self {
    case .stallsBeforeReading, .stallsBeforeHead: return [.stall]
    case .stallsInHead: return [.send(Array(Self.head(dialect).prefix(20))), .stall]
    case .stallsAfterHead: return [head, .stall]
    case .stallsInEvent: return [head, .send(Array(events[0].prefix(half))), .stall]
    case .stallsInCharacter:
      let dash = body.firstIndex(of: 0xE2) ?? half
      return [head, .send(Array(body[...dash])), .stall]
    case .stallsBetweenEvents: return [head, .send(events[0]), .stall]
    case .stallsBeforeEnd: return [head, .send(events.dropLast().flatMap(\.self)), .stall]
    case .trickles: return [head] + body.flatMap { [.send([$0]), .pause(1000)] } + [.stall]

    case .floods: return [head, .keepSending(events[0], every: 0)]
    case .neverEnds: return [head, .keepSending(events[0], every: 5)]
    case .sendsHugeEvent:
      return answer([String(repeating: "flood ", count: 1 << 20)])
    case .sendsEndlessLine:
      return [head, .send(Array("data: ".utf8)), .keepSending(Array("flood ".utf8), every: 0)]
    case .sendsEndlessHead:
      return [
        .send(Array("HTTP/1.1 200 OK\r\n".utf8)),
        .keepSending(Array("X-Flood: flood\r\n".utf8), every: 0),
      ]

    case .splitsCharacters: return [head] + body.flatMap { [.send([$0]), .pause(1)] }
    case .splitsEvents:
      return [head]
        + stride(from: 0, to: body.count, by: 7).flatMap {
          [Action.send(Array(body[$0..<min($0 + 7, body.count)])), .pause(1)]
        }
    case .usesCarriageReturns:
      let done = dialect.done.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] }
      return [head, .send(values.flatMap { dialect.frame($0, lineEnd: "\r\n") } + done)]
    case .sendsComments:
      guard dialect.contentType == "text/event-stream" else { return [head, .send(body)] }
      return [head]
        + events.map { .send(Array(": keep-alive\n\nretry: 10\nid: 7\n".utf8) + $0) }
        + [.send(dialect.done)]
    case .omitsDone: return [head, .send(events.flatMap(\.self))]

    case .sendsEscapes:
      return answer([
        "\u{1B}]0;owned\u{7}", "\u{1B}[2J\u{1B}[31m", "red\u{9B}0m\u{202E}\u{0}\r\u{8}", "\u{1B}c",
      ])
    case .sendsInvalidUTF8:
      let broken = body.flatMap { $0 == 0xE2 ? [0xFF, 0xFE, 0xC0] : [$0] }
      return [head, .send(broken)]
    case .repeatsEvents:
      return [head, .send((0..<400).flatMap { _ in events[0] } + dialect.done)]
    case .ignoresSuffix: return answer(["It does not know what follows it."])
    case .appendsSuffix: return answer(FaultyText.parts + [suffix])
    case .sendsNothing: return [head, .send(dialect.done)]

    case .closesAtOnce: return []
    case .dropsInHead: return [.send(Array(Self.head(dialect).prefix(20)))]
    case .dropsInEvent:
      return [head, .send(events[0] + events[min(1, events.count - 1)].prefix(half))]
    case .dropsBetweenEvents: return dialect == .json ? [head] : [head, .send(events[0])]
    case .resets: return [head, .send(Array(events[0].prefix(half))), .pause(20), .reset]
    case .announcesTooMuch:
      return [
        .send(Self.head(dialect, ["Content-Length: \(body.count + 1000)"])), .send(body), .stall,
      ]

    case .refusesKey: return error("401 Unauthorized", "Incorrect API key.", "authentication_error")
    case .limitsRate:
      return error("429 Too Many Requests", "Slow down.", "rate_limit_error", ["Retry-After: 1"])
    case .limitsRateWithoutTime:
      return error("429 Too Many Requests", "Slow down.", "rate_limit_error")
    case .limitsRateForHours:
      return error(
        "429 Too Many Requests", "Come back later.", "rate_limit_error", ["Retry-After: 86400"])
    case .fails: return error("500 Internal Server Error", "It broke.\u{1B}[2J", "server_error")
    case .failsInStream:
      let json: JSONValue = [
        "error": ["message": "It broke.", "type": "server_error", "code": 500]
      ]
      return [head, .send(events[0] + dialect.frame(json))]
    case .isOverloaded:
      return error("503 Service Unavailable", "Loading model", "unavailable_error")
    case .sendsPage: return [.send(Self.reply("200 OK", "text/html", Self.page))]
    case .failsWithPage: return [.send(Self.reply("502 Bad Gateway", "text/html", Self.page))]
    case .redirects:
      return [.send(Self.reply("302 Found", "text/plain", [], ["Location: /v1/elsewhere"]))]

    case .sendsMalformedJSON:
      return [head, .send(events[0] + broken(dialect, #"{"choices":[{"text":"#))]
    case .sendsWrongTypes:
      return [
        head,
        .send(
          broken(
            dialect,
            #"{"choices":[{"index":"0","text":7,"delta":[]}],"content":{},"response":1,"done":"no"}"#
          )
            + dialect.done),
      ]
    case .sendsDeepJSON:
      return [
        head,
        .send(
          broken(
            dialect,
            String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000))),
      ]
    case .sendsIDsOutOfRange: return [head, .send(impossible(dialect) + dialect.done)]
    case .sendsWrongLengths: return [head, .send(uneven(dialect) + dialect.done)]
    }
  }

  /// A text framed as if it were JSON.
  private func broken(_ dialect: Dialect, _ text: String) -> [UInt8] {
    switch dialect {
    case .json: Array(text.utf8)
    case .ollama: Array("\(text)\n".utf8)
    default: Array("data: \(text)\n\n".utf8)
    }
  }

  /// Indices, tokens and steps that no vocabulary and no canvas has.
  private func impossible(_ dialect: Dialect) -> [UInt8] {
    let tokens = ["token_id:-1", "token_id:99999999999", "token_id:262144"]
    let value: JSONValue = [
      "type": "diffusion_frame", "block": -3, "step": 999_999_999_999, "total": -1, "text": "x",
      "index": -1, "content": "x", "tokens": [-1, 99_999_999_999], "stop": true,
      "response": "x", "done": true, "context": [-5],
      "choices": [
        [
          "index": 4_000_000_000, "text": "x", "delta": ["content": "x"], "finish_reason": "stop",
          "logprobs": [
            "tokens": .array(tokens.map(JSONValue.string)),
            "token_logprobs": [1e308, -1e308, 5], "text_offset": [-1, 0, 9_999_999],
            "top_logprobs": .array(tokens.map { [$0: 3.5] as JSONValue }),
          ],
        ]
      ],
    ]
    return dialect.frame(value)
  }

  /// Lists and frames whose lengths do not agree with one another.
  private func uneven(_ dialect: Dialect) -> [UInt8] {
    let frames = ["░░░░", "", String(repeating: "░", count: 5000), "a░"].enumerated().map {
      dialect.frame(dialect.frame(step: 4 - $0, of: 2, $1))
    }
    let value: JSONValue = [
      "index": 0, "content": "x", "stop": true, "tokens": [1, 2, 3], "tokens_predicted": 70_000,
      "response": "x", "done": true, "eval_count": -2,
      "choices": [
        [
          "index": 0, "text": "x", "delta": ["content": "x"], "finish_reason": "length",
          "logprobs": [
            "tokens": ["token_id:5"], "token_logprobs": [], "top_logprobs": [nil, nil, nil],
            "text_offset": [0, 1],
          ],
        ]
      ],
    ]
    return (dialect == .json ? [] : frames.flatMap(\.self)) + dialect.frame(value)
  }

  fileprivate static func head(_ dialect: Dialect, _ fields: [String] = []) -> [UInt8] {
    let lines = ["HTTP/1.1 200 OK", "Content-Type: \(dialect.contentType)", "Connection: close"]
    return Array(((lines + fields).joined(separator: "\r\n") + "\r\n\r\n").utf8)
  }

  private static func reply(
    _ status: String, _ type: String, _ body: [UInt8], _ fields: [String] = []
  ) -> [UInt8] {
    let lines = [
      "HTTP/1.1 \(status)", "Content-Type: \(type)", "Content-Length: \(body.count)",
      "Connection: close",
    ]
    return Array(((lines + fields).joined(separator: "\r\n") + "\r\n\r\n").utf8) + body
  }

  private static let page = Array(
    """
    <!DOCTYPE html><html><head><title>502 Bad Gateway</title></head>
    <body><h1>Bad Gateway</h1>\u{1B}[2J<script>alert(1)</script></body></html>
    """.utf8)
}
