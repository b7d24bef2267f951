extension ModelFamily {
  /// SDAR and TraDo: Qwen3 trained to denoise blocks, each seeing itself and the blocks before it.
  /// Reference: JetAstra/SDAR, `SDARForCausalLM`.
  public static let sdar = ModelFamily(
    name: "sdar", modelTypes: ["sdar"], architectures: ["SDARForCausalLM"],
    adjust: { model, reader in
      model.queryKeyNorm = true
      model.diffusion = DiffusionTraits(
        attention: .blockCausal(try reader.blockLength("block_size") ?? 4),
        shiftsLogits: false,
        maskToken: try reader.token("mask_token_id") ?? 151_669)
    })
}
