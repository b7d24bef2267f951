import DecodingPolicies
import Infilling
import JSON
import RemoteEngines
import Testing

/// The replies that the services document.
struct EngineReplyTests {
  private func text(_ kind: EngineKind, _ answer: ScriptedTransport.Answer) async throws -> String {
    try await RemoteInfiller(.of(kind), ScriptedTransport(answer)).steps(letter).last?.text ?? ""
  }

  @Test func completionsStreamTokens() async throws {
    let stream = events(chunk(" how"), chunk(" are you"), chunk("", finish: "stop"))
    #expect(try await text(.completions, .init(stream)) == "how are you")
    #expect(try await text(.deepseek, .init(stream)) == "how are you")
    #expect(try await text(.mercuryFIM, .init(stream)) == "how are you")
  }

  @Test func codestralStreamsDeltasOfChat() async throws {
    let stream = events(
      ["choices": [["index": 0, "delta": ["content": "how are"], "finish_reason": nil]]],
      ["choices": [["index": 0, "delta": ["content": " you"], "finish_reason": "stop"]]])
    #expect(try await text(.codestral, .init(stream)) == "how are you")
  }

  @Test func llamaServerEndsWithoutAMark() async throws {
    let stream = events(
      ["index": 0, "content": " how", "tokens": [6783], "stop": false],
      ["index": 0, "content": " are", "stop": false],
      ["index": 0, "content": "", "stop": true, "stop_type": "eos"], isDone: false)
    #expect(try await text(.llamaInfill, .init(stream)) == "how are")
  }

  @Test func ollamaStreamsLines() async throws {
    let lines = [
      #"{"model":"m","response":" how are","done":false}"#,
      #"{"model":"m","response":" you","done":false}"#,
      #"{"model":"m","response":"","done":true,"done_reason":"stop"}"#,
    ]
    #expect(try await text(.ollama, .init(lines.joined(separator: "\n"))) == "how are you")
  }

  @Test(arguments: ["how are you", "```\nhow are you\n```", "```text\nhow are you```\n"])
  func mercuryEditReturnsTheRegion(_ content: String) async throws {
    let reply: JSONValue = [
      "object": "edit.completion",
      "choices": [
        [
          "index": 0, "finish_reason": "stop",
          "message": ["role": "assistant", "content": .string(content)],
        ]
      ],
    ]
    #expect(try await text(.mercuryEdit, .init(reply.serialized())) == "how are you")
  }

  @Test func aStreamThatWasAskedForMayComeAsADocument() async throws {
    let reply = chunk(" how are you", finish: "stop").serialized()
    #expect(try await text(.completions, .init(reply)) == "how are you")
    #expect(try await text(.codestral, .init("\n", reply)) == "how are you")
  }

  @Test func everySplitOfAReplyGivesTheSameText() async throws {
    let stream = events(chunk(" naïve"), chunk(" 🙂 you"), chunk("", finish: "stop"))
    let bytes = Array(stream.utf8)
    for cut in stride(from: 0, through: bytes.count, by: 7) {
      var answer = ScriptedTransport.Answer()
      answer.portions = [Array(bytes[..<cut]), Array(bytes[cut...])]
      #expect(try await text(.completions, answer) == "naïve 🙂 you", "cut at \(cut)")
    }
  }
}

/// What the services are asked.
struct EngineCallTests {
  private func request(_ kind: EngineKind, _ request: InfillRequest = letter) async throws
    -> HTTPRequest
  {
    let transport = ScriptedTransport(.init(status: 401))
    _ = try? await RemoteInfiller(.of(kind), transport).steps(request)
    return try #require(transport.requests.first)
  }

  @Test(arguments: [
    (EngineKind.completions, "http://localhost:8000/v1/completions"),
    (.mercuryFIM, "https://api.inceptionlabs.ai/v1/fim/completions"),
    (.mercuryEdit, "https://api.inceptionlabs.ai/v1/edit/completions"),
    (.mercuryChat, "https://api.inceptionlabs.ai/v1/chat/completions"),
    (.llamaInfill, "http://localhost:8080/infill"),
    (.ollama, "http://localhost:11434/api/generate"),
    (.codestral, "https://codestral.mistral.ai/v1/fim/completions"),
    (.deepseek, "https://api.deepseek.com/beta/completions"),
    (.unsloth, "http://localhost:8001/v1/chat/completions"),
  ])
  func eachHasItsPath(_ kind: EngineKind, _ address: String) async throws {
    let request = try await request(kind)
    #expect(request.address == address)
    #expect(request.method == .post)
    #expect(try request.json.object != nil)
  }

  @Test func bothSidesAreSentWithoutTheBlankBefore() async throws {
    for kind in [EngineKind.completions, .mercuryFIM, .codestral, .deepseek, .ollama] {
      let body = try await request(kind).json
      #expect(body["prompt"]?.string == "Dear Clara,", "\(kind)")
      #expect(body["suffix"]?.string == letter.suffix, "\(kind)")
    }
    let body = try await request(.llamaInfill).json
    #expect(body["input_prefix"]?.string == "Dear Clara,")
    #expect(body["input_suffix"]?.string == letter.suffix)
  }

  @Test func noMoreIsSentThanTheSettingsAllow() async throws {
    var configuration = EngineConfiguration.of(.completions)
    configuration.before = 6
    configuration.after = 4
    let transport = ScriptedTransport(.init(status: 401))
    _ = try? await RemoteInfiller(configuration, transport).steps(letter)
    let body = try transport.requests[0].json
    #expect(body["prompt"]?.string == "Clara,")
    #expect(body["suffix"]?.string == ". It")
  }

  @Test func mercuryGetsStopsOfOurOwn() async throws {
    #expect(try await request(.mercuryFIM).json["stop"] == [". It came on the wettest"])
    var free = letter
    free.original = "a\n\nb"
    free.suffix = ""
    #expect(try await request(.mercuryFIM, free).json["stop"] == ["<|endoftext|>"])
  }

  @Test func mercuryEditGetsAllTags() async throws {
    let content = try await request(.mercuryEdit).json["messages"]?[0]?["content"]?.string ?? ""
    for tag in [
      "recently_viewed_code_snippets", "current_file_content", "code_to_edit", "edit_diff_history",
    ] {
      #expect(content.contains("<|\(tag)|>\n"), "\(tag)")
      #expect(content.contains("\n<|/\(tag)|>"), "\(tag)")
    }
    #expect(content.contains("thank you for the letter<|cursor|>"))
  }

  @Test func aTemperatureThatMercuryResetsIsNotSent() async throws {
    var request = letter
    for (asked, sent) in [(0.0, 0.5), (0.2, 0.5), (0.7, 0.7), (3, 1)] {
      request.settings.temperature = asked
      let body = try await self.request(.mercuryChat, request).json
      #expect(body["temperature"]?.double == sent)
      #expect(body["diffusing"]?.bool == true)
    }
  }

  @Test func anInstructionIsRefusedWhereNobodyFollowsIt() async throws {
    var request = letter
    request.instruction = "shorter"
    let transport = ScriptedTransport(.init(status: 401))
    await #expect(throws: RemoteError(.of(.completions), .followsNoInstructions)) {
      try await RemoteInfiller(.of(.completions), transport).steps(request)
    }
    #expect(transport.requests.isEmpty)
    let body = try await self.request(.mercuryChat, request).json
    #expect(body["messages"]?[0]?["content"]?.string?.contains("shorter") == true)
  }
}
