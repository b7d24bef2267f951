import DecodingPolicies
import Infilling
import JSON
import RemoteEngines
import Testing

struct CanvasTests {
  private func configuration(canvas: Int = 16) -> EngineConfiguration {
    var configuration = EngineConfiguration.of(.vllmCanvas)
    configuration.canvas.width = canvas
    return configuration
  }

  private func steps(
    _ request: InfillRequest, _ server: ScriptedCanvasServer, canvas: Int = 16
  ) async throws -> [InfillStep] {
    let transport = ScriptedTransport { request, _ in try server.answer(request) }
    return try await RemoteInfiller(configuration(canvas: canvas), transport).steps(request)
  }

  private func request(_ unmasking: UnmaskingPolicy, words: Int = 4) -> InfillRequest {
    InfillRequest(
      prefix: "Dear Clara, ", original: (0..<words).map { "o\($0)" }.joined(separator: " "),
      suffix: " and so on to the end.", settings: DecodingConfiguration(unmasking: unmasking))
  }

  @Test func ourPolicyDecidesWhatAReadFills() async throws {
    let server = ScriptedCanvasServer()
    let steps = try await steps(request(.steps(4, .linear)), server)
    #expect(steps.map(\.masksLeft) == [3, 2, 1, 0])
    #expect(steps.map(\.changed) == [[0], [1], [2], [3]])
    #expect(steps.last?.text == "w0 w1 w2 w3")
    #expect(steps.last?.isLast == true)
    #expect(server.reads.count == 4)
    let cell = try #require(steps.last?.cells.first)
    #expect(abs(cell.confidence - 0.9048) < 0.001)
    #expect(cell.alternatives.map(\.text) == [" v0"])
    #expect(cell.token == nil)
  }

  @Test func aReadHasPassageSuffixAndEndInOneCanvas() async throws {
    let server = ScriptedCanvasServer()
    _ = try await steps(request(.steps(2, .linear)), server)
    #expect(server.reads.count == 2)
    let suffix = [" and", " so", " on", " to", " the", " end."].map(server.id)
    for (number, read) in server.reads.enumerated() {
      let arguments = try #require(read["vllm_xargs"])
      let canvas = arguments["diffusion_seed_canvas"]?.array?.compactMap(\.int) ?? []
      #expect(canvas.count == 16)
      #expect(Array(canvas[4...]) == suffix + [106, 0, 0, 0, 0, 0])
      #expect(canvas[..<4].allSatisfy { (0..<262_144).contains($0) && $0 != 106 })
      let pinned = arguments["diffusion_pinned"]?.array?.compactMap(\.int) ?? []
      #expect(pinned == Array((number == 0 ? 4 : 2)..<16) || number > 0)
      #expect(arguments["diffusion_max_steps"] == 1)
      #expect(arguments["diffusion_read_only"] == true)
      #expect(read["max_tokens"] == 16)
    }
    let first = server.reads[0]["vllm_xargs"]?["diffusion_seed_canvas"]?.array ?? []
    let second = server.reads[1]["vllm_xargs"]?["diffusion_seed_canvas"]?.array ?? []
    #expect(second[..<2].compactMap(\.int) == [" w0", " w1"].map(server.id))
    #expect(first[2...3] != second[2...3], "open slots are made noise again")
    let prompt = server.reads[0]["prompt"]?.array?.compactMap(\.int) ?? []
    #expect(prompt == ["<user>", " question", " <model>", "Dear", " Clara,"].map(server.id))
  }

  @Test func pinnedWordsAreHeldInTheirPlaces() async throws {
    let server = ScriptedCanvasServer()
    var request = request(.steps(3, .linear))
    request.canvas = [
      .open, InfillCell(state: .pinned, token: 3, text: " two words", confidence: 1), .open, .open,
    ]
    let last = try #require(try await steps(request, server).last)
    #expect(last.text == "w0 two words w3 w4")
    #expect(last.cells.map(\.state) == [.draft, .pinned, .pinned, .draft, .draft])
    for read in server.reads {
      let canvas = read["vllm_xargs"]?["diffusion_seed_canvas"]?.array?.compactMap(\.int) ?? []
      #expect(Array(canvas[1...2]) == [" two", " words"].map(server.id))
      let pinned = read["vllm_xargs"]?["diffusion_pinned"]?.array?.compactMap(\.int) ?? []
      #expect(pinned.starts(with: [1, 2]) || pinned.starts(with: [0, 1, 2]))
    }
  }

  @Test func aLongPassageIsFilledInBlocks() async throws {
    let server = ScriptedCanvasServer()
    let steps = try await steps(request(.threshold(0.5), words: 20), server)
    #expect(steps.last?.masksLeft == 0)
    #expect(steps.last?.cells.count == 20)
    // Each block has what is filled before it in its prompt.
    let prompts = server.reads.map { $0["prompt"]?.array?.count ?? 0 }
    #expect(Set(prompts) == [5, 14, 23])
    #expect(prompts == prompts.sorted())
    for read in server.reads {
      #expect(read["vllm_xargs"]?["diffusion_seed_canvas"]?.array?.count == 16)
    }
  }

  @Test func theSameSeedAsksTheSame() async throws {
    var warm = request(.steps(3, .linear))
    warm.settings.temperature = 0.8
    warm.settings.seed = 5
    let (one, two) = (ScriptedCanvasServer(), ScriptedCanvasServer())
    let first = try await steps(warm, one)
    #expect(first.map(\.cells) == (try await steps(warm, two)).map(\.cells))
    #expect(one.reads == two.reads)
    warm.settings.seed = 6
    let three = ScriptedCanvasServer()
    _ = try await steps(warm, three)
    #expect(one.reads != three.reads)
  }

  @Test(arguments: ["ids", "fewer", "none", "positive"])
  func aDamagedReadIsRefused(_ fault: String) async throws {
    let server = ScriptedCanvasServer { reply in
      let logs = reply["choices"]?[0]?["logprobs"]
      var tops = logs?["top_logprobs"]?.array ?? []
      switch fault {
      case "ids": tops[0] = ["token_id:99999999": -0.1]
      case "positive": tops[0] = ["token_id:5": 3]
      case "fewer": tops.removeLast()
      default: return ["choices": [["index": 0, "text": "abc"]]]
      }
      return [
        "choices": [
          ["logprobs": ["tokens": logs?["tokens"] ?? .null, "top_logprobs": .array(tops)]]
        ]
      ]
    }
    do {
      _ = try await steps(request(.steps(4, .linear)), server)
      Issue.record("a damaged read was taken")
    } catch let error as RemoteError {
      guard case .malformed = error.reason else { throw error }
      #expect(error.description.count < 200)
    }
  }
}
