internal import Decoding
internal import DecodingPolicies
internal import Infilling
internal import Tokenizers
internal import Transformers

extension DiffusionInfillModel {
  /// A session for a request: with a diffusion model, which closes and doubles slots in its own way
  /// or not at all. Throws for what the model cannot do.
  func session(
    _ request: InfillRequest, beside pictures: SeenPictures
  ) throws -> any PassageSession {
    var settings = request.settings
    if let reason = settings.refusal(by: .diffusion(writesEnd: lengthTokens != nil), summary) {
      throw refusal(reason)
    }
    settings.lengthMayChange = settings.lengthMayChange && lengthTokens != nil
    if settings.mode == .search, let instruction = request.instruction {
      return try instructedSession(request, instruction)
    }
    let instruction = try conversation(
      request.instruction, for: request.original, beside: pictures)
    if settings.mode == .search { return try searchSession(request, lead: instruction) }
    let setup = PassageSetup(
      request, self, instruction: instruction.count - pictures.tokenCount,
      pictures: pictures.tokenCount
    ) { count in
      settings.slots.map { max(1, $0) } ?? (request.original.isEmpty ? 8 : max(1, count))
    }
    guard settings.mode == .diffusion else {
      return try writtenSession(setup, settings, instruction: instruction, beside: pictures)
    }
    return try EngineSession(setup) { [self] part in
      // The session keeps the pictures, as it keeps what makes its parts.
      try withExtendedLifetime(pictures) {
        try denoiser(settings, part, instruction: instruction, banned: setup.banned)
      }
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

  func conversation(
    _ instruction: String?, for original: String, beside pictures: SeenPictures
  ) throws -> [Int] {
    if instruction == nil && pictures.pictures.isEmpty { return [] }
    let ids = pictureReader.map { pictures.ids($0.tokens) } ?? []
    guard let chat, summary.followsInstructions else {
      guard instruction == nil else {
        throw InferenceError.followsNoInstructions(model: summary.name)
      }
      // A base was trained on pictures before text.
      return (tokenizer.special.beginning.map { [$0] } ?? []) + ids
    }
    let passage = original.isEmpty ? "" : "\n\n\(original)"
    let wish =
      instruction.map {
        """
        Write a passage of a text anew. What it is to become: \($0)
        Answer with the text, the new passage in its place.\(passage)
        """
      } ?? "Write a text that goes with \(pictures.pictures.count == 1 ? "it" : "them")."
    return chat.ids([ChatTemplate.Message(.user, wish, pictures: ids)], tokenizer: tokenizer)
  }

  func checkReading() throws {
    guard case .causalContext = model.traits.attention else {
      throw refusal(
        "candidates are scored from left to right, and this model was not trained to read that way")
    }
  }

  /// With what a prompt with pictures at its beginning has left.
  func leftContext(_ tokens: [Int]) -> CachedPrompt {
    let text = CachedPrompt(started(tokens), model: configuration)
    if let read = pictureReader?.prompts.beginning(of: tokens) {
      text.adopt(read, count: read.tokens.count)
    }
    return text
  }

  /// Throws `InferenceError.refused` for a model that does not see the text after a word.
  func doubtRun(_ request: DoubtRequest, beside pictures: SeenPictures) throws -> DoubtRun {
    let shown = try conversation(nil, for: "", beside: pictures)
    let lead = shown.isEmpty ? tokenizer.special.beginning.map { [$0] } ?? [] : shown
    let limit = min(512 + shown.count, configuration.contextLength)
    if case .blockCausal = model.traits.attention {
      throw refusal("it does not see the text after a word, so it cannot score words")
    }
    return DoubtRun(request, tokenizer: tokenizer, lead: lead, limit: limit) { tokens, spans in
      let read = self.pictureReader?.prompts.beginning(of: tokens)
      return try withExtendedLifetime(pictures) {
        try DiffusionSpanScorer(
          self.model, text: self.doubted.text(tokens, orAs: read), spans: spans,
          banned: self.banned, onLayer: { _ in try Task.checkCancellation() })
      }
    }
  }
}
