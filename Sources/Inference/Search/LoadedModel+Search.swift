internal import Denoising
internal import Infilling
internal import Tokenizers
internal import Transformers

extension LoadedModel {
  /// A session that fills a request's passage by search.
  func searchSession(_ request: InfillRequest) throws -> SearchSession {
    let edges = PassageEdges(request)
    let original = tokenizer.encode((edges.beginsWithBlank ? " " : "") + edges.core)
    let expected = request.settings.slots ?? (edges.core.isEmpty ? 12 : original.count)
    let windows = window(slots: expected)
    let before = prefix(windows.end(of: edges.prefix, tokenizer))
    let after = windows.beginning(of: edges.suffix, tokenizer)
    let rules = PassageRules(
      edges, expected: expected, tokenizer, passageTokens,
      silent: options.banned + hole.adapter.tokens.slotTokens)
    var policy = SearchPolicy(request.settings)
    if before.tokens.isEmpty {
      policy.foresight = policy.tries
      policy.lookahead = max(policy.lookahead, 64)
    }
    if after.isEmpty { policy.foresight = 0 }
    let drafts = CausalDrafts(
      hole.transformer, after: before.tokens.isEmpty ? leftContext([]) : before,
      foreseeing: policy.foresight > 0 ? foreseeing(before, after) : [],
      from: policy.tries - policy.foresight, floor: policy.floor,
      proposals: { [self] in try proposals($0, before: before, after: after) },
      beforeLayer: { _ in try Task.checkCancellation() })
    let watch = Stopwatch()
    let tokens = hole.adapter.tokens
    return SearchSession(
      PassageSearch(
        drafts, form: rules, length: PassageLength(expected: expected),
        following: after,
        end: tokenizer.encode("\n").first ?? 0, policy: policy, now: { watch.milliseconds }),
      CellText(
        tokenizer: tokenizer,
        tokens: CanvasTokens(mask: tokens.mask, delete: tokens.delete, expand: tokens.expand),
        dropsLeadingBlank: edges.takesBlank, beginsWithBlank: edges.takesBlank, head: edges.head,
        tail: edges.tail))
  }

  /// What the adapter would put into the open slots of canvases between two texts.
  private func proposals(_ canvases: [Canvas], before: EncodedText, after: [Int]) throws
    -> [[SlotPrediction]]?
  {
    var options = options
    options.settles = false
    let questions = canvases.map { canvas in
      BatchQuestion(
        predictor: HolePredictor(
          hole, prefix: before,
          sharing: suffix(after, after: before, position: before.tokens.count + canvas.count),
          options: options, beforeLayer: { _ in try Task.checkCancellation() }),
        canvas: canvas, query: PredictionQuery(slots: canvas.openSlots))
    }
    return try HolePredictor.predict(questions).map(\.slots)
  }

  /// Texts that put what follows the passage before it, for drafts that are to lead on to it: as a
  /// page read out of order, and where nothing stands before the passage as a text to sum up.
  private func foreseeing(_ before: EncodedText, _ after: [Int]) -> [EncodedText] {
    let model = hole.transformer.configuration
    let near = Array(after.prefix(80))
    func text(_ before: String, _ after: String, _ rest: [Int]) -> EncodedText {
      EncodedText(tokenizer.encode(before) + near + tokenizer.encode(after) + rest, model: model)
    }
    let page = text(
      "This is how the text goes on: \"", "\"\n\nThis is how the text begins: \"",
      Array(before.tokens.suffix(96)))
    guard before.tokens.isEmpty else { return [page] }
    return [page, text("", "\n\nIn one sentence:", [])]
  }
}
