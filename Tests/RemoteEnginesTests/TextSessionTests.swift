import DecodingPolicies
import Infilling
import JSON
import RemoteEngines
import TestSupport
import Testing

struct TextSessionTests {
  @Test func tokensAppearFromTheLeftAmongMasks() async throws {
    let transport = ScriptedTransport(
      .init(events(chunk(" how"), chunk(" are"), chunk("", finish: "stop"))))
    let session = try await RemoteInfiller(.of(.completions), transport).begin(letter)
    #expect(session.canvas == Array(repeating: .open, count: 5))
    #expect(transport.requests.isEmpty, "nothing is sent before the first step")
    var steps: [InfillStep] = []
    while let step = try await session.next() { steps.append(step) }
    for (number, step) in steps.enumerated() {
      #expect(step.index == number + 1)
      #expect(step.isLast == (number == steps.count - 1))
      #expect("how are".hasPrefix(step.text))
    }
    let last = try #require(steps.last)
    #expect(last.cells.map(\.text) == ["how", " are"])
    #expect(last.masksLeft == 0)
    #expect(last.cells.allSatisfy { $0.token == nil })
  }

  @Test func probabilitiesAndOtherTokensAreShown() async throws {
    let logs: JSONValue = [
      "tokens": [" how", " are"], "token_logprobs": [-0.5, 0],
      "top_logprobs": [[" how": -0.5, " who": -1.5], [:]],
    ]
    let reply: JSONValue = [
      "choices": [["index": 0, "text": " how are", "logprobs": logs, "finish_reason": "stop"]]
    ]
    let infiller = RemoteInfiller(.of(.completions), ScriptedTransport(.init(events(reply))))
    let cells = try #require(try await infiller.steps(letter).last).cells
    #expect(cells.map(\.text) == ["how", " are"])
    #expect(abs(cells[0].confidence - 0.6065) < 0.001)
    #expect(cells[0].alternatives.map(\.text) == [" who"])
    let scores = try await infiller.scores(of: ["how are"], for: letter)
    #expect(scores.map(\.passage) == [.init(logProbability: -0.5, tokens: 2)])
    #expect(try await infiller.scores(of: ["how are", "who"], for: letter).isEmpty)
  }

  @Test func framesShowNoiseInOpenSlotsUntilTheySettle() async throws {
    func frame(_ text: String, _ progress: Double) -> JSONValue {
      [
        "choices": [["index": 0, "delta": ["content": .string(text)]]],
        "diffusion_meta": ["diffusion_content": true, "diffusion_progress": .number(progress)],
      ]
    }
    let stream = events(
      frame("how x\u{1B}[2J q", 0), frame("how are r\u{7}z", 0), frame("how are you", 1),
      ["choices": [["index": 0, "delta": [:], "finish_reason": "stop"]]])
    let infiller = RemoteInfiller(.of(.mercuryChat), ScriptedTransport(.init(stream)))
    let steps = try await infiller.steps(letter)
    let last = try #require(steps.last)
    #expect(last.text == "how are you")
    #expect(last.masksLeft == 0)
    // Each frame is a step, and so is the end.
    #expect(steps.map(\.text).prefix(3) == ["", "how", "how are you"])
    #expect(steps[0].cells.map(\.noise) == ["how", " x␛[2J", " q"])
    for step in steps {
      #expect(step.cells.allSatisfy { !$0.noise.unicodeScalars.contains { $0.value < 0x20 } })
      #expect(step.isLast || step.masksLeft > 0, "noise cannot be accepted")
      #expect("how are you".hasPrefix(step.text))
    }
  }

  @Test func slotsOfAStepAreShownAsOnThisMachine() async throws {
    func frame(_ step: Int, _ cells: JSONValue) -> JSONValue {
      [
        "type": "diffusion_frame", "block": 0, "step": .integer(step), "total": 2, "text": "x",
        "cells": cells, "choices": [["index": 0, "delta": [:]]],
      ]
    }
    let stream = events(
      frame(1, [["how", 0.5], nil]), frame(2, [["how", 0.5], [" are\u{1B}", 0.25]]),
      chunk("how are\u{1B}", finish: "stop"))
    let transport = ScriptedTransport(.init(stream))
    let steps = try await RemoteInfiller(.of(.palimpsest), transport).steps(letter)
    #expect(steps.map(\.masksLeft).suffix(3) == [1, 1, 0])
    let last = try #require(steps.last)
    #expect(last.cells.map(\.text) == ["how", " are␛"])
    #expect(last.cells.map(\.confidence) == [0.5, 0.25])
    let body = try transport.requests[0].json
    #expect(body["prompt"]?.string == letter.prefix)
    #expect(body["original"]?.string == letter.original)
  }

  @Test func unslothFramesFollowTheTextThatIsFinal() async throws {
    let stream = events(
      [
        "choices": [["delta": [:]]], "type": "diffusion_frame", "block": 0, "step": 1, "total": 2,
        "text": "h?w are",
      ],
      ["choices": [["index": 0, "delta": ["content": "how are"]]]],
      ["choices": [["index": 0, "delta": [:], "finish_reason": "stop"]]])
    let steps = try await RemoteInfiller(
      .of(.unsloth), ScriptedTransport(.init(stream))
    ).steps(letter)
    #expect(steps.last?.text == "how are")
  }

