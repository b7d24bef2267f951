import DecodingPolicies
import Foundation
import Inference
import Infilling
import Testing

/// Rewriting by instruction with a causal base that has a chat form.
@Suite struct RewriteTests {
  let request = InfillRequest(
    prefix: "The harbour lay still. ", original: "the old boat in the garden",
    suffix: " and snow fell.\n", instruction: "shorter")

  /// The tiny model with the marks of a conversation.
  func model() throws -> TemporaryModel {
    let model = try TemporaryModel()
    let path = model.folder + "/tokenizer.json"
    let text = try String(contentsOfFile: path, encoding: .utf8)
      .replacing("<control_1>", with: "<|im_start|>").replacing("<control_2>", with: "<|im_end|>")
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    try #"{"chat_template": "<|im_start|>"}"#.write(
      toFile: model.folder + "/tokenizer_config.json", atomically: true, encoding: .utf8)
    return model
  }

  @Test func aBaseWithAChatFormRewrites() async throws {
    let model = try model()
    let infiller = try model.infiller()
    let summary = try await infiller.prepare()
    #expect(summary.followsInstructions && !summary.takesGuidance)
    let steps = try await infiller.begin(request).steps()
    let last = try #require(steps.last)
    #expect(last.isLast && last.masksLeft == 0 && !last.text.isEmpty)
    #expect(!last.text.contains("<|") && !last.text.contains("\n"))
    #expect(last.others.allSatisfy { other in other.allSatisfy { $0.state != .open } })
    #expect(steps.first?.search?.stage == .drafting)
  }

  @Test func theSameSeedGivesTheSameTextAtAnyNumberOfThreads() async throws {
    let model = try model()
    var texts: [[String]] = []
    for threads in [1, 2] {
      let last = try await model.infiller(threads: threads).begin(request).steps().last
      texts.append([last?.text ?? ""] + (last?.others ?? []).map { $0.map(\.text).joined() })
    }
    #expect(texts[0] == texts[1])
    var other = request
    other.instruction = "longer"
    let longer = try await model.infiller().begin(other).steps().last?.text
    #expect(longer != texts[0][0])
  }

  @Test func whatCannotBeRewrittenIsRefused() async throws {
    let model = try model()
    let infiller = try model.infiller()
    func refusal(_ change: (inout InfillRequest) -> Void) async -> String {
      var request = request
      change(&request)
      let error = await #expect(throws: InferenceError.self) {
        try await infiller.begin(request)
      }
      return error?.description ?? ""
    }
    #expect(await refusal { $0.settings.guidance = 1.5 }.contains("guidance"))
    #expect(await refusal { $0.original = " " }.contains("no text to rewrite"))
    #expect(await refusal { $0.settings.mode = .autoregressive }.contains("search over drafts"))
    let long = Array(repeating: "the old boat", count: 300).joined(separator: " ")
    #expect(await refusal { $0.original = long }.contains("too long"))
  }
}
