internal import Decoding
internal import DecodingPolicies
internal import JSON
internal import Transformers

extension CheckRegistry {
  /// Runs the denoiser over a whole sequence and compares every step with the case's `steps`:
  /// predictions of the masks, filled and replaced slots, the canvas after it; then the passes and
  /// the output.
  ///
  /// - Parameters:
  ///   - given: tokens before the canvas.
  ///   - after: tokens after it.
  ///   - delete, expand: as in `DiffusionPredictor`.
  ///   - passes: which of the steps' passes the reference counts; nil counts all.
  static func checkTrace(
    _ item: GoldenCase, given: [Int], _ canvas: Canvas, after: [Int] = [], delete: Int? = nil,
    expand: Int? = nil, _ policy: DenoisingPolicy, _ options: DiffusionOptions,
    passes: ((Int, Denoiser<DiffusionPredictor>) throws -> Int)? = nil
  ) throws {
    let model = try DiffusionModel(ForwardModel(item.model()))
    let predictor = try DiffusionPredictor(
      model, prefix: given, suffix: after, delete: delete, expand: expand, options: options)
    var denoiser = Denoiser(predictor, canvas: canvas, policy: policy, left: given, right: after)
    let mask = predictor.canvasTokens.mask
    func text(_ canvas: Canvas) -> [Int] {
      given
        + canvas.slots.map { if case .token(let token) = $0.content { token } else { mask } }
        + after
    }
    var count = 0
    var before = canvas
    for (index, record) in try (item["steps"].array ?? []).enumerated() {
      guard let step = try denoiser.next() else { throw GoldenMismatch("ends at step \(index)") }
      let found = FoundStep(
        step, before: before, base: given.count, mask: mask, policy.confidence)
      try found.check(record, "step \(index)")
      try compare(text(step.canvas), record, "step \(index)")
      count += step.forwardPasses
      before = step.canvas
    }
    guard try denoiser.next() == nil else { throw GoldenMismatch("goes on after the last step") }
    try expectEqual(try passes?(count, denoiser) ?? count, item["nfe"].int ?? -1, "passes")
    try expectEqual(text(denoiser.canvas), item.ids("output_ids"), "output ids")
  }

  /// `x_after` is the whole text or, from `block_start` on, a block of it.
  private static func compare(_ text: [Int], _ record: JSONValue, _ place: String) throws {
    let expected = record["x_after"]?.ints ?? []
    guard let start = record["block_start"]?.int else {
      return try expectEqual(text, expected, "\(place) text")
    }
    try expectEqual(
      Array(text.dropFirst(start).prefix(expected.count)), expected, "\(place) block")
  }

  /// The canvas of given ids, masks open and the rest pinned.
  static func canvas(_ ids: [Int], mask: Int) -> Canvas {
    Canvas(
      ids.map {
        $0 == mask ? Canvas.Slot(.masked) : Canvas.Slot(.token($0), isPinned: true)
      })
  }

  static func confidence(_ name: String) throws -> Confidence {
    switch name {
    case "entropy": .entropy
    case "topk_margin": .margin
    case "maskgit_plus", "confidence_threshold": .probability
    default: throw GoldenMismatch("no confidence \(name)")
    }
  }
}

/// A step in the words of the recorded ones.
private struct FoundStep {
  let step: Step
  let before: Canvas
  let base: Int
  let mask: Int
  let confidence: Confidence

  init(_ step: Step, before: Canvas, base: Int, mask: Int, _ confidence: Confidence) {
    self.step = step
    self.before = before
    self.base = base
    self.mask = mask
    self.confidence = confidence
  }

  func check(_ record: JSONValue, _ place: String) throws {
    let open = step.predictions.filter { before.slots[$0.slot].content == .masked }
    let shown = step.predictions.filter { before.slots[$0.slot].content != .masked }
    try compare(open, record["conf"], "\(place) confidence")
    try compare(shown, record["edit_conf"], "\(place) confidence of edits")
    if let chosen = record["chosen"]?.int {
      try expectEqual(step.committed.first { !padded($0) }, chosen - base, "\(place) chosen")
    }
    if record["commit"] != nil {
      try expectEqual(
        step.committed.map { $0 + base }, CheckRegistry.filled(record, mask: mask),
        "\(place) filled")
    }
    if let edited = record["edited"]?.ints {
      try expectEqual(step.edited.map { $0 + base }, edited.sorted(), "\(place) replaced")
    }
  }

  /// Whether a slot was filled because a text ended before it.
  private func padded(_ slot: Int) -> Bool {
    step.committed.count > 1 && slot != step.committed.min()
  }

  /// Rows `[position, token, score]`; a step that records none took its choice unranked.
  private func compare(_ found: [SlotPrediction], _ rows: JSONValue?, _ place: String) throws {
    guard let rows = rows?.array else { return }
    try expectEqual(
      found.map { [$0.slot + base, $0.token] },
      rows.map { [$0[0]?.int ?? -1, $0[1]?.int ?? -1] }, place)
    let scores = found.map { prediction -> Float in
      confidence == .position
        ? prediction.probability : confidence.score(prediction, seed: 0)
    }
    try expectClose(
      scores, rows.map { Float($0[2]?.double ?? -1) }, tolerance: 2e-4, place)
  }
}
