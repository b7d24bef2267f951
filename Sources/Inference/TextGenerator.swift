internal import Checkpoints
public import Decoding
internal import DecodingPolicies
public import Infilling
internal import Tensors
internal import Tokenizers
internal import Transformers

/// A loaded model that continues prompts. A drafter or an adapter beside the checkpoint is loaded
/// for self-speculation.
///
/// Confined to one thread.
public final class TextGenerator {
  public let abilities: ModelAbilities
  private let tokenizer: Tokenizer
  private let chat: ChatTemplate?
  private let forwardModel: ForwardModel
  private let drafter: Drafter?
  private let adapter: Adapter?
  private let pictureReader: PictureReader?
  private let path: String
  private let stopTokens: Set<Int>
  /// Ids that neither have text nor end one.
  private let banned: [Int]

  /// Opens and packs the model. `progress` is called with 0...1 and may throw to end it.
  public init(_ source: ModelSource, progress: (Double) throws -> Void = { _ in }) throws {
    path = try ModelLibrary.path(of: source.model)
    let checkpoint = try Checkpoint.open(path)
    let (_, configuration) = try ModelFamily.identify(checkpoint)
    tokenizer = try Tokenizer(checkpoint, rows: configuration.vocabularySize)
    chat = try ChatTemplate(checkpoint, tokenizer: tokenizer)
    let weights = try ModelWeights(
      checkpoint, adapter: try source.adapterPath(for: checkpoint), source, progress: progress)
    forwardModel = ForwardModel(weights.transformer)
    adapter = weights.adapter
    pictureReader = PictureReader(weights.transformer, tokenizer)
    let model = forwardModel.configuration
    drafter = try Drafter.find(checkpoint, kernels: weights.kernels, format: weights.format)
    abilities = ModelAbilities(
      model, hasAdapter: adapter != nil, lengthTokens: LengthTokens(model, tokenizer))
    var stops = tokenizer.special.stops.union(model.endTokens)
    if let end = tokenizer.special.end { stops.insert(end) }
    stopTokens = stops
    let ownMeaning = [
      model.diffusion?.maskToken, tokenizer.special.mask, adapter?.tokens.mask,
      LengthTokens(model, tokenizer)?.expand,
    ]
    let tokenizer = tokenizer
    banned = (0..<model.vocabularySize).filter {
      !stops.contains($0) && (ownMeaning.contains($0) || tokenizer.spelling(of: $0) == nil)
    }
  }

  /// The ids that the model is given for a request, its pictures left out.
  public func promptIDs(_ request: GenerationRequest) throws -> [Int] {
    try promptIDs(request, pictures: [])
  }

  private func promptIDs(_ request: GenerationRequest, pictures: [Int]) throws -> [Int] {
    var ids: [Int]
    if request.isChat {
      guard let chat else { throw InferenceError.noChatTemplate(path: path) }
      var messages = request.system.map { [ChatTemplate.Message(.system, $0)] } ?? []
      messages.append(ChatTemplate.Message(.user, request.prompt, pictures: pictures))
      ids = chat.ids(messages, tokenizer: tokenizer)
    } else {
      ids = tokenizer.leadingIDs + pictures + tokenizer.encode(request.prompt)
    }
    if ids.isEmpty {
      ids = [
        tokenizer.special.beginning ?? forwardModel.configuration.beginToken
          ?? adapter?.tokens.start ?? stopTokens.min() ?? 0
      ]
    }
    return ids
  }

  /// What the headers of a request's pictures say. Throws `PictureError`, and for a model that sees
  /// none.
  public func glance(at pictures: PictureContext) throws -> [PictureGlance] {
    try pictures.paths.map { path in
      try PictureReader.glance(
        at: path, longestEdge: pictures.longestEdge, by: reader().encoder.configuration)
    }
  }

  private func reader() throws -> PictureReader {
    guard let pictureReader else {
      throw InferenceError.seesNoPictures(model: path)
    }
    return pictureReader
  }

  /// The features of a request's pictures.
  private func see(
    _ pictures: PictureContext, _ onPictures: (PictureProgress) -> Void
  ) throws -> SeenPictures {
    if pictures.paths.isEmpty { return SeenPictures() }
    var reading = PictureReading(pictures, try reader())
    repeat {
      onPictures(PictureProgress(pictures: pictures.paths.count, share: reading.share))
    } while try reading.advance()
    onPictures(PictureProgress(pictures: pictures.paths.count, share: 1))
    return reading.seen
  }

