import Decoding
import DecodingPolicies
import Foundation
import Inference
import Tensors
import TestSupport
import Testing
import Tokenizers
import Transformers

/// What the default model writes, token by token with the bits of its confidences: one file for all
/// levels and any number of threads. `UPDATE_GOLDEN=1` writes it; read the diff then.
@Suite(
  .serialized,
  .enabled(if: InstalledModel.isThere, "needs the default model: palimpsest model fetch"))
struct LevelGoldenTests {
  private static let path =
    SharedFiles.packageRoot + "/Tests/InferenceTests/Golden/default-model-text.txt"

  private static let before = """
    Dear Clara,

    Thank you for your letter. On Sunday we walked along the river as far as the old mill, where the
    water was high and brown after the rain, and
    """
  private static let after = """
     so that we came home late and wet, but glad. The apples are nearly ripe now, and my mother asks
    whether you will come and help us pick them before the school begins again.
    """

  /// Two fills, drawn and not, and text that is read on, every choice on a line of its own.
  private static func text(level: KernelLevel, threads: Int) throws -> String {
    let model = try ModelParts(
      ModelSource(
        adapter: SharedFiles.packageRoot + "/Sources/Inference/Adapter/adapter.safetensors",
        kernels: level, threads: threads))
    let configuration = model.adapterModel.transformer.configuration
    let tokens = (
      model.tokenizer.encode(Self.before.replacing("\n", with: " ")),
      model.tokenizer.encode(Self.after.replacing("\n", with: " "))
    )
    var lines: [String] = []
    for choice in [TokenChoice.greedy, .sampled(temperature: 0.8, seed: 5)] {
      lines.append("fill, \(choice)")
      let predictor = AdapterPredictor(
        model.adapterModel, prefix: CachedPrompt(tokens.0, model: configuration), suffix: tokens.1,
        options: AdapterOptions(
          commits: true, baseWeight: 0.3, baseFade: 4, banned: Array(0..<14),
          longestExactSuffix: 64))
      var denoiser = Denoiser(
        predictor, canvas: Canvas(masks: 18),
        policy: DenoisingPolicy(
          unmasking: .steps(6, .linear), choice: choice, lengthMayChange: true, candidates: 2))
      while let step = try denoiser.next() {
        lines += step.predictions.map { prediction in
          let candidates = prediction.candidates.map {
            "\($0.token) \(Self.bits($0.probability))"
          }
          return """
            \(step.index): \(prediction.slot) \(prediction.token) \
            \(Self.bits(prediction.probability)) \(Self.bits(prediction.entropy)) \
            [\(candidates.joined(separator: ", "))]
            """
        }
        lines.append("\(step.index): \(step.committed)")
      }
      lines.append(model.tokenizer.decode(denoiser.canvas.shownTokens))
    }
    lines.append("read on")
    var generator = AutoregressiveGenerator(
      DecodingContext(model.adapterModel.base), prompt: tokens.0,
      limits: GenerationLimits(maximumTokens: 12, stopTokens: [], banned: []))
    while let step = try generator.next() {
      lines += step.predictions.map { "\($0.token) \(Self.bits($0.probability))" }
    }
    lines.append(model.tokenizer.decode(generator.tokens))
    return lines.joined(separator: "\n") + "\n"
  }

  private static func bits(_ value: Float) -> String { String(value.bitPattern, radix: 16) }

  @Test func everyLevelWritesTheSameText() throws {
    var isUpdating = ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1"
    for (index, level) in KernelLevel.available.enumerated() where level != .openblas {
      let found = try Self.text(level: level, threads: 1 + index % 3)
      if isUpdating {
        try found.write(toFile: Self.path, atomically: true, encoding: .utf8)
        isUpdating = false
      }
      let expected = (try? String(contentsOfFile: Self.path, encoding: .utf8)) ?? ""
      let lines = (found.split(separator: "\n"), expected.split(separator: "\n"))
      let place = zip(lines.0, lines.1).enumerated().first { $1.0 != $1.1 }
      #expect(
        found == expected,
        """
        \(level): line \((place?.offset ?? min(lines.0.count, lines.1.count)) + 1): \
        \(place?.element.0 ?? "none"), expected \(place?.element.1 ?? "none")
        """)
    }
  }
}
