internal import Decoding
internal import DecodingPolicies
internal import Glibc
internal import Infilling
internal import Tensors

/// A passage whose masks a diffusion model of vLLM fills: our denoiser asks, the server reads.
///
/// Nothing is kept on the server between two steps, so a session that was stopped goes on with the
/// next read. A passage that does not fit into a canvas with some of the text after it is filled in
/// blocks, from the left.
actor CanvasSession: InfillSession {
  nonisolated let canvas: [InfillCell]
  private let engine: CanvasEngine
  private let client: EngineClient
  private let text: CanvasText
  private let settings: DecodingConfiguration
  private var denoiser: Denoiser<ReadCanvas>
  private var forwardPasses = 0

  /// The most tokens of a passage.
  private static let longest = 2048

  /// Has the server encode the request; reads nothing.
  init(
    _ request: InfillRequest, _ engine: CanvasEngine, _ client: EngineClient,
    _ vocabulary: ServerVocabulary
  ) async throws {
    self.engine = engine
    self.client = client
    settings = request.settings
    text = try await CanvasText(request, client.configuration, vocabulary)
    let slots = try await text.slots(request)
    guard slots.count <= Self.longest else {
      throw client.error(.tooLong(slots: slots.count, limit: Self.longest))
    }
    let block = Self.block(engine.form, after: text.suffix.count)
    let start = ContinuousClock.now
    denoiser = Denoiser(
      ReadCanvas(canvasTokens: CanvasTokens(mask: engine.form.mask ?? -1)),
      canvas: Canvas(slots),
      policy: Self.policy(
        request.settings, slots: slots.count { $0.content == .masked },
        order: slots.count > block ? .blocks(block) : .anywhere),
      left: text.prefix.suffix(64), right: Array(text.suffix.prefix(64)),
      now: { (ContinuousClock.now - start) / .milliseconds(1) })
    canvas = try await text.cells(denoiser.canvas)
  }

  /// Slots of a block: a canvas without room for the text after the passage, which gets up to half
  /// of it.
  private static func block(_ form: CanvasForm, after suffix: Int) -> Int {
    max(1, form.width - min(suffix + 1, form.width / 2))
  }

  private static func policy(
    _ settings: DecodingConfiguration, slots: Int, order: BlockOrder
  ) -> DenoisingPolicy {
    var unmasking = settings.unmasking
    if case .steps(let steps, let schedule) = unmasking {
      unmasking = .steps(max(1, min(steps, slots)), schedule)
    }
    return DenoisingPolicy(
      unmasking: unmasking, confidence: settings.confidence ?? .probability,
      choice: settings.temperature > 0
        ? .sampled(temperature: settings.temperature, seed: settings.seed) : .greedy,
      lengthMayChange: false, repetition: RepetitionGuard(), candidates: 4, order: order)
  }

  func next() async throws -> InfillStep? {
    guard let question = denoiser.question() else { return nil }
    let block = question.query.block
    let read = reading(block)
    let reply = try await client.json(
      engine.read(prompt: read.prompt, canvas: read.canvas, open: read.open))
    let found: [[(token: Int, logProbability: Double)]]
    do throws(RemoteError.Reason) {
      found = try engine.distributions(in: reply, slots: read.canvas.count)
    } catch {
      throw client.error(error)
    }
    let wanted = question.query.slots.map { Array(found[$0 - block.lowerBound].prefix(8)) }
    let texts = try await text.learn(wanted.joined().map(\.token))
    var predictions: [SlotPrediction] = []
    for (slot, tokens) in zip(question.query.slots, wanted) {
      predictions.append(try prediction(slot, tokens.filter { text.allows($0.token, texts) }))
    }
    let step = denoiser.take(Prediction(slots: predictions, forwardPasses: 1), to: question)
    forwardPasses += step.forwardPasses
    return InfillStep(
      index: step.index, cells: try await text.cells(step.canvas), changed: step.changed,
      plannedSteps: step.plannedSteps, milliseconds: step.milliseconds,
      forwardPasses: forwardPasses, isLast: step.isLast)
  }

  /// What a read of a block sends: all that stands before it as the prompt, then a canvas with the
  /// block, as much of the text after it as has room, the end of the answer and padding.
  private func reading(_ block: Range<Int>) -> (prompt: [Int], canvas: [Int], open: Set<Int>) {
    let form = engine.form
    let slots = denoiser.canvas.slots
    let before = Canvas(Array(slots[..<block.lowerBound])).shownTokens
    var canvas: [Int] = []
    var open: Set<Int> = []
    for slot in block {
      if case .token(let token) = slots[slot].content {
        canvas.append(token)
      } else {
        open.insert(canvas.count)
        canvas.append(form.mask ?? noise(slot))
      }
    }
    var after = text.suffix[...]
    if block.upperBound < slots.count {
      after = (text.original.dropFirst(block.upperBound) + after)[...]
    }
    canvas += after.prefix(max(0, form.width - canvas.count))
    if canvas.count < form.width { canvas.append(form.close) }
    canvas += Array(repeating: form.padding, count: max(0, form.width - canvas.count))
    return (text.lead + text.prefix + before, canvas, open)
  }

  /// A random token, another one at each step.
  private func noise(_ slot: Int) -> Int {
    let form = engine.form
    for attempt in 0..<8 {
      let bits = CounterRandom.bits(
        seed: settings.seed, slot: slot, token: denoiser.stepCount * 8 + attempt)
      let token = Int(bits % UInt64(form.vocabulary))
      if !form.banned.contains(token) { return token }
    }
    return form.padding
  }

  /// The choice among the tokens that a slot may have, likeliest first.
  private func prediction(
    _ slot: Int, _ tokens: [(token: Int, logProbability: Double)]
  ) throws -> SlotPrediction {
    guard let first = tokens.first else {
      throw client.error(
        .unexpected("a token of text for slot \(slot)", found: "none"))
    }
    var chosen = first
    if settings.temperature > 0 {
      func drawn(_ token: (token: Int, logProbability: Double)) -> Double {
        let unit = CounterRandom.unit(seed: settings.seed, slot: slot, token: token.token)
        return token.logProbability - settings.temperature * log(-log(unit))
      }
      chosen = tokens.max { drawn($0) < drawn($1) } ?? first
    }
    let entropy = tokens.reduce(0) { $0 - exp($1.logProbability) * $1.logProbability }
    return SlotPrediction(
      slot: slot, token: chosen.token, probability: Float(exp(chosen.logProbability)),
      candidates: TokenCandidates(
        tokens.prefix(4).map {
          TokenCandidate(token: $0.token, probability: Float(exp($0.logProbability)))
        }), entropy: Float(entropy))
  }
}

/// A canvas that a server reads: the answers come from outside of the denoiser.
struct ReadCanvas: CanvasModel {
  let canvasTokens: CanvasTokens
}
