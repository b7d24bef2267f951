internal import Decoding
internal import DecodingPolicies
public import Inference
internal import Tokenizers
internal import Transformers

/// Runs an evaluation: likelihoods, then fills, window by window.
///
/// After the training code's `evaluate.py` and `heldout.py`: greedy choice, means of windows, the
/// suffix judged by its first 32 tokens.
public struct Evaluator {
  public var policies: [FillPolicy]
  public var curve: [FillPolicy]
  /// Whether the policies are run with free length too.
  public var includesFreeLength: Bool
  public var seed: UInt64
  /// Windows whose fills are kept to look at.
  public var examples = 0

  private let scorer: Scorer
  private let filler: Filler
  private let tokenizer: Tokenizer
  private let now: () -> Double

  /// Tokens of text shown on each side of an example.
  private static let shown = 40

  /// Tokens of the suffix that judge how a fill joins.
  static let joined = 32

  /// - Parameter now: milliseconds of a steady clock.
  public init(
    _ model: ModelParts, policies: [FillPolicy] = FillPolicy.usual,
    curve: [FillPolicy] = FillPolicy.curve, includesFreeLength: Bool = true, seed: UInt64 = 5,
    now: @escaping () -> Double
  ) {
    scorer = Scorer(model.adapterModel)
    filler = Filler(model: model.adapterModel, options: model.options, now: now)
    tokenizer = model.tokenizer
    self.policies = policies
    self.curve = curve
    self.includesFreeLength = includesFreeLength
    self.seed = seed
    self.now = now
  }

  /// Evaluates on all windows. `progress` is called before each with the number done and of all;
  /// what it throws ends the evaluation.
  public func report(
    windows: [EvaluationWindow], tables: [TableWindow] = [],
    progress: (Int, Int) throws -> Void = { _, _ in }
  ) throws -> EvaluationReport {
    let total = windows.count + tables.count
    var table = LossTable()
    for (index, window) in tables.enumerated() {
      try progress(index, total)
      try add(window, to: &table)
    }
    var middle = LossTable()
    var rows = RowTable()
    for (index, window) in windows.enumerated() {
      try progress(tables.count + index, total)
      try add(window, number: index, losses: &middle, rows: &rows)
    }
    return EvaluationReport(
      windows: windows.count, middle: middle.losses, table: table.losses,
      exact: rows.means(.exact), free: rows.means(.free), curve: rows.means(.curve),
      examples: rows.examples)
  }

  private func add(_ window: TableWindow, to table: inout LossTable) throws {
    let losses = try scorer.maskedLosses(window)
    guard window.table == "first" else {
      table.add(losses, to: window.table)
      return
    }
    if let passage = window.passages.first {
      try scorer.setPrefix(Array(window.document[..<passage.start]))
      table.add(try scorer.baseLosses([window.document[passage.start]]), to: "base")
    }
    for (name, loss) in zip(["frontier", "+1", "+2"], losses) { table.add([loss], to: name) }
  }

  private func add(
    _ window: EvaluationWindow, number: Int, losses: inout LossTable, rows: inout RowTable
  ) throws {
    try scorer.setPrefix(window.prefix)
    losses.add(try scorer.baseLosses(window.middle), to: "base")
    for rate in MaskRate.allCases {
      let open = window.openSlots(rate, seed: seed &* 1000 &+ UInt64(number))
      losses.add(try scorer.maskedLosses(window, open: open), to: rate.rawValue)
    }
    let judge = Judge(scorer: scorer, tokenizer: tokenizer, window: window)
    let count = window.middle.count
    rows.add(try judge.measure(window.middle, steps: count), .exact, "original")
    let start = now()
    let continuation = try scorer.continuation(count)
    let elapsed = now() - start
    rows.add(
      try judge.measure(continuation, steps: count, milliseconds: elapsed), .exact, "continuation")
    let prefix = CachedPrompt(window.prefix, model: scorer.model.transformer.configuration)
    func add(_ policy: FillPolicy, _ part: RowTable.Part) throws {
      let result = try filler.fill(window, prefix: prefix, policy)
      let measure = try judge.measure(
        result.tokens, steps: result.steps, forwardPasses: result.forwardPasses,
        milliseconds: result.milliseconds)
      rows.add(measure, part, policy.name)
      if number < examples && part != .curve {
        rows.examples.append(example(window, result.tokens, policy))
      }
    }
    for policy in policies { try add(policy, .exact) }
    if includesFreeLength {
      for policy in policies { try add(policy.withFreeLength(), .free) }
    }
    for policy in curve { try add(policy, .curve) }
  }
}

extension Evaluator {
  private func example(_ window: EvaluationWindow, _ fill: [Int], _ policy: FillPolicy)
    -> EvaluationReport.Example
  {
    EvaluationReport.Example(
      policy: policy.lengthMayChange ? "\(policy.name), free length" : policy.name,
      before: tokenizer.decode(Array(window.prefix.suffix(Self.shown))),
      original: tokenizer.decode(window.middle), fill: tokenizer.decode(fill),
      after: tokenizer.decode(Array(window.suffix.prefix(Self.shown))))
  }
}

/// Measures fills of one window.
private struct Judge {
  let scorer: Scorer
  let tokenizer: Tokenizer
  let window: EvaluationWindow

  func measure(
    _ tokens: [Int], steps: Int, forwardPasses: Int? = nil, milliseconds: Double = 0
  ) throws -> FillMeasure {
    let losses = try scorer.baseLosses(tokens + window.suffix.prefix(Evaluator.joined))
    var measure = FillMeasure()
    measure.fill = mean(losses.prefix(tokens.count))
    measure.suffix = mean(losses.dropFirst(tokens.count))
    measure.joint = mean(losses[...])
    let original = window.middle
    measure.equal = Double(zip(tokens, original).count { $0 == $1 }) / Double(original.count)
    measure.rougeL = RougeL.score(tokenizer.decode(tokens), reference: tokenizer.decode(original))
    measure.lengthError = Double(abs(tokens.count - original.count))
    measure.tokens = Double(tokens.count)
    measure.steps = Double(steps)
    measure.forwardPasses = Double(forwardPasses ?? steps)
    measure.milliseconds = milliseconds
    return measure
  }

  private func mean(_ values: ArraySlice<Double>) -> Double {
    values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
  }
}