  /// Writes an answer. `onStep` gets each step and the text that is certain so far; what it throws
  /// ends the work. `onPictures` is called while the tower reads the request's pictures.
  ///
  /// Throws `InferenceError` for a mode that the model has not, pictures that it does not see, and a
  /// prompt that leaves no room, and `PictureError`.
  public func write(
    _ request: GenerationRequest, onStep: (Step, String) throws -> Void = { _, _ in },
    onPictures: (PictureProgress) -> Void = { _ in }
  ) throws -> GenerationReport {
    let model = forwardModel.configuration
    if let reason = abilities.refusal(of: request.decoding.mode, family: model.family) {
      throw InferenceError.refused(path: path, reason: reason)
    }
    if let reason = request.refusal { throw InferenceError.refused(path: path, reason: reason) }
    let seen = try see(request.pictures, onPictures)
    defer { withExtendedLifetime(seen) {} }
    let prompt = try promptIDs(
      request, pictures: pictureReader.map { seen.ids($0.tokens) } ?? [])
    let room = model.contextLength - prompt.count
    guard room > 0 else {
      throw InferenceError.promptTooLong(tokens: prompt.count, limit: model.contextLength - 1)
    }
    let clock = ContinuousClock.now
    var generator = try generator(
      request, prompt: prompt,
      limits: GenerationLimits(
        maximumTokens: min(request.maximumTokens, room), stopTokens: stopTokens, banned: banned),
      now: { (ContinuousClock.now - clock) / .milliseconds(1) })

    var answer = Answer(tokenizer: tokenizer, stopTokens: stopTokens, stop: TextStop(request.stops))
    var report = GenerationReport(
      text: "", promptTokens: prompt.count, tokens: [], end: .length, forwardPasses: 0,
      acceptanceLengths: [], promptMilliseconds: 0, milliseconds: 0)
    while let step = try generator.next() {
      report.forwardPasses += step.forwardPasses
      report.milliseconds += step.milliseconds
      if step.index == 1 { report.promptMilliseconds = step.milliseconds }
      if step.phase == .verify { report.acceptanceLengths.append(step.committed.count) }
      answer.take(step, certain: min(request.maximumTokens, generator.certainCount(after: step)))
      try onStep(step, answer.text)
      if answer.isStopped { break }
    }
    report.tokens = answer.tokens
    report.text = answer.text
    report.end = answer.isStopped ? .stopText : answer.isEnded ? .stopToken : .length
    return report
  }

  private func generator(
    _ request: GenerationRequest, prompt: [Int], limits: GenerationLimits,
    now: @escaping () -> Double
  ) throws -> any TokenGenerator {
    let context = DecodingContext(forwardModel, capacity: prompt.count + 64) { _ in
      try Task.checkCancellation()
    }
    if request.decoding.mode == .diffusion {
      return try publishedDecoder(request, context, prompt: prompt, limits: limits, now: now)
        ?? sequence(request, prompt: prompt, limits: limits, now: now)
    }
    return try speculation(request).generator(
      context, prompt: prompt, limits: limits, sampling: request.sampling, now: now)
  }

  /// The decoder that a family was published with, where it has what the request asks for.
  private func publishedDecoder(
    _ request: GenerationRequest, _ context: DecodingContext, prompt: [Int],
    limits: GenerationLimits, now: @escaping () -> Double
  ) -> (any TokenGenerator)? {
    guard let traits = forwardModel.configuration.diffusion else { return nil }
    let options = request.decoding
    let unmasking = options.unmasking
    guard options.cache == nil, options.editing == nil, options.endOfText == .free,
      options.guidance == 0, !unmasking.remasks
    else { return nil }
    switch traits.attention {
    case .bidirectional: return nil
    case .causalContext(let block):
      if case .budget = unmasking { return nil }
      return BlockDiffusionGenerator(
        context, prompt: prompt, mask: traits.maskToken, limits: limits,
        options: BlockDiffusionOptions(
          blockLength: options.blockLength ?? block, unmasking: unmasking,
          confidence: options.confidence ?? .probability),
        sampling: request.sampling, now: now)
    case .blockCausal(let size):
      guard traits.shiftsLogits, case .threshold(let threshold, .best) = unmasking,
        options.blockLength ?? size == size, options.confidence ?? .probability == .probability
      else { return nil }
      return SubBlockGenerator(
        context, prompt: prompt, mask: traits.maskToken, limits: limits,
        options: SubBlockOptions(
          blockLength: size, subBlockLength: Self.part(of: size), threshold: threshold,
          cachesBlock: request.cachesBlock), sampling: request.sampling, now: now)
    }
  }

