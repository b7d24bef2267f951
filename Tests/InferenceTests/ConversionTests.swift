import Checkpoints
import Decoding
import DecodingPolicies
import Foundation
import Inference
import Infilling
import Tensors
import TestSupport
import Testing
import Tokenizers
import Transformers

/// Checkpoints written anew as one file open like those they were made of.
@Suite struct ConversionTests {
  static let families = [
    "llama", "qwen2", "qwen3", "nemotron_labs_diffusion", "fast_dllm_v2", "llada", "dream",
    "dreamon", "sdar", "llada2_moe",
  ].filter { SharedFiles.path("golden/open/\($0)/tokenizer.json") != nil }

  /// A path that is free, and is again at the end.
  final class Destination {
    let path = FileManager.default.temporaryDirectory
      .appending(path: "converted-\(UUID()).gguf").path
    deinit { try? FileManager.default.removeItem(atPath: path) }
  }

  func logits(_ path: String, format: LinearWeights.Format = .f32) throws -> [Float] {
    let transformer = try Transformer(
      Checkpoint.open(path), kernels: Kernels(threads: 1), format: format)
    let tokens = Array(3..<13)
    try transformer.run(ForwardPass(tokens, positions: Array(tokens.indices), visibility: .all))
    return transformer.logits(rows: Array(tokens.indices)).values()
  }

  @Test(arguments: families)
  func aPackedFileIsTheFolder(family: String) throws {
    let source = try #require(SharedFiles.path("golden/open/\(family)"))
    let target = Destination()
    let report = try ModelConversion(to: .f32).convert(source, to: target.path)
    let (a, b) = (try Checkpoint.open(source), try Checkpoint.open(target.path))
    #expect(b.source == .packed && b.gguf == nil)
    #expect(b.tensorNames.sorted() == a.tensorNames.sorted())
    #expect(report.tensors == a.tensorNames.count && report.byType.map(\.type) == [.f32])
    #expect(try ModelFamily.identify(a).1 == ModelFamily.identify(b).1)
    #expect(try logits(source) == logits(target.path))
    let text = "The old boat <|im_start|> lay, 42 naïve 日本語.\n\tx"
    let (one, other) = (try Tokenizer(a), try Tokenizer(b))
    #expect(one.encode(text, specialTokens: true) == other.encode(text, specialTokens: true))
    #expect(one.special == other.special && one.leadingIDs == other.leadingIDs)
    #expect(try ChatTemplate(a, tokenizer: one) == ChatTemplate(b, tokenizer: other))
  }

  @Test(arguments: families, [ElementType.bf16, .q8_0, .q4_1])
  func aSmallerTypeComesClose(family: String, type: ElementType) throws {
    let source = try #require(SharedFiles.path("golden/open/\(family)"))
    let target = Destination()
    let report = try ModelConversion(to: type).convert(source, to: target.path)
    // Those of the other families are of two bytes already.
    #expect(report.bytes < report.bytesBefore || type == .bf16 && family != "llama")
    let (exact, found) = (try logits(source), try logits(target.path))
    let error = zip(exact, found).reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    let size = exact.reduce(Float(0)) { $0 + $1 * $1 }
    // With four bits a random router chooses other experts now and then.
    let narrow: Float = family == "llada2_moe" ? 1 : 0.25
    #expect(error / size < (type == .q4_1 ? narrow : 3e-3), "\(family): \(error / size)")
  }

  @Test func ggufStaysGGUF() throws {
    let source = try #require(SharedFiles.path("golden/open/gguf/tiny-F16.gguf"))
    let target = Destination()
    _ = try ModelConversion(to: .q8_0).convert(source, to: target.path)
    let (a, b) = (try GGUFFile(path: source), try GGUFFile(path: target.path))
    #expect(try Checkpoint.open(target.path).source == .gguf)
    for (key, value) in a.metadata
    where !["general.file_type", "general.alignment"].contains(key) {
      #expect(b.metadata[key] == value, "\(key)")
    }
    #expect(b.tensorNames == a.tensorNames)
    #expect(b.tensors["token_embd.weight"]?.type == .q8_0)
    #expect(b.tensors["output_norm.weight"]?.type == .f32)
    let exact = try logits(source)
    let error = zip(exact, try logits(target.path)).map { abs($0 - $1) }.max() ?? 0
    #expect(error < 0.1 * (exact.map(abs).max() ?? 0))
  }

  @Test func aPackedModelFills() async throws {
    let source = try #require(SharedFiles.path("golden/open/dreamon"))
    let target = Destination()
    _ = try ModelConversion(to: .f32).convert(source, to: target.path)
    let request = InfillRequest(
      prefix: "The old harbour was ", original: "quiet in the evening", suffix: " and snow fell.\n")
    var texts: [String?] = []
    for path in [source, target.path] {
      let session = try await LocalInfiller(model: path, threads: 1).begin(request)
      texts.append(try await session.steps().last?.text)
    }
    #expect(texts[0] != nil && texts[0] == texts[1])
  }

  @Test func nothingIsOverwritten() throws {
    let source = try #require(SharedFiles.path("golden/open/llama"))
    let target = Destination()
    try Data("mine".utf8).write(to: URL(filePath: target.path))
    #expect(throws: InferenceError.self) {
      try ModelConversion(to: .q8_0).convert(source, to: target.path)
    }
    #expect(try String(contentsOfFile: target.path, encoding: .utf8) == "mine")
  }
}
