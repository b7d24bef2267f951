import Decoding
import DecodingPolicies
import Inference
import Infilling
import TestSupport
import Testing
import Transformers

/// Every policy with every family: it fills, or is refused with a reason.
@Suite struct CompositionTests {
  static let families = [
    "llada", "dream", "dreamon", "nemotron_labs_diffusion", "sdar", "llada2_moe", "fast_dllm_v2",
  ]

  static let reveals: [UnmaskingPolicy] = [
    .steps(3, .cosine), .threshold(0.4, always: .best), .factor(0.5), .entropyBudget(2),
    .independent(steps: 4, epsilon: 1e-3), .ancestral(steps: 4, .capped(0.3)),
    .ancestral(steps: 4, .byConfidence), .budget(milliseconds: 5),
  ]

  /// Of each kind of choice all values, the other choices by turns, so that every value meets every
  /// family and most pairs meet.
  static let options: [DecodingConfiguration] = {
    var options: [DecodingConfiguration] = []
    let caches: [CachePolicy?] = [nil, CachePolicy.none, .prefix, .dual(refresh: 2), .twoSided]
    let ends: [DecodingConfiguration.EndOfText] = [.free, .penalty(3), .last, .never]
    for (index, reveal) in reveals.enumerated() {
      for (number, confidence) in Confidence.allCases.enumerated() {
        for (place, cache) in caches.enumerated() {
          let turn = index + number + place
          options.append(
            DecodingConfiguration(
              unmasking: reveal, guidance: turn % 7 == 0 ? 1.5 : 0, confidence: confidence,
              cache: cache,
              editing: turn % 5 == 0 ? TokenEditing(threshold: 0.6, extraSteps: 3) : nil,
              endOfText: ends[turn % 4], blockLength: turn % 3 == 0 ? 4 : nil))
        }
      }
    }
    return options
  }()

  @Test(arguments: families)
  func textsAreWrittenOrRefused(family: String) throws {
    let path = try #require(SharedFiles.path("golden/open/\(family)"))
    let writer = try TextGenerator(ModelSource(model: path, threads: 1))
    var (written, refused) = (0, 0)
    for decoding in Self.options {
      var request = GenerationRequest(
        prompt: "The old boat", decoding: decoding, maximumTokens: 11)
      request.sampling.temperature = written % 3 == 0 ? 0.7 : 0
      request.sampling.topP = written % 6 == 0 ? 0.9 : nil
      do {
        var last = 0
        var text = ""
        let report = try writer.write(request) { step, certain in
          #expect(step.index == last + 1)
          // What was certain stays.
          #expect(certain.hasPrefix(text) || text.hasSuffix("\u{FFFD}"), "\(decoding)")
          (last, text) = (step.index, certain)
        }
        let isWhole = report.end == .stopToken || report.tokens.count == 11
        #expect(isWhole, "\(family) \(decoding): \(report)")
        #expect(report.forwardPasses > 0)
        if decoding.endOfText == .never { #expect(report.end == .length) }
        written += 1
      } catch let error as InferenceError {
        guard case .refused(_, let reason) = error else { throw error }
        #expect(reason.count > 20)
        refused += 1
      }
    }
    #expect(written > 30 && refused > 30, "\(family): \(written) written, \(refused) refused")
  }

  @Test(arguments: families)
  func passagesAreFilledOrRefused(family: String) async throws {
    let path = SharedFiles.path("golden/open/\(family)")
    try await fill(atLeast: 6, LocalInfiller(model: path, threads: 1))
  }

  @Test func anAdapterTakesWhatMakesSense() async throws {
    let model = try TemporaryModel()
    try await fill(atLeast: 2, LocalInfiller(model: model.folder, threads: 1))
  }

  private func fill(atLeast least: Int, _ infiller: LocalInfiller) async throws {
    var request = InfillRequest(
      prefix: "The old harbour was ", original: "quiet in the evening", suffix: " and snow fell.\n")
    var (filled, refused) = (0, 0)
    for (index, decoding) in Self.options.enumerated() where index % 5 == 2 || index < 25 {
      request.settings = decoding
      do {
        let session = try await infiller.begin(request)
        let steps = try await session.steps()
        let last = try #require(steps.last)
        #expect(last.isLast && last.masksLeft == 0, "\(decoding)")
        #expect(steps.map(\.index) == Array(1...steps.count))
        filled += 1
      } catch let error as InferenceError {
        guard case .refused(_, let reason) = error else { throw error }
        #expect(reason.count > 20)
        refused += 1
      }
    }
    #expect(filled >= least && refused > 5, "\(filled) filled, \(refused) refused")
  }
}
