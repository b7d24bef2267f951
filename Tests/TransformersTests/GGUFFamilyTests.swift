import Checkpoints
import Foundation
import JSON
import ModelFixtures
import Tensors
import TestSupport
import Testing

@testable import Transformers

/// Families in GGUF files as llama.cpp's converter writes them: names, keys, the order of rotary
/// rows, stacked experts. The weights are those of the golden folders, whose logits must come out.
@Suite struct GGUFFamilyTests {
  static let folder = FileManager.default.temporaryDirectory

  /// What llama.cpp calls a tensor of a Hugging Face checkpoint.
  static func name(_ name: String) -> String {
    var name = name
    for (old, new) in [
      ("model.embed_tokens", "token_embd"), ("model.norm", "output_norm"), ("lm_head", "output"),
      ("model.transformer.wte", "token_embd"), ("model.transformer.ln_f", "output_norm"),
      ("model.transformer.ff_out", "output"), ("model.transformer.blocks.", "blk."),
      ("model.layers.", "blk."), ("input_layernorm", "attn_norm"),
      ("post_attention_layernorm", "ffn_norm"), ("self_attn.q_norm", "attn_q_norm"),
      ("self_attn.k_norm", "attn_k_norm"), ("self_attn.q_proj", "attn_q"),
      ("self_attn.k_proj", "attn_k"), ("self_attn.v_proj", "attn_v"),
      ("self_attn.o_proj", "attn_output"), ("mlp.gate_proj", "ffn_gate"),
      ("mlp.up_proj", "ffn_up"), ("mlp.down_proj", "ffn_down"), ("mlp.gate.", "ffn_gate_inp."),
      (".q_proj", ".attn_q"), (".k_proj", ".attn_k"), (".v_proj", ".attn_v"),
      ("attn_out.", "attn_output."), ("ff_norm", "ffn_norm"), ("ff_proj", "ffn_gate"),
      ("up_proj", "ffn_up"), ("ff_out", "ffn_down"),
    ] { name = name.replacing(old, with: new) }
    return name
  }

  /// The checkpoint as GGUF of `architecture`; matrices as `type` where their rows are whole blocks.
  static func convert(
    _ checkpoint: Checkpoint, _ model: ModelConfiguration, architecture: String,
    type: ElementType = .f32, more: [(String, GGUFValue)] = []
  ) throws -> String {
    var writer = GGUFWriter()
    writer.add("general.architecture", .string(architecture))
    let keys: [(String, GGUFValue)] =
      [
        ("block_count", .integer(model.layers)), ("embedding_length", .integer(model.width)),
        ("attention.head_count", .integer(model.heads)),
        ("attention.head_count_kv", .integer(model.keyValueHeads)),
        ("attention.key_length", .integer(model.headSize)),
        ("attention.value_length", .integer(model.headSize)),
        ("attention.layer_norm_rms_epsilon", .float(Double(model.normEpsilon))),
        ("context_length", .integer(model.contextLength)),
        ("rope.freq_base", .float(model.rotary.theta)),
        ("rope.dimension_count", .integer(model.headSize)),
      ] + more
    for (key, value) in keys { writer.add("\(architecture).\(key)", value) }
    if model.experts == nil {
      writer.add("\(architecture).feed_forward_length", .integer(model.feedForwardWidth))
    }
    if let traits = model.diffusion {
      writer.add("tokenizer.ggml.mask_token_id", .integer(traits.maskToken))
      // The converter writes it for LLaDA alone; Dream's is what readers take without.
      if !traits.shiftsLogits { writer.add("diffusion.shift_logits", .bool(false)) }
    }
    var tensors: [(entry: GGUFWriter.Entry, tensor: Tensor)] = []
    for name in checkpoint.tensorNames where !name.contains(".experts.") {
      var tensor = try checkpoint.tensor(name)
      let ggufName = Self.name(name)
      if ["llama", "llada"].contains(architecture) {
        for (part, heads) in [("attn_q.", model.heads), ("attn_k.", model.keyValueHeads)]
        where ggufName.contains(part) {
          tensor = interleaved(tensor, heads: heads)
        }
      }
      tensors.append(entry(ggufName, tensor, type))
    }
    if let experts = model.experts {
      for layer in 0..<model.layers {
        for (part, ggufPart) in [("gate", "gate"), ("up", "up"), ("down", "down")] {
          let all = try (0..<experts.count).map {
            try checkpoint.tensor(
              "model.layers.\(layer).mlp.experts.\($0).\(part)_proj.weight")
          }
          let stacked = Tensor(all.flatMap { $0.floats() }, shape: [experts.count] + all[0].shape)
          tensors.append(entry("blk.\(layer).ffn_\(ggufPart)_exps.weight", stacked, type))
        }
      }
    }
    let path = folder.appending(path: "family-\(UUID()).gguf").path
    var index = 0
    try writer.write(to: path, tensors.map(\.entry)) { entry, append in
      let tensor = tensors[index].tensor
      index += 1
      try append(tensor.encoded(0..<tensor.rows, as: entry.type))
    }
    return path
  }

  private static func entry(_ name: String, _ tensor: Tensor, _ type: ElementType) -> (
    entry: GGUFWriter.Entry, tensor: Tensor
  ) {
    let isMatrix = tensor.shape.count > 1 && tensor.columns.isMultiple(of: type.blockElements)
    return (
      GGUFWriter.Entry(name, shape: tensor.shape, type: isMatrix ? type : .f32), tensor
    )
  }

