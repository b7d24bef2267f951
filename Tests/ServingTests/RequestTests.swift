import DecodingPolicies
import Infilling
import JSON
import Testing

@testable import Serving

/// Bodies as values, and what is said of those that are wrong.
@Suite struct RequestTests {
  private let limits = ServiceLimits()

  private func completion(_ body: JSONValue) throws -> CompletionRequest {
    try CompletionRequest(Array(body.serialized().utf8), model: "script", limits)
  }

  private func infill(_ body: JSONValue) throws -> InfillBody {
    try InfillBody(Array(body.serialized().utf8), limits)
  }

  /// The message about a body that is wrong.
  private func message(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch let error as ServiceError {
      #expect((400..<500).contains(error.status))
      return error.message
    } catch {
      return "\(error)"
    }
  }

  @Test func aCompletionIsASpan() throws {
    let request = try completion([
      "model": "script", "prompt": "Dear ", "suffix": " Yours", "max_tokens": 9, "seed": 4,
      "temperature": 0.5, "stop": "\n", "quality": 2, "instruction": "shorter", "user": "me",
      "top_p": 1, "presence_penalty": nil,
    ])
    let span = try #require(request.spans.first)
    #expect(request.spans.count == 1 && !request.isStreamed && request.warning == nil)
    #expect(span.request.prefix == "Dear " && span.request.suffix == " Yours")
    #expect(span.request.instruction == "shorter" && span.request.settings.seed == 4)
    #expect(span.request.settings.unmasking == .quality(2) && span.stops == ["\n"])
    // A search writes up to twice what it aims for.
    #expect(span.maximumTokens == 9 && span.request.settings.slots == 4)
  }

