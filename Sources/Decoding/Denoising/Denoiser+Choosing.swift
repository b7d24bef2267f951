internal import DecodingPolicies
internal import Tensors

extension Denoiser {
  /// `predictions` with the repetition guard's choice for masked slots.
  func revised(_ predictions: [SlotPrediction], by repetition: RepetitionGuard)
    -> [SlotPrediction]
  {
    lists.line.set(left: left, canvas: canvas, right: right)
    lists.revised.removeAll(keepingCapacity: true)
    lists.revised.append(contentsOf: predictions)
    for index in 0..<predictions.count
    where canvas.slots[predictions[index].slot].content == .masked {
      if let other = repetition.revise(
        predictions[index], in: lists.line, predictor.canvasTokens)
      {
        lists.revised[index] = other
      }
    }
    return lists.revised
  }

  /// Lists the masked slots that this step fills as `chosen`, surest first.
  ///
  /// Where slots are closed from the left, a slot is closed only together with every mask before
  /// it, and those that may be closed are closed at once.
  func choose(_ predictions: [SlotPrediction], _ progress: inout UnmaskingProgress, isFinal: Bool) {
    lists.chosen.removeAll(keepingCapacity: true)
    lists.chosen.reserveCapacity(predictions.count)
    if policy.beginsWithFirstSlot && progress.step == 0 {
      lists.chosen.append(contentsOf: predictions.prefix(1))
      return
    }
    let delete = policy.closesFromLeft && !isFinal ? predictor.canvasTokens.delete : nil
    let closing = predictions.prefix { $0.token == delete }
    rank(predictions) { $0 < closing.count || predictions[$0].token != delete }
    policy.unmasking.select(lists.ranked, &progress, seed: policy.seed, into: &lists.chosen)
    if lists.chosen.contains(where: { $0.token == delete }) {
      lists.chosen.removeAll { $0.token == delete }
      lists.chosen.insert(contentsOf: closing, at: 0)
    }
  }

  /// Ranks the predictions with the given indices, surest first, ties to the left.
  private func rank(_ predictions: [SlotPrediction], where isTaken: (Int) -> Bool) {
    lists.ranked.removeAll(keepingCapacity: true)
    lists.ranked.reserveCapacity(predictions.count)
    var factor: Float = 1
    for index in 0..<predictions.count where isTaken(index) {
      let prediction = predictions[index]
      var score = policy.confidence.score(prediction, seed: policy.seed)
      if policy.deferred.contains(prediction.token) { score = -.infinity }
      // Entropies score below zero, where far off is more negative.
      let rank = score < 0 ? score / factor : score * factor
      lists.ranked.append(Ranked(prediction: prediction, score: score, rank: rank))
      factor *= policy.lookahead
    }
    lists.ranked.sortSurestFirst()
  }

  /// Fills the chosen slots. Slots of one step do not know of each other: where an earlier one
  /// makes a later one a repetition, the later one waits for the next step, unless this is the
  /// last. Returns the slots that were filled, in their order.
  ///
  /// A slot for which the model predicts its own mask stays one and is asked about again, as in the
  /// published code. Where the next step would be the same for ever, the surest of these takes the
  /// likeliest other token.
  mutating func fill(isFinal: Bool) -> [Int] {
    let tokens = predictor.canvasTokens
    let asksAgain =
      policy.unmasking.plannedSteps != nil && !isFinal
      || lists.chosen.contains { $0.token != tokens.mask }
    var filled: [Int] = []
    filled.reserveCapacity(lists.chosen.count)
    for index in 0..<lists.chosen.count {
      var prediction = lists.chosen[index]
      if prediction.token == tokens.mask {
        guard !asksAgain && filled.isEmpty else { continue }
        if let other = prediction.candidates.first(where: { $0.token != tokens.mask }) {
          prediction.token = other.token
          prediction.probability = other.probability
        }
      }
      if let repetition = policy.repetition, !filled.isEmpty,
        let second = repetition.revise(prediction, in: lists.line, tokens)
      {
        if second != prediction && !isFinal { continue }
        prediction = second
      }
      if prediction.token == tokens.delete && !canClose {
        guard isFinal,
          let other = prediction.candidates.first(where: { !tokens.changesLength($0.token) })
        else { continue }
        prediction.token = other.token
        prediction.probability = other.probability
      }
      let content = content(prediction.token)
      canvas.place(
        content, at: prediction.slot, confidence: prediction.probability,
        candidates: prediction.candidates)
      if policy.repetition != nil { lists.line.place(content, at: prediction.slot) }
      filled.append(prediction.slot)
    }
    return filled
  }

  private func content(_ token: Int) -> Canvas.Content {
    token == predictor.canvasTokens.delete ? .deleted : .token(token)
  }

  /// Fills the masks of `range` after the first padding token; returns their slots.
  mutating func pad(_ range: Range<Int>) -> [Int] {
    guard let padding = policy.padding else { return [] }
    let first =
      left.contains(padding)
      ? 0 : canvas.slots.firstIndex { $0.content == content(padding) } ?? canvas.count
    let padded = canvas.maskedSlots(in: range).filter { $0 > first || left.contains(padding) }
    for slot in padded {
      canvas.place(content(padding), at: slot, confidence: 0, candidates: [])
    }
    return padded
  }

  /// Replaces shown tokens that the model has second thoughts about; returns their slots.
  mutating func edit(_ predictions: [SlotPrediction]) -> [Int] {
    guard let editing = policy.editing else { return [] }
    let edits = predictions.filter {
      guard case .token(let shown) = canvas.slots[$0.slot].content else { return false }
      return editing.replaces(shown, by: $0)
    }
    for edit in edits {
      if edit.token == predictor.canvasTokens.mask {
        canvas.remask(edit.slot)
        continue
      }
      canvas.place(
        .token(edit.token), at: edit.slot, confidence: edit.probability,
        candidates: edit.candidates)
    }
    return edits.map(\.slot)
  }

  /// Takes shown tokens back by chance, where the policy does so and the block has steps to come;
  /// returns their slots.
  mutating func remask(_ block: Block) -> [Int] {
    guard case .ancestral(let steps, let remasking) = policy.unmasking,
      block.progress.step + 1 < steps
    else { return [] }
    let shown = canvas.revisableSlots(in: block.range)
    let chances = remasking.chances(
      step: block.progress.step, of: steps,
      confidences: shown.map { canvas.slots[$0].confidence })
    let remasked = zip(shown, chances.remask).filter { slot, chance in
      CounterRandom.unit(seed: policy.seed, slot: slot, token: -2 - steps - block.progress.step)
        < chance
    }.map(\.0)
    for slot in remasked { canvas.remask(slot) }
    return remasked
  }
}

/// A slot with what the policies make of it.
struct Ranked {
  var prediction: SlotPrediction
  /// The policy's confidence.
  var score: Float
  /// What the order goes by.
  var rank: Float
}

extension [Ranked] {
  /// Orders by falling rank, ties to the left.
  mutating func sortSurestFirst() {
    sort { a, b in
      a.rank != b.rank ? a.rank > b.rank : a.prediction.slot < b.prediction.slot
    }
  }
}