  /// Masks after the prompt, filled block by block with any policy.
  private func sequence(
    _ request: GenerationRequest, prompt: [Int], limits: GenerationLimits,
    now: @escaping () -> Double
  ) throws -> any TokenGenerator {
    let model: DiffusionModel
    do {
      model = try DiffusionModel(forwardModel)
    } catch let error as DiffusionError {
      throw InferenceError.refused(path: path, reason: error.description)
    }
    var policy = DenoisingPolicy(request.decoding)
    policy.lengthMayChange = false
    policy.stops = limits.stopTokens
    if model.traits.attention == .bidirectional { policy.order = .blocks(32) }
    var options = DiffusionOptions(
      guidance: Float(request.decoding.guidance), banned: limits.banned + [model.traits.maskToken])
    options.sampling = request.sampling
    let predictor = try model.predictor(
      prefix: prompt, suffix: [], slots: limits.maximumTokens, ends: limits.stopTokens, options,
      &policy, request.decoding, path: path)
    return DiffusionGenerator(
      predictor, prompt: prompt, slots: limits.maximumTokens, policy: policy, now: now)
  }

  /// Tokens of a verification for models without blocks: the last token written and the drafts.
  public static let verification = 7

  /// An adapter drafts only if the request asks for it: its masks do not see one another, so that a
  /// pass takes longer than the 0.8 tokens it saves. Drafts of recurring text cost no pass. Throws
  /// without an adapter to draft.
  private func speculation(_ request: GenerationRequest) throws -> Speculation {
    let traits = forwardModel.configuration.diffusion
    let length = request.decoding.blockLength
    switch request.decoding.mode {
    case .autoregressive, .diffusion, .search: return .none
    case .quadratic:
      return .quadratic(mask: traits?.maskToken ?? 0, draftLength: request.draftLength)
    case .selfSpeculation:
      let drafting: Drafting
      if let traits {
        drafting = .block(mask: traits.maskToken, drafter: request.usesDrafter ? drafter : nil)
      } else if length == nil, request.draftThreshold == 0 {
        drafting = .promptLookup(PromptLookup())
      } else if let adapter {
        drafting = .adapter(adapter)
      } else {
        throw InferenceError.refused(
          path: path,
          reason: """
            --block and --threshold draft with an adapter, and this model has none
            """)
      }
      let native = traits.map { $0.nativeBlock ?? 32 } ?? Self.verification
      return .linear(
        drafting, blockLength: length ?? native, threshold: request.draftThreshold)
    }
  }

  /// A quarter of a block, as published, where it divides.
  private static func part(of block: Int) -> Int { block % 4 == 0 ? block / 4 : block }
}

/// The certain part of an answer: tokens up to the first mask, and their text up to what ends it.
private struct Answer {
  let tokenizer: Tokenizer
  let stopTokens: Set<Int>
  let stop: TextStop
  private(set) var tokens: [Int] = []
  private(set) var isStopped = false
  private var bytes: [UInt8] = []

  init(tokenizer: Tokenizer, stopTokens: Set<Int>, stop: TextStop) {
    self.tokenizer = tokenizer
    self.stopTokens = stopTokens
    self.stop = stop
  }

  var text: String { String(decoding: bytes, as: UTF8.self) }
  var isEnded: Bool { tokens.last.map(stopTokens.contains) ?? false }

  /// Takes the certain slots only: neither drafts nor tokens of a block after a mask.
  mutating func take(_ step: Step, certain: Int) {
    for slot in step.canvas.slots.prefix(certain).dropFirst(tokens.count) {
      guard !isStopped, !isEnded, case .token(let token) = slot.content else { return }
      tokens.append(token)
      if isEnded || tokenizer.isSpecial(token) { continue }
      let before = bytes.count
      bytes += tokenizer.bytes(of: token)
      if let place = stop.first(in: bytes, from: before - stop.longest + 1) {
        bytes.removeSubrange(place...)
        isStopped = true
      }
    }
  }
}
