import Infilling
import JSON
import Synchronization
import TestSupport
import Testing

@testable import Serving

/// The service with a scripted engine and without a network.
@Suite struct ServiceTests {
  private func service(
    _ infiller: ScriptedInfiller = ScriptedInfiller(), _ limits: ServiceLimits = ServiceLimits(),
    token: String? = nil
  ) -> FillService {
    FillService(infiller, limits: limits, access: Access(token: token), started: 1000) {
      [Gauge("process_threads", "Threads.", 3)]
    }
  }

  private let body: JSONValue = ["prompt": "Dear ", "suffix": " Yours"]

  @Test func aCompletionIsAnswered() async throws {
    let infiller = ScriptedInfiller()
    let reply = try #require(try await service(infiller).answer(.completions, body).reply)
    #expect(reply.status == 200 && reply.contentType == "application/json")
    #expect(
      reply.json == [
        "id": "cmpl-1000-1", "object": "text_completion", "created": 1000, "model": "script",
        "choices": [
          ["index": 0, "text": "one two three", "logprobs": nil, "finish_reason": "stop"]
        ],
        "usage": ["completion_tokens": 3, "diffusion_steps": 3, "forward_passes": 6],
      ])
    #expect(infiller.requests.map(\.prefix) == ["Dear "])
    try await eventually("the session is closed") { infiller.open == 0 }
  }

  @Test func logProbabilitiesAreThoseOfTheCells() async throws {
    let asked: JSONValue = ["prompt": "a", "logprobs": 1, "max_tokens": 2]
    let choice = try await service().answer(.completions, asked).reply?.json?["choices"]?[0]
    #expect(choice?["finish_reason"] == "length")
    #expect(
      choice?["logprobs"] == [
        "tokens": ["one ", "two "], "token_logprobs": [-0.69315, -0.69315],
        "top_logprobs": [[" or": -1.38629], [" or": -1.38629]], "text_offset": [0, 4],
      ])
  }

  @Test func stepsAreStreamedThenTheText() async throws {
    var asked = try #require(body.object)
    asked["stream"] = true
    asked["stream_options"] = ["include_usage": true]
    let writer = try await service().answer(.completions, .object(asked))
    #expect(writer.hasBegun && writer.reply == nil)
    #expect(writer.text.hasSuffix("\n\ndata: [DONE]\n\n"))
    let frames = writer.values.filter { $0["type"]?.string == "diffusion_frame" }
    for frame in frames {
      let step = try #require(frame["step"]?.int)
      let cells = try #require(frame["cells"]?.array)
      #expect(cells.count == 3 && cells.count { $0.isNull } == 3 - step)
      #expect(frame["choices"]?[0]?["text"] == "" && frame["total"] == 3)
      #expect(frame["text"] == (step == 1 ? "one ░░" : step == 2 ? "one two ░" : "one two three"))
    }
    let texts = writer.values.compactMap { $0["choices"]?[0]?["text"]?.string }
    #expect(texts.joined() == "one two three")
    let ends = writer.values.compactMap { $0["choices"]?[0]?["finish_reason"]?.string }
    #expect(ends == ["stop"])
    #expect(writer.values.last?["usage"]?["completion_tokens"] == 3)
    asked["diffusing"] = false
    let plain = try await service().answer(.completions, .object(asked))
    #expect(!plain.text.contains("diffusion_frame") && plain.text.contains("one two three"))
  }

  /// A client that reads slowly gets the frames that are the latest when it reads.
  @Test func framesThatNobodyReadIsAreReplaced() throws {
    let outbox = Outbox()
    let step = InfillStep(index: 1, cells: [.open], changed: [])
    for index in 1...5 {
      var step = step
      step.index = index
      outbox.put(step, of: 1)
    }
    outbox.put(step, of: 0)
    #expect(outbox.take().frames.map(\.choice) == [0, 1])
    outbox.put(step, of: 1)
    let span = SpanRequest(
      request: InfillRequest(prefix: "", original: "", suffix: ""), maximumTokens: 1, stops: [])
    let result = SpanResult(span, cells: [], steps: 1, forwardPasses: 1, milliseconds: 1)
    outbox.put(result, of: 1)
    #expect(outbox.take() == Outbox.Batch(frames: [], results: [(1, result)]))
    #expect(outbox.take() == Outbox.Batch())
  }

  @Test func llamaVimIsAnswered() async throws {
    let infiller = ScriptedInfiller()
    let asked: JSONValue = [
      "input_prefix": "a\n", "input_suffix": "\nb", "prompt": "c ", "n_predict": 2, "stream": true,
    ]
    let writer = try await service(infiller).answer(.infill, asked)
    #expect(writer.values.map { $0["content"] } == ["one two ", ""])
    #expect(writer.values.map { $0["stop"] } == [false, true])
    #expect(writer.values.last?["stop_type"] == "limit" && !writer.text.contains("[DONE]"))
    let whole = try await service(infiller).answer(
      .infill, ["input_prefix": "", "input_suffix": "", "response_fields": ["content"]])
    #expect(whole.reply?.text == #"{"content":"one two three"}"#)
    let ahead: JSONValue = [
      "input_prefix": "x", "input_suffix": "", "n_predict": 0, "response_fields": [""],
    ]
    #expect(try await service(infiller).answer(.infill, ahead).reply?.text == "{}")
    #expect(infiller.read.map(\.prefix) == ["x"] && infiller.requests.count == 2)
  }

  @Test func whatFailsIsAnError() async throws {
    for (fault, status, message) in [
      (ScriptedInfiller.Fault.loading, 500, "The engine failed: no weights"),
      (.beginning, 400, "It cannot write this script."),
      (.step(2), 500, "The engine failed: a NaN in layer 3"),
    ] {
      let infiller = ScriptedInfiller(fault: fault)
      let reply = try await service(infiller).answer(.completions, body).reply
      #expect(reply?.status == status && reply?.json?["error"]?["message"]?.string == message)
      try await eventually("the session is closed") { infiller.open == 0 }
    }
    let told = Mutex<[String]>([])
    let guarded = FillService(
      ScriptedInfiller(fault: .mishap), access: Access(token: nil),
      onFailure: { message in told.withLock { $0.append(message) } })
    let reply = try await guarded.answer(.completions, body).reply
    #expect(reply?.status == 500 && reply?.text.contains("models") == false)
    #expect(told.withLock { $0 } == ["/models/script: unreadable"])
    let stream: JSONValue = ["prompt": "a", "stream": true]
    let begun = try await service(ScriptedInfiller(fault: .step(2))).answer(.completions, stream)
    #expect(begun.reply?.status == 500 || begun.values.last?["error"]?["code"] == "engine_failed")
    #expect(!begun.text.contains("[DONE]"))
  }

  @Test func endpointsAreGuarded() async throws {
    let guarded = service(token: "0123456789abcdef")
    #expect(try await guarded.answer(.models).reply?.status == 401)
    #expect(try await guarded.answer(.metrics).reply?.status == 401)
    #expect(try await guarded.answer(.health).reply?.status == 503)
    try await guarded.prepare()
    #expect(try await guarded.answer(.health).reply?.text == #"{"status":"ok"}"#)
    let headers = [(name: "Authorization", value: "Bearer 0123456789abcdef")]
    let models = try await guarded.answer(.models, headers: headers).reply?.json
    #expect(models?["data"]?[0]?["id"] == "script")
    #expect(models?["data"]?[0]?["capabilities"]?["suffix"] == true)
    for (method, path, status) in [
      ("GET", "/v1/completions", 405), ("POST", "/v1/models?x=1", 405),
      ("GET", "/v1/chat/completions", 404),
      ("GET", "/", 404), ("DELETE", "/\u{1B}[2J", 404),
    ] {
      let writer = RecordingWriter()
      try await guarded.respond(to: HTTPCall(method: method, target: path), writer)
      #expect(writer.reply?.status == status)
      #expect(writer.reply?.text.utf8.contains(0x1B) == false)
    }
  }

  @Test func spansBeyondTheWidthWait() async throws {
    let gate = Gate()
    let infiller = ScriptedInfiller(gate: gate)
    var limits = ServiceLimits()
    (limits.running, limits.waiting) = (2, 3)
    let service = service(infiller, limits)
    async let first = service.answer(.completions, ["prompt": "a", "n": 5])
    try await eventually("two spans run") { infiller.mostOpen == 2 }
    while await service.waiting < 3 { try await Task.sleep(for: .milliseconds(2)) }
    let refused = try await service.answer(.completions, ["prompt": "b"])
    #expect(refused.reply?.status == 503 && refused.reply?.headers["Retry-After"] == "2")
    #expect(refused.reply?.json?["error"]?["code"] == "overloaded")
    await gate.open()
    let choices = try await first.reply?.json?["choices"]?.array
    #expect(choices?.map { $0["index"]?.int } == [0, 1, 2, 3, 4])
    #expect(choices?.allSatisfy { $0["text"] == "one two three" } == true)
    #expect(infiller.mostOpen == 2)
    #expect(try await service.answer(.completions, ["prompt": "b"]).reply?.status == 200)
  }

  @Test func whoHangsUpMakesRoom() async throws {
    let gate = Gate()
    let infiller = ScriptedInfiller(gate: gate)
    var limits = ServiceLimits()
    (limits.running, limits.waiting) = (1, 8)
    let service = service(infiller, limits)
    let running = Task { try await service.answer(.completions, ["prompt": "a"]) }
    try await eventually("one runs") { infiller.open == 1 }
    let waiting = Task { try await service.answer(.completions, ["prompt": "b"]) }
    waiting.cancel()
    await #expect(throws: CancellationError.self) { try await waiting.value }
    running.cancel()
    await #expect(throws: CancellationError.self) { try await running.value }
    try await eventually("the session is closed") { infiller.open == 0 }
    await gate.open()
    #expect(try await service.answer(.completions, ["prompt": "c"]).reply?.status == 200)
    #expect(infiller.requests.map(\.prefix) == ["a", "c"])
    let text = try #require(try await service.answer(.metrics).reply?.text)
    #expect(
      text.contains(#"palimpsest_requests_total{endpoint="/v1/completions",status="cancelled"} 2"#))
    #expect(text.contains(#"palimpsest_requests_total{endpoint="/v1/completions",status="200"} 1"#))
    #expect(
      text.contains("\npalimpsest_spans_running 0\n")
        && text.contains("\npalimpsest_tokens_total 3\n"))
    #expect(text.contains("\nprocess_threads 3\n"))
  }

  /// The writer fails in the middle of a stream, as when the client is gone.
  @Test func aStreamNobodyReadsEnds() async throws {
    let infiller = ScriptedInfiller(Array(repeating: "word ", count: 10_000))
    let service = service(infiller)
    let writer = RecordingWriter(writesUntilGone: 1)
    let call = HTTPCall(
      method: "POST", target: "/v1/completions",
      body: Array(#"{"prompt": "a", "stream": true}"#.utf8))
    await #expect(throws: RecordingWriter.Gone.self) { try await service.respond(to: call, writer) }
    try await eventually("the session is closed") { infiller.open == 0 }
  }

  @Test func whatTakesTooLongIsCutOff() async throws {
    let infiller = ScriptedInfiller(gate: Gate())
    var limits = ServiceLimits()
    limits.deadline = 0
    let reply = try await service(infiller, limits).answer(.completions, body).reply
    #expect(reply?.status == 504 && reply?.json?["error"]?["code"] == "deadline_exceeded")
    try await eventually("the session is closed") { infiller.open == 0 }
  }

  @Test func nothingBeginsAfterTheEnd() async throws {
    let service = service()
    try await service.prepare()
    service.end()
    #expect(try await service.answer(.completions, body).reply?.status == 503)
    #expect(try await service.answer(.health).reply?.json?["error"]?["code"] == "shutting_down")
    #expect(try await service.answer(.models).reply?.status == 200)
  }

  /// Every error can be read at 80 columns, says what to do, and fits the envelope.
  @Test func errorsFitTheEnvelope() throws {
    let all: [ServiceError] = [
      .malformed("it is 7"), .invalid(member: "n", expected: "1", found: "2"), .unknownPath("/x"),
      .wrongMethod("PUT", .infill), .unauthorized, .foreign(header: "Host", value: "x"),
      .unknownModel("a", served: "b"), .bodyTooLarge(limit: 9),
      .tooManySpans(3, limit: 2), .refused("No."), .busy(waiting: 3, retryAfter: 4), .loading,
      .ending, .late(seconds: 2), .failed("x"),
    ]
    for error in all {
      let object = try #require(error.json["error"])
      #expect(object["message"]?.string == error.message && object["code"]?.string != nil)
      #expect(error.reply.status == error.status && error.message.last.map(".x".contains) == true)
    }
    #expect(ServiceError.busy(waiting: 3, retryAfter: 4).reply.headers == ["Retry-After": "4"])
    #expect(ServiceError.wrongMethod("PUT", .infill).reply.headers == ["Allow": "POST"])
  }
}