  @Test func pinnedWordsAreKeptAndEachGapSeesTheOthers() async throws {
    let transport = ScriptedTransport { _, number in
      .init(events(chunk(number == 0 ? " one" : " two three", finish: "stop")))
    }
    var request = letter
    request.canvas = [
      .open, .open, InfillCell(state: .pinned, token: 77, text: " PINNED", confidence: 1),
      InfillCell(state: .deleted), .open,
    ]
    let last = try #require(
      try await RemoteInfiller(.of(.completions), transport).steps(request).last)
    #expect(last.text == "one PINNED two three")
    #expect(last.cells.filter { $0.state == .pinned }.map(\.text) == [" PINNED"])
    let bodies = try transport.requests.map { try $0.json }
    #expect(bodies.map { $0["suffix"]?.string } == [" PINNED" + letter.suffix, letter.suffix])
    #expect(bodies.map { $0["prompt"]?.string } == ["Dear Clara,", "Dear Clara, one PINNED"])
  }

  @Test func aStoppedRunClosesItsConnectionAndGoesOnFromItsText() async throws {
    let transport = ScriptedTransport { _, number in
      number == 0
        ? .init(events(chunk(" how"), isDone: false), stalls: true)
        : .init(events(chunk(" are"), chunk("", finish: "stop")))
    }
    let session = try await RemoteInfiller(.of(.completions), transport).begin(letter)
    #expect(try await session.next()?.text == "how")
    let waiting = Task { try await session.next() }
    waiting.cancel()
    await #expect(throws: CancellationError.self) { try await waiting.value }
    try await eventually("the connection to be closed") { transport.closed == 1 }
    var last: InfillStep?
    while let step = try await session.next() { last = step }
    #expect(last?.text == "how are")
    #expect(try transport.requests[1].json["prompt"]?.string == "Dear Clara, how")
  }

  @Test func lettingGoOfASessionClosesItsConnection() async throws {
    let transport = ScriptedTransport(.init(events(chunk(" how"), isDone: false), stalls: true))
    var session: (any InfillSession)? = try await RemoteInfiller(.of(.completions), transport)
      .begin(letter)
    _ = try await session?.next()
    #expect(transport.closed == 0)
    session = nil
    try await eventually("the connection to be closed") { transport.closed == 1 }
  }

  @Test func severalTriesAreOneRequest() async throws {
    let transport = ScriptedTransport { request, number in
      let tries = try request.json["n"]?.int ?? 1
      return .init(
        (0..<tries).map {
          events(chunk(" try \(number).\($0)", index: $0, finish: "stop"), isDone: false)
        }
        .joined(), events())
    }
    let infiller = RemoteInfiller(.of(.completions), transport)
    let requests = (0..<4).map { seed in
      var request = letter
      request.settings.temperature = seed == 0 ? 0 : 0.7
      request.settings.seed = UInt64(seed)
      return request
    }
    var texts: [String] = []
    for session in try await infiller.begin(candidates: requests) {
      var text = ""
      while let step = try await session.next() { text = step.text }
      texts.append(text)
    }
    #expect(Set(texts).count == 4)
    #expect(transport.requests.count == 2)
    #expect(try transport.requests.map { try $0.json["n"]?.int ?? 1 }.sorted() == [1, 3])
  }

  @Test func triesAreDrawnWhereNoneIsAskedToBe() async throws {
    let transport = ScriptedTransport(.init(events(chunk(" x", finish: "stop"))))
    let infiller = RemoteInfiller(.of(.codestral), transport)
    for session in try await infiller.begin(candidates: [letter, letter, letter]) {
      while try await session.next() != nil {}
    }
    let bodies = try transport.requests.map { try $0.json }
    #expect(bodies.map { $0["temperature"]?.double } == [0, 0.7, 0.7])
    #expect(Set(bodies.map { $0["random_seed"]?.int }).count == 3)
  }

  @Test(arguments: [
    (" how are you. It came on the wettest day. And", "how are you"),
    (" how are you\nand more", "how are you"), ("\n how are you ", "how are you"),
  ])
  func whatGoesBeyondThePassageIsCutOff(_ reply: String, _ kept: String) async throws {
    var request = letter
    request.suffix = " It came on the wettest day."
    let reply = reply.replacing(". It", with: " It")
    let transport = ScriptedTransport(.init(events(chunk(reply, finish: "stop"))))
    let steps = try await RemoteInfiller(.of(.completions), transport).steps(request)
    #expect(steps.last?.text == kept)
  }

  @Test func aReplyThatGoesBeyondThePassageIsHungUpOn() async throws {
    let transport = ScriptedTransport(
      .init(events(chunk("\n how are"), chunk(" you\nand"), isDone: false), stalls: true))
    let steps = try await RemoteInfiller(.of(.completions), transport).steps(letter)
    #expect(steps.last?.text == "how are you")
    #expect(steps.last?.isLast == true)
    try await eventually("the connection to be closed") { transport.closed == 1 }
  }

  @Test func aReplyOfGreatestLengthEndsWithASentence() async throws {
    let transport = ScriptedTransport(
      .init(events(chunk(" One two three. Four fi", finish: "length"))))
    let steps = try await RemoteInfiller(.of(.completions), transport).steps(letter)
    #expect(steps.last?.text == "One two three.")
  }

  @Test func controlCharactersBecomeSymbols() async throws {
    let transport = ScriptedTransport(
      .init(events(chunk(" a\u{1B}]0;x\u{7}b\u{202E}c\u{9B}d\u{7F}", finish: "stop"))))
    let steps = try await RemoteInfiller(.of(.completions), transport).steps(letter)
    #expect(steps.last?.text == "a␛]0;x␇b␦c␦d␡")
  }

  @Test func aWarningOfTheServerIsPassedOn() async throws {
    var reply = chunk(" a", finish: "stop").object ?? [:]
    reply["warning"] = "temperature was reset\u{1B}[0m"
    let transport = ScriptedTransport(.init(events(.object(reply))))
    let steps = try await RemoteInfiller(.of(.completions), transport).steps(letter)
    #expect(
      steps.compactMap(\.notice) == ["The server warns: temperature was reset\\u{1b}[0m"])
  }
}
