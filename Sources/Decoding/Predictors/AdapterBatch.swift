internal import DecodingPolicies
internal import Tensors
internal import Transformers

/// Questions about passages of one model that are answered together, and the lists which that
/// takes, in memory kept from step to step.
final class AdapterBatch {
  /// A question and its rows.
  private struct Entry {
    var question: BatchQuestion<AdapterPredictor>
    /// The first question that has the same logits, which are computed for that one.
    var source: Int
    /// First row of its logits.
    var row = 0
    /// Row of the base's own prediction, where it is mixed in.
    var baseRow: Int?

    /// Whether it is, into that of the first slot asked about.
    var isBlended: Bool { question.predictor.blends(question.query) }
  }

  private var entries: [Entry] = []
  /// Passes that each question has taken.
  private var passes: [Int] = []
  private var texts: [CachedPrompt] = []
  private var textPass = ForwardPass([], positions: [], groups: [], outputRows: [])
  private var activePass = ForwardPass([], positions: [], groups: [], outputRows: [])
  /// What the rows of each group see of one another.
  private var masks: [AttentionMask] = []
  private var isOpen: [Bool] = []
  private var choices: [LogitsRow] = []
  private var banned: [Int] = []
  /// The last answer's. It has memory of its own once there is another one while it is kept.
  private var predictions: [SlotPrediction] = []

  func add(_ question: BatchQuestion<AdapterPredictor>) {
    entries.append(Entry(question: question, source: entries.count))
    passes.append(0)
  }

  /// Forgets the questions.
  func clear() {
    entries.removeAll(keepingCapacity: true)
    passes.removeAll(keepingCapacity: true)
    texts.removeAll(keepingCapacity: true)
    activePass.clear()
  }

  /// Computes the logits of all questions.
  func run(on model: AdapterModel) throws {
    let wanted = try runActive(on: model)
    let head = model.head
    var rows = 0
    for entry in entries { rows += entry.question.query.slots.count + (entry.isBlended ? 1 : 0) }
    head.take(wanted, adapter: model.adapter, room: rows)
    // The rows of the base's own predictions follow all others.
    var end = 0
    for index in entries.indices where entries[index].source == index {
      entries[index].row = end
      end += entries[index].question.query.slots.count
      guard entries[index].isBlended else { continue }
      let base = try entries[index].question.predictor.baseState()
      passes[index] += base.passes
      entries[index].baseRow = head.append(base.state)
    }
    head.project()
    copyShared(in: head)
  }

  /// What the logits say about question `index`. Overwrites them.
  func answer(_ index: Int, on model: AdapterModel) throws -> Prediction {
    try model.transformer.stageTimes.measure(.confidences) {
      try summarize(entries[index], on: model)
      let slots = entries[index].question.query.slots
      predictions.removeAll(keepingCapacity: true)
      predictions.reserveCapacity(slots.count)
      for (slot, summary) in zip(slots, model.head.summaries) {
        predictions.append(SlotPrediction(slot: slot, summary))
      }
      return Prediction(slots: predictions, forwardPasses: passes[index] + 1)
    }
  }

  /// Brings the texts up to date and runs the copies and the uncommitted slots; returns the rows
  /// that predict the slots wanted, one question after the other. Of questions with the same logits
  /// only the first is run.
  func runActive(on model: AdapterModel) throws -> [Int] {
    let onLayer = entries[0].question.predictor.onLayer
    try encode(on: model) { $0.prefix }
    for entry in entries { entry.question.predictor.place(entry.question.canvas) }
    try encode(on: model) { $0.suffix.text }
    try encode(on: model) { $0.committed }
    activePass.adapter = model.adapter
    var count = 0
    for index in entries.indices {
      let question = entries[index].question
      entries[index].source =
        entries[..<index].firstIndex { question.hasLogits(of: $0.question) } ?? index
      if entries[index].source != index { continue }
      if masks.count == count { masks.append(AttentionMask(rows: 0, columns: 0)) }
      question.predictor.addActive(
        question.canvas, wanted: question.query.slots, to: &activePass, group: count, masks[count],
        isOpen: &isOpen)
      count += 1
    }
    activePass.groups.removeLast(activePass.groups.count - count)
    try model.transformer.run(activePass, onLayer: onLayer)
    return activePass.outputRows ?? []
  }

  private func encode(on model: AdapterModel, _ text: (AdapterPredictor) -> CachedPrompt) throws {
    texts.removeAll(keepingCapacity: true)
    for entry in entries { texts.append(text(entry.question.predictor)) }
    if texts.allSatisfy(\.isEncoded) { return }
    try CachedPrompt.encode(
      texts, on: model.transformer, by: &textPass, counting: &passes,
      onLayer: entries[0].question.predictor.onLayer)
  }

  /// Gives the questions whose logits were computed for others copies of these, after all rows:
  /// a summary overwrites what it is made of.
  private func copyShared(in head: LogitsHead) {
    head.transformer.stageTimes.measure(.confidences) {
      var end = head.count
      for index in entries.indices where entries[index].source != index {
        let source = entries[entries[index].source]
        let count = source.question.query.slots.count
        entries[index].row = end
        head.copy(source.row..<source.row + count, to: end)
        end += count
        guard let base = source.baseRow else { continue }
        entries[index].baseRow = end
        head.copy(base..<base + 1, to: end)
        end += 1
      }
    }
  }

  private func summarize(_ entry: Entry, on model: AdapterModel) throws {
    let (query, predictor) = (entry.question.query, entry.question.predictor)
    let tokens = model.adapter.tokens
    banned.removeAll(keepingCapacity: true)
    banned.append(contentsOf: predictor.options.banned)
    banned.append(tokens.mask)
    if !query.allowsDelete { banned.append(tokens.delete) }
    if !query.allowsExpand { banned.append(tokens.expand) }
    choices.removeAll(keepingCapacity: true)
    for (index, slot) in query.slots.enumerated() {
      choices.append(LogitsRow(row: entry.row + index, key: UInt64(slot)))
    }
    if let baseRow = entry.baseRow {
      choices[0].secondRow = baseRow
      choices[0].secondWeight = predictor.baseWeight(open: query.slots.count)
    }
    let noise = query.choice.noise
    try model.head.summarize(
      choices, banned: banned, temperature: noise.temperature, seed: noise.seed,
      candidates: query.candidates)
  }
}

extension BatchQuestion<AdapterPredictor> {
  /// Whether its logits are those of `other`: the same slots of a canvas that shows the same,
  /// between the same texts. What is chosen from them may differ.
  fileprivate func hasLogits(of other: Self) -> Bool {
    query.slots == other.query.slots && predictor.stands(where: other.predictor)
      && canvas.slots.elementsEqual(other.canvas.slots) { $0.content == $1.content }
  }
}
