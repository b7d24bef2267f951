import TestSupport
import Testing

@testable import Serving

/// Bodies that are damaged: each is a request within the limits, or an error that can be shown.
@Suite struct MutationTests {
  private static let bodies = [
    """
    {"model": "script", "prompt": ["Dear ", "two\\u001b"], "suffix": " Yours", "n": 3, "seed": -4,
    "max_tokens": 64, "temperature": 0.5, "stop": ["\\n", "x"], "quality": 2, "logprobs": 5,
    "stream_options": {"include_usage": true}, "top_p": 0.5, "original": null, "slots": 8}
    """,
    """
    {"input_prefix": "first\\n", "input_suffix": " rest", "prompt": "  the ", "n_predict": -1,
    "input_extra": [{"text": "other", "filename": "b.txt"}], "t_max_predict_ms": 250,
    "response_fields": ["content", "timings/predicted_n", ""], "mode": "ar", "diffusing": true}
    """,
  ]

  @Test(arguments: bodies) func noBodyIsTooStrange(body: String) {
    let limits = ServiceLimits()
    for seed in 0..<Mutator.count(standard: 3000) {
      var mutator = Mutator(seed: seed)
      let bytes = mutator.binary(Array(body.utf8))
      check(seed) { try CompletionRequest(bytes, model: "script", limits).spans }
      check(seed) { [try InfillBody(bytes, limits).span] }
    }
  }

  private func check(_ seed: Int, _ parse: () throws -> [SpanRequest]) {
    let limits = ServiceLimits()
    do {
      let spans = try parse()
      #expect((1...limits.spans).contains(spans.count), "seed \(seed)")
      #expect(spans.allSatisfy { (0...limits.tokens).contains($0.maximumTokens) }, "seed \(seed)")
    } catch let error as ServiceError {
      let isPlain = error.message.unicodeScalars.allSatisfy { $0.value >= 0x20 }
      #expect(isPlain && (400..<500).contains(error.status), "seed \(seed): \(error.message)")
    } catch {
      Issue.record("seed \(seed): \(error)")
    }
  }
}
