internal import Checkpoints

extension ModelFamily {
  /// Nemotron-Labs-Diffusion-VLM 8B: the text model of Nemotron-Labs-Diffusion behind Pixtral's
  /// tower and Mistral 3's projector. References: `PixtralVisionModel`, `Mistral3MultiModalProjector`
  /// and `Ministral3ForCausalLM` of transformers; the golden data says how they were run.
  public static let nemotronLabsDiffusionVLM = ModelFamily(
    name: "nemotron_labs_diffusion_vlm", modelTypes: ["nemotron_labs_diffusion_vlm"],
    architectures: ["NemotronLabsDiffusionVLMModel"],
    names: .huggingFace(prefix: "encoder", head: "diffusion_head"), visionPrefix: "encoder",
    adjust: { model, reader in
      try nemotronLabsDiffusion.adjust(&model, reader)
      model.vision = try VisionConfiguration(
        reader, textWidth: model.width, normEpsilon: model.normEpsilon)
    })
}
