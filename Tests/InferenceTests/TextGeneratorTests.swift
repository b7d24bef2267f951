import Decoding
import DecodingPolicies
import Inference
import Infilling
import Testing

/// Texts behind prompts, by the tiny model: base and adapter.
@Suite struct TextGeneratorTests {
  func writer() throws -> TextGenerator {
    let model = try TemporaryModel()
    return try TextGenerator(ModelSource(model: model.folder, threads: 1))
  }

  @Test func selfSpeculationWritesTheSameText() throws {
    let writer = try writer()
    #expect(writer.abilities.modes == [.autoregressive, .selfSpeculation])
    var request = GenerationRequest(prompt: "the old boat", maximumTokens: 40)
    for temperature in [0, 0.8] {
      request.sampling.temperature = temperature
      request.decoding.mode = .autoregressive
      let expected = try writer.write(request)
      #expect(expected.tokens.count == 40 && expected.forwardPasses == 40)
      request.decoding.mode = .selfSpeculation
      let found = try writer.write(request)
      #expect(found.tokens == expected.tokens && found.text == expected.text)
      #expect(found.acceptanceLengths.reduce(1, +) == 40)
      #expect(found.forwardPasses <= 40)
      // Drafts of the adapter cost passes of their own.
      request.decoding.blockLength = 3
      let masked = try writer.write(request)
      #expect(masked.tokens == expected.tokens && masked.forwardPasses > found.forwardPasses)
      request.decoding.blockLength = nil
    }
  }

  @Test func aStopEndsTheText() throws {
    let writer = try writer()
    var request = GenerationRequest(prompt: "the old boat", maximumTokens: 40)
    let whole = try writer.write(request).text
    let stop = String(whole.dropFirst(whole.count / 2).prefix(4))
    request.stops = [stop]
    for mode in writer.abilities.modes {
      request.decoding.mode = mode
      let report = try writer.write(request)
      #expect(report.end == .stopText)
      #expect(whole.hasPrefix(report.text + stop) && !report.text.contains(stop))
    }
  }

  @Test func whatAModelCannotDoIsRefused() throws {
    let writer = try writer()
    for mode in [DecodingMode.diffusion, .quadratic] {
      #expect(throws: InferenceError.self) {
        try writer.write(
          GenerationRequest(prompt: "the", decoding: DecodingConfiguration(mode: mode)))
      }
    }
    #expect(throws: InferenceError.self) {
      try writer.write(GenerationRequest(prompt: "the", isChat: true))
    }
  }

  @Test func candidatesAreScoredInTheirOrder() async throws {
    let model = try TemporaryModel()
    let infiller = try model.infiller(threads: 1)
    let request = InfillRequest(prefix: "the old ", original: "boat", suffix: " in the harbour")
    let texts = ["river", "stone", "quiet river in summer"]
    let scores = try await infiller.scores(of: texts, for: request)
    let single = try await infiller.scores(of: [texts[2]], for: request)
    #expect(scores.count == 3)
    #expect(abs(scores[2].value - single[0].value) < 1e-3)
    #expect(scores[2].passage.tokens > scores[0].passage.tokens)
    #expect(Set(scores.map(\.following.tokens)) == [scores[0].following.tokens])
    #expect(CandidateScore.best([]) == nil)
  }
}
