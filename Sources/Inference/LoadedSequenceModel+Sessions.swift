internal import Denoising
internal import Infilling
internal import Tokenizers
internal import Transformers

extension LoadedSequenceModel {
  /// A session for a request: with a diffusion model, which closes and doubles slots in its own way
  /// or not at all. Throws for what the model cannot do.
  func session(_ request: InfillRequest) throws -> EngineSession {
    var settings = request.settings
    if let reason = summary.refusal(of: settings.mode) ?? decoding.refusal(of: settings.mode) {
      throw refusal(reason)
    }
    let isDiffusion = settings.mode == .diffusion
    settings.lengthMayChange = settings.lengthMayChange && lengthTokens != nil
    let instruction = try request.instruction.map { try prompt($0, for: request.original) } ?? []
    let limit = PassageText.slotLimit(configuration)
    var windows = PassageText.Window(configuration, slots: min(limit, settings.slots ?? limit))
    windows.prefix = max(8, windows.prefix - instruction.count)
    let passage = PassageText(request, tokenizer: tokenizer, window: windows)
    let text = CellText(
      tokenizer: tokenizer,
      tokens: CanvasTokens(
        mask: model.traits.maskToken, delete: lengthTokens?.delete, expand: lengthTokens?.expand),
      dropsLeadingBlank: passage.dropsLeadingBlank, beginsWithBlank: passage.beginsWithBlank,
      tail: passage.tail)
    let parts = PassageParts(
      canvas: request.canvas.map {
        text.canvas($0, vocabularySize: configuration.vocabularySize)
      },
      original: request.original.isEmpty ? [] : passage.original,
      limit: isDiffusion ? limit : .max, isEnd: tokenizer.endsSentence
    ) { count in
      settings.slots.map { max(1, $0) } ?? (request.original.isEmpty ? 8 : max(1, count))
    }
    let lineBreaks = request.staysWithinLine ? lineBreaks : []
    return try EngineSession(passage, text, parts, windows: windows) { [self] part in
      isDiffusion
        ? .sequence(try denoiser(settings, part, instruction: instruction, banned: lineBreaks))
        : .written(try written(settings, part, instruction: instruction, banned: lineBreaks))
    }
  }

  private func denoiser(
    _ settings: InfillSettings, _ request: EngineSession.PartRequest, instruction: [Int],
    banned: [Int]
  ) throws -> Denoiser<SequencePredictor> {
    let canvas = request.part.canvas
    var policy = DenoisingPolicy(
      settings, request.part, repetition: repetition, minimumLength: 1)
    policy.closesFromLeft = false
    // A slot may be doubled and its halves removed again and again.
    let room = 2 * canvas.firstLength
    policy.growth = Growth(length: room, expansions: room)
    let predictor: SequencePredictor
    (predictor, policy) = try self.predictor(
      prefix: request.prefix, suffix: request.suffix, slots: canvas.count, banned: banned,
      instruction: instruction, guidance: Float(settings.guidance), policy: policy)
    if policy.order != .anywhere, case .steps(let steps, let schedule) = policy.reveal {
      policy.reveal = .steps(max(1, steps / policy.order.blockCount(canvas.count)), schedule)
    }
    let watch = Stopwatch()
    return Denoiser(
      predictor, canvas: canvas, policy: policy, left: Array(request.prefix.suffix(64)),
      right: Array(request.suffix.prefix(64)), now: { watch.milliseconds })
  }

  private func written(
    _ settings: InfillSettings, _ request: EngineSession.PartRequest, instruction: [Int],
    banned: [Int]
  ) throws -> WrittenPassage {
    let before = instruction + request.prefix
    var block = 32
    if case .causalContext(let size) = model.traits.attention { block = size }
    return try WrittenPassage(
      settings, canvas: request.part.canvas, before: leftContext(before),
      model.transformer, drafting: .block(mask: model.traits.maskToken, drafter: drafter),
      blockLength: block, banned: self.banned + banned)
  }

  /// The ids of a conversation in which a person asks for the passage: the answer is the text.
  /// Throws for a model that was not tuned to follow instructions.
  private func prompt(_ instruction: String, for original: String) throws -> [Int] {
    guard let chat, summary.followsInstructions else {
      throw InferenceError.followsNoInstructions(model: summary.name)
    }
    let passage = original.isEmpty ? "" : "\n\n\(original)"
    return chat.ids(
      [
        ChatTemplate.Message(
          .user,
          """
          Write a passage of a text anew. What it is to become: \(instruction)
          Answer with the text, the new passage in its place.\(passage)
          """)
      ], tokenizer: tokenizer)
  }
}