  /// Rows of q or k in the order of llama.cpp's `permute`: halves of a head interleaved.
  private static func interleaved(_ tensor: Tensor, heads: Int) -> Tensor {
    let size = tensor.rows / heads
    let rows = (0..<tensor.rows).map { row in
      let (head, within) = row.quotientAndRemainder(dividingBy: size)
      return head * size + within / 2 + within % 2 * (size / 2)
    }
    return Tensor(rows.flatMap(tensor.row), shape: tensor.shape)
  }

  @Test(arguments: ["llama", "qwen2", "qwen3", "llada", "dream"])
  func logitsAreTheReferences(family: String) throws {
    let golden = try GoldenSet.open(family)
    let checkpoint = try Checkpoint.open(golden.path)
    let (_, model) = try ModelFamily.identify(checkpoint)
    let path = try Self.convert(checkpoint, model, architecture: family)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let (found, converted) = try ModelFamily.identify(try Checkpoint.open(path))
    #expect(found.name == family)
    #expect(converted.diffusion == model.diffusion)
    let transformer = try Transformer(Checkpoint.open(path), kernels: Kernels(threads: 1))
    let kind = model.diffusion == nil ? "causal_logits" : "full_bidirectional_logits"
    let item = try #require(golden.all(kind: kind).first)
    let run = try #require(FamilyTests.runs[kind])
    try run(item, transformer)
    let rows = item["input_ids"]?.ints.count ?? 0
    let logits = transformer.logits(rows: Array(0..<rows)).values()
    #expect(
      largestDifference(logits, try golden.floats(item["logits"]?.string)) < 1e-4, "\(family)")
  }

  /// Every type that values can be encoded as, whatever the family.
  @Test(arguments: ["qwen2", "llada", "dream"], ElementType.encodable)
  func smallerTypesComeClose(family: String, type: ElementType) throws {
    let golden = try GoldenSet.open(family)
    let checkpoint = try Checkpoint.open(golden.path)
    let (_, model) = try ModelFamily.identify(checkpoint)
    let path = try Self.convert(checkpoint, model, architecture: family, type: type)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let kernels = try Kernels(threads: 1)
    let tokens = Array(5..<17)
    func logits(_ checkpoint: Checkpoint) throws -> [Float] {
      let transformer = try Transformer(checkpoint, kernels: kernels)
      try transformer.run(
        ForwardPass(tokens, positions: Array(tokens.indices), visibility: .all))
      return transformer.logits(rows: Array(tokens.indices)).values()
    }
    let (exact, found) = (try logits(checkpoint), try logits(Checkpoint.open(path)))
    let error = zip(exact, found).reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    let size = exact.reduce(Float(0)) { $0 + $1 * $1 }
    let bounds: [ElementType: Float] = [
      .f32: 1e-10, .f16: 1e-5, .bf16: 1e-3, .q8_0: 3e-3, .q5_0: 0.15, .q5_1: 0.1,
    ]
    #expect(error / size < bounds[type] ?? 0.35, "\(family) \(type): \(error / size)")
  }

  /// LLaDA-MoE and RND1, experts stacked: the same weights in Hugging Face's layout say the same.
  @Test(arguments: [("llada_moe", "llada-moe"), ("rnd1", "rnd1")])
  func expertsInOneTensorAreTheSame(family: String, architecture: String) throws {
    let folder = Self.folder.appending(path: "moe-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try RandomExperts.write(family, to: folder.path)
    let checkpoint = try Checkpoint.open(folder.path)
    let (found, model) = try ModelFamily.identify(checkpoint)
    #expect(found.name == family)
    let experts = try #require(model.experts)
    let path = try Self.convert(
      checkpoint, model, architecture: architecture,
      more: [
        ("expert_count", .integer(experts.count)), ("expert_used_count", .integer(experts.active)),
        ("expert_feed_forward_length", .integer(experts.width)),
      ])
    defer { try? FileManager.default.removeItem(atPath: path) }
    let (same, converted) = try ModelFamily.identify(try Checkpoint.open(path))
    #expect(same.name == family && converted.experts == experts)
    #expect(converted.diffusion == model.diffusion && converted.queryKeyNorm)
    #expect(model.diffusion?.shiftsLogits == (family == "rnd1"))
    let kernels = try Kernels(threads: 1)
    let tokens = Array(1..<12)
    let values = try [checkpoint, Checkpoint.open(path)].map { checkpoint in
      let transformer = try Transformer(checkpoint, kernels: kernels)
      try transformer.run(
        ForwardPass(tokens, positions: Array(tokens.indices), visibility: .all))
      return transformer.logits(rows: Array(tokens.indices)).values()
    }
    #expect(largestDifference(values[0], values[1]) < 1e-5)
    #expect(values[0].allSatisfy(\.isFinite) && Set(values[0]).count > 100)
  }

  /// A softmax over all experts, then the best; divided by their sum only where that is asked for.
  @Test func softmaxRoutersWeighAsTheirReferences() {
    let logits: [Float] = [0.3, -1, 2, 0.5]
    let exponentials = logits.map { exp(Double($0)) }
    let sum = exponentials.reduce(0, +)
    for normalizes in [false, true] {
      let configuration = ExpertConfiguration(
        count: 4, active: 2, width: 1, scoring: .softmax, normalizes: normalizes)
      let choices = ExpertChoices()
      choices.choose(
        Matrix(rows: 1, columns: 4, logits), rows: 1, bias: [0, 0, 0, 0], configuration)
      let chosen = choices.experts(of: 0, configuration)
      #expect(chosen.map(\.expert) == [2, 3])
      let total = normalizes ? exponentials[2] + exponentials[3] : sum
      for choice in chosen {
        #expect(abs(Double(choice.weight) - exponentials[choice.expert] / total) < 1e-6)
      }
    }
  }
}
