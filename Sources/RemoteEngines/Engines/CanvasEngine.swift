public import Infilling
internal import JSON

/// vLLM's diffusion models: each step is one read of a canvas whose tokens we choose, and our
/// policies decide what it fills (`vllm_xargs` of `/v1/completions`; structured_server.py of vLLM).
///
/// A read begins a new block on the server: what its own loop keeps between steps is that of step 0
/// every time. All that goes from one read to the next is in the canvas.
public struct CanvasEngine: RemoteEngine {
  let model: String
  let form: CanvasForm

  public init(model: String, _ form: CanvasForm) {
    self.model = model
    self.form = form
  }

  public func begin(_ requests: [InfillRequest], _ client: EngineClient) async throws
    -> [any InfillSession]
  {
    let vocabulary = ServerVocabulary(self, client)
    var sessions: [any InfillSession] = []
    for request in requests {
      sessions.append(try await CanvasSession(request, self, client, vocabulary))
    }
    return sessions
  }

  /// One read: `prompt`, then the canvas, of which `open` slots are to be denoised. The canvas has
  /// `form.width` slots.
  func read(prompt: [Int], canvas: [Int], open: Set<Int>) -> EngineCall {
    let pinned = canvas.indices.filter { !open.contains($0) }
    return EngineCall(
      "/v1/completions",
      [
        "model": .string(model), "prompt": Self.ids(prompt),
        "max_tokens": .integer(canvas.count), "logprobs": 20, "return_tokens_as_token_ids": true,
        "vllm_xargs": [
          "diffusion_canvas_length": .integer(canvas.count),
          "diffusion_seed_canvas": Self.ids(canvas), "diffusion_pinned": Self.ids(pinned),
          "diffusion_max_steps": 1, "diffusion_read_only": true,
        ],
      ])
  }

  /// The distributions that a read returns, one for each slot of the canvas, likeliest token first.
  /// Throws for another number of slots and for ids outside the vocabulary.
  func distributions(in value: JSONValue, slots: Int) throws(RemoteError.Reason)
    -> [[(token: Int, logProbability: Double)]]
  {
    let logs = value["choices"]?[0]?["logprobs"]
    guard let tokens = logs?["tokens"]?.array, let tops = logs?["top_logprobs"]?.array else {
      throw .unexpected("logprobs with tokens and top_logprobs", found: logs?.summary ?? "none")
    }
    guard tops.count == slots, tokens.count == slots else {
      throw .unexpected("\(slots) slots", found: "\(tops.count)")
    }
    var result: [[(token: Int, logProbability: Double)]] = []
    for top in tops {
      var slot: [(token: Int, logProbability: Double)] = []
      for (name, value) in zip(top.object?.keys ?? [], top.object?.values ?? []) {
        guard name.hasPrefix("token_id:"), let id = Int(name.dropFirst(9)),
          (0..<form.vocabulary).contains(id), let log = value.double, log <= 0.001
        else {
          throw .unexpected(
            "“token_id:” with an id below \(form.vocabulary) and its ln p",
            found: "\(name) \(value.summary)")
        }
        slot.append((id, min(0, log)))
      }
      result.append(slot.sorted { ($1.logProbability, $0.token) < ($0.logProbability, $1.token) })
    }
    return result
  }

  static func ids(_ ids: [Int]) -> JSONValue { .array(ids.map(JSONValue.integer)) }
}
