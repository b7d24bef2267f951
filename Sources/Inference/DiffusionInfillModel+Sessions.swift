internal import Decoding
internal import DecodingPolicies
internal import Infilling
internal import Tokenizers
internal import Transformers

extension DiffusionInfillModel {
  /// A session for a request: with a diffusion model, which closes and doubles slots in its own way
  /// or not at all. Throws for what the model cannot do.
  func session(_ request: InfillRequest) throws -> any PassageSession {
    var settings = request.settings
    if let reason = settings.refusal(by: .diffusion(writesEnd: lengthTokens != nil), summary) {
      throw refusal(reason)
    }
    settings.lengthMayChange = settings.lengthMayChange && lengthTokens != nil
    let instruction = try request.instruction.map { try prompt($0, for: request.original) } ?? []
    let setup = PassageSetup(request, self, instruction: instruction.count) { count in
      settings.slots.map { max(1, $0) } ?? (request.original.isEmpty ? 8 : max(1, count))
    }
    guard settings.mode == .diffusion else {
      return try writtenSession(setup, settings, instruction: instruction)
    }
    return try EngineSession(setup) { [self] in
      try denoiser(settings, $0, instruction: instruction, banned: setup.banned)
    }
  }

  private func denoiser(
    _ settings: DecodingConfiguration, _ request: PassageParts.Request, instruction: [Int],
    banned: [Int]
  ) throws -> Denoiser<DiffusionPredictor> {
    let canvas = request.part.canvas
    var policy = DenoisingPolicy(
      settings, request.part, repetition: repetition, minimumLength: 1)
    policy.closesFromLeft = false
    // A slot may be doubled and its halves removed again and again.
    let room = 2 * canvas.firstLength
    policy.lengthLimits = LengthLimits(length: room, expansions: room)
    let predictor: DiffusionPredictor
    (predictor, policy) = try self.predictor(
      prefix: request.prefix, suffix: request.suffix, slots: canvas.count, banned: banned,
      instruction: instruction, settings, policy: policy)
    if policy.order != .anywhere, case .steps(let steps, let schedule) = policy.unmasking {
      policy.unmasking = .steps(max(1, steps / policy.order.blockCount(canvas.count)), schedule)
    }
    return Denoiser(predictor, request, policy)
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

  func checkReading() throws {
    guard case .causalContext = model.traits.attention else {
      throw refusal(
        "candidates are scored from left to right, and this model was not trained to read that way")
    }
  }

  /// Throws `InferenceError.refused` for a model that does not see the text after a word.
  func doubtRun(_ request: DoubtRequest) throws -> DoubtRun {
    let lead = tokenizer.special.beginning.map { [$0] } ?? []
    let limit = min(512, configuration.contextLength)
    if case .blockCausal = model.traits.attention {
      throw refusal("it does not see the text after a word, so it cannot score words")
    }
    return DoubtRun(request, tokenizer: tokenizer, lead: lead, limit: limit) { tokens, spans in
      try DiffusionSpanScorer(
        self.model, text: self.doubted.text(tokens), spans: spans, banned: self.banned,
        onLayer: { _ in try Task.checkCancellation() })
    }
  }
}
