extension ModelFamily {
  /// Dream, DiffuCoder, Dream-Coder and DreamOn: Qwen2.5 with full attention and shifted logits.
  /// Reference: DreamLM/Dream, `DreamModel`. DreamOn adds EXPAND and deletes by its EOS.
  public static let dream = ModelFamily(
    name: "dream", modelTypes: ["Dream"], architectures: ["DreamModel"],
    ggufArchitectures: ["dream"],
    adjust: { model, reader in
      model.attentionBias = true
      model.diffusion = DiffusionTraits(
        attention: .bidirectional, shiftsLogits: true,
        maskToken: try reader.token("mask_token_id") ?? 151_666,
        expandToken: try reader.token("expand_token_id"))
    },
    adjustGGUF: { model, reader in
      model.diffusion = try .wholeSequence(reader, shiftsLogits: true, mask: 151_666)
    })
}
