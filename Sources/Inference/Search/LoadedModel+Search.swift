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
    let policy = SearchPolicy(request.settings)
    let drafts = CausalDrafts(
      hole.transformer, after: before.tokens.isEmpty ? leftContext([]) : before,
      floor: policy.floor,
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
}
