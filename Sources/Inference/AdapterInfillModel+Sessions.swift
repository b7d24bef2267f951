internal import Decoding
internal import DecodingPolicies
internal import Infilling
internal import Tokenizers
internal import Transformers

extension AdapterInfillModel {
  /// Slots from the end of a passage on which the base's word counts less and less.
  private static let baseFade = 8

  /// A session for a request. Throws for what the model cannot do.
  func session(
    _ request: InfillRequest, beside pictures: SeenPictures
  ) throws -> any PassageSession {
    let settings = request.settings
    if let instruction = request.instruction, settings.guidance == 0 {
      return try instructedSession(request, instruction)
    }
    if let reason = settings.refusal(by: .adapter, summary) { throw refusal(reason) }
    if settings.allowsSearch { return try searchSession(request) }
    guard settings.mode == .diffusion else {
      return try writtenSession(
        PassageSetup(request, self) { settings.writtenSlots(for: $0) }, settings)
    }
    let setup = PassageSetup(request, self) { settings.slots(for: $0) }
    return try EngineSession(setup) { [self] in
      denoiser(settings, $0, banned: setup.banned)
    }
  }

  private func denoiser(
    _ settings: DecodingConfiguration, _ request: PassageParts.Request, banned: [Int]
  ) -> Denoiser<AdapterPredictor> {
    var options = options
    options.baseFade = Self.baseFade
    options.banned += banned
    let canvas = request.part.canvas
    let policy = DenoisingPolicy(
      settings, request.part, repetition: repetition,
      minimumLength: min(request.part.original.count, canvas.firstLength) / 2)
    // Committed slots on the left are context and do not change.
    options.commits = policy.editing == nil && !policy.unmasking.remasks
    let before = prefix(request.prefix)
    let predictor = AdapterPredictor(
      adapterModel, prefix: before,
      sharing: suffix(
        request.suffix, after: before, position: request.prefix.count + canvas.count),
      options: options, onLayer: { _ in try StepCallers.check() })
    return Denoiser(predictor, request, policy)
  }

  func proposals(_ canvases: [Canvas], before: [Int], after: [Int]) throws -> [[SlotPrediction]]? {
    var options = options
    options.commits = false
    let before = prefix(before)
    // Words depend on the text right after them.
    let after = Array(after.prefix(32))
    let questions = canvases.map { canvas in
      BatchQuestion(
        predictor: AdapterPredictor(
          adapterModel, prefix: before,
          sharing: suffix(after, after: before, position: before.tokens.count + canvas.count),
          options: options, onLayer: { _ in try StepCallers.check() }),
        canvas: canvas, query: PredictionQuery(slots: canvas.maskedSlots))
    }
    return try AdapterPredictor.predict(questions).map(\.slots)
  }

  func doubtRun(_ request: DoubtRequest, beside pictures: SeenPictures) -> DoubtRun {
    let limit = min(8192, configuration.contextLength)
    return DoubtRun(request, tokenizer: tokenizer, limit: limit) { tokens, spans in
      AdapterSpanScorer(
        self.adapterModel, text: self.doubted.text(tokens), spans: spans,
        options: AdapterSpanScorer.Options(
          banned: self.options.banned, foreign: self.wordBeginnings),
        onLayer: { _ in try Task.checkCancellation() })
    }
  }
}
