import Foundation
import JSON
import ModelFixtures
import TestSupport

/// A tiny mixture of experts with random weights in Hugging Face's layout.
enum RandomExperts {
  static func write(_ family: String, to folder: String) throws {
    let isRND1 = family == "rnd1"
    var configuration: [(String, JSONValue)] = [
      ("model_type", .string(family)), ("hidden_size", 32), ("num_hidden_layers", 2),
      ("num_attention_heads", 4), ("num_key_value_heads", isRND1 ? 2 : 4), ("vocab_size", 40),
      ("num_experts", 8), ("num_experts_per_tok", 3), ("mask_token_id", 39),
      ("rms_norm_eps", 1e-6), ("rope_theta", 10000), ("max_position_embeddings", 64),
      ("tie_word_embeddings", false), ("rope_scaling", isRND1 ? false : nil),
    ]
    configuration +=
      isRND1
      ? [("moe_intermediate_size", 32), ("intermediate_size", 96), ("norm_topk_prob", true)]
      : [("expert_intermediate_size", 32), ("dense_intermediate_size", 96)]
    try Data(JSONValue.object(JSONObject(configuration)).serialized().utf8).write(
      to: URL(filePath: "\(folder)/config.json"))
    let keyWidth = isRND1 ? 16 : 32
    var tensors: [(name: String, shape: [Int])] = [
      ("model.embed_tokens.weight", [40, 32]), ("model.norm.weight", [32]),
      ("lm_head.weight", [40, 32]),
    ]
    for layer in 0..<2 {
      let name = "model.layers.\(layer)"
      tensors += [
        ("\(name).input_layernorm.weight", [32]), ("\(name).post_attention_layernorm.weight", [32]),
        ("\(name).self_attn.q_proj.weight", [32, 32]),
        ("\(name).self_attn.k_proj.weight", [keyWidth, 32]),
        ("\(name).self_attn.v_proj.weight", [keyWidth, 32]),
        ("\(name).self_attn.o_proj.weight", [32, 32]), ("\(name).self_attn.q_norm.weight", [8]),
        ("\(name).self_attn.k_norm.weight", [8]), ("\(name).mlp.gate.weight", [8, 32]),
      ]
      for expert in 0..<8 {
        for part in ["gate", "up", "down"] {
          tensors.append(("\(name).mlp.experts.\(expert).\(part)_proj.weight", [32, 32]))
        }
      }
    }
    var random = Mutator(seed: 11)
    try RandomModel.safetensors(tensors, &random).write(
      to: URL(filePath: "\(folder)/model.safetensors"))
  }
}