  @Test func promptsTimesTriesAreSpans() throws {
    let request = try completion([
      "prompt": ["a", "b"], "suffix": ["c", "d"], "original": "old words", "n": 3, "seed": 10,
    ])
    #expect(request.spans.map(\.request.prefix) == ["a", "a", "a", "b", "b", "b"])
    #expect(request.spans.map(\.request.suffix) == ["c", "c", "c", "d", "d", "d"])
    #expect(request.spans.map(\.request.settings.seed) == [10, 11, 12, 10, 11, 12])
    #expect(request.spans.allSatisfy { $0.request.settings.slots == nil })
    #expect(
      message { _ = try completion(["prompt": ["a", "b"], "n": 9]) }
        == "18 spans in one request; at most 16. Send several requests.")
    #expect(
      message { _ = try completion(["prompt": ["a", "b"], "suffix": ["c", "d", "e"]]) }
        == "suffix: expected one text, or as many as prompts, 2, found 3 texts.")
  }

  @Test func membersWithoutUseAreNamed() throws {
    let request = try completion([
      "prompt": "a", "top_p": 0.9, "frequency_penalty": 0, "besto\u{1B}f": 3,
    ])
    #expect(
      request.warning
        == "Ignored, since this engine has no use for them: top_p, besto\\u{1b}f.")
  }

  @Test(arguments: [
    (#"{"prompt": 7}"#, "prompt: expected a string or an array of strings, found 7."),
    (
      #"{"prompt": [1, 2]}"#,
      "prompt: expected a string or an array of strings, found an array of 2."
    ),
    (
      #"{}"#, "prompt: expected the text before the passage, or an array of such texts, found none."
    ),
    (#"[]"#, "The body is not a JSON object: it is an array of 0. Send one, as UTF-8."),
    (
      #"{"prompt": "a""#,
      "The body is not a JSON object: at 1:15, expected “,” or “}”, found the end of the file. Send one, as UTF-8."
    ),
    (#"{"prompt": "a", "n": 0}"#, "n: expected an integer in 1...16, found 0."),
    (
      #"{"prompt": "a", "temperature": 3}"#, "temperature: expected a number in 0.0...2.0, found 3."
    ),
    (#"{"prompt": "a", "quality": 6}"#, "quality: expected an integer in 1...5, found 6."),
    (#"{"prompt": "a", "stream": "yes"}"#, "stream: expected true or false, found “yes”."),
    (
      #"{"prompt": "a", "mode": "magic"}"#,
      "mode: expected diffusion, search, ar, self-spec, quadratic, found “magic”."
    ),
    (
      #"{"prompt": "a", "stop": [""]}"#,
      "stop: expected at most 16 texts of 1 to 256 bytes, found others."
    ),
    (
      #"{"prompt": "a", "echo": true}"#,
      "echo: expected false: only the passage is sent, found true."
    ),
    (
      #"{"prompt": "a", "model": "gpt\u001b"}"#,
      #"The model “gpt\u{1b}” is not served. Ask for “script”, or omit `model`."#
    ),
  ])
  func wrongBodiesAreExplained(body: String, expected: String) {
    #expect(
      message { _ = try CompletionRequest(Array(body.utf8), model: "script", limits) } == expected)
  }

  /// As llama.vim sends them.
  @Test func anInfillIsASpan() throws {
    let body = try infill([
      "input_prefix": "first line\n", "input_suffix": " rest\nlast line\n", "prompt": "  the ",
      "input_extra": [["text": "other", "filename": "b.txt", "time": [1, 2]]], "n_predict": 128,
      "n_indent": 2, "top_k": 40, "top_p": 0.99, "stream": false,
      "samplers": ["top_k", "top_p", "infill"], "cache_prompt": true, "t_max_prompt_ms": 500,
      "t_max_predict_ms": 250,
      "response_fields": ["content", "timings/predicted_n", "tokens_cached"],
    ])
    #expect(body.span.request.prefix == "other\nfirst line\n  the ")
    #expect(body.span.request.suffix == " rest\nlast line\n" && body.span.maximumTokens == 128)
    #expect(body.span.request.settings.unmasking == .budget(milliseconds: 250))
    #expect(!body.isStreamed && !body.showsFrames && !body.onlyReads)
    let result = SpanResult(
      body.span, cells: [InfillCell(state: .draft, token: 3, text: "tide")], steps: 2,
      forwardPasses: 4, milliseconds: 10)
    #expect(
      body.answer(result, model: "script") == ["content": "tide", "timings/predicted_n": 1])
    #expect(
      try infill(["input_prefix": "", "input_suffix": "", "n_predict": -1]).span.maximumTokens
        == limits.tokens)
    #expect(try infill(["input_prefix": "", "input_suffix": "", "n_predict": 0]).onlyReads)
    #expect(
      message { _ = try infill(["input_prefix": ""]) }
        == "input_suffix: expected the text after the passage, which may be empty, found none.")
    #expect(
      message { _ = try infill(["input_prefix": "", "input_suffix": "", "input_extra": [7]]) }
        == "input_extra: expected an array of objects with `text`, found an array of 1.")
  }

  private func span(_ tokens: Int, _ stops: [String] = []) -> SpanRequest {
    SpanRequest(
      request: InfillRequest(prefix: "", original: "", suffix: ""), maximumTokens: tokens,
      stops: stops)
  }

  @Test func aTextEndsAtItsLimitAndItsStops() {
    let cells =
      ["one ", "two ", "thr", "ee."].map { InfillCell(state: .draft, text: $0) } + [
        InfillCell(state: .deleted), .open,
      ]
    func result(_ span: SpanRequest) -> SpanResult {
      SpanResult(span, cells: cells, steps: 1, forwardPasses: 1, milliseconds: 1)
    }
    #expect(result(span(9)).text == "one two three." && result(span(9)).end == .complete)
    #expect(result(span(4)).end == .complete)
    #expect(result(span(2)).text == "one two " && result(span(2)).end == .length)
    let stopped = result(span(9, ["three", "wo"]))
    #expect(stopped.text == "one t" && stopped.end == .stop("wo"))
    #expect(stopped.cells.map(\.text) == ["one "] && stopped.finishReason == "stop")
    #expect(result(span(2, ["three"])).end == .length)
  }
}
