internal import Tensors
internal import Transformers

/// What turns the states of a pass into tokens: buffers for states and logits, as many rows as were
/// asked for yet, and the summaries of these rows. Confined to one engine.
final class LogitsHead {
  let transformer: Transformer
  /// `[rows, width]`, normalised.
  private(set) var states: Matrix
  /// `[rows, vocabulary]`.
  private(set) var logits: Matrix
  /// `[rows, 2]`: logits of DELETE and EXPAND by an adapter's trained rows.
  private var specials: Matrix
  /// Of the last rows summarised. It has memory of its own once there is another one while it is
  /// kept.
  private(set) var summaries: [TopKSummary] = []
  /// Rows of `states` in use; those below `adapted` were made with `adapter`.
  private(set) var count = 0
  private var adapted = 0
  private var adapter: Adapter?

  init(_ transformer: Transformer) {
    self.transformer = transformer
    let model = transformer.configuration
    states = Matrix(rows: 0, columns: model.width)
    logits = Matrix(rows: 0, columns: model.vocabularySize)
    specials = Matrix(rows: 0, columns: 2)
  }

  private func reserve(_ rows: Int) {
    guard logits.rows < rows else { return }
    states = Matrix(rows: rows, columns: states.columns)
    logits = Matrix(rows: rows, columns: logits.columns)
    specials = Matrix(rows: rows, columns: 2)
  }

  /// Takes the states of the given rows of the last pass, in the place of those before.
  ///
  /// - Parameters:
  ///   - adapter: the one that the pass ran with.
  ///   - room: rows of logits needed in all, more than `rows` where states follow or logits are
  ///     copied.
  func take(_ rows: [Int], adapter: Adapter? = nil, room: Int = 0) {
    reserve(max(rows.count, room))
    transformer.states(rows: rows, adapter: adapter, into: states)
    (count, adapted) = (rows.count, adapter == nil ? 0 : rows.count)
    self.adapter = adapter
    guard let adapter else { return }
    transformer.kernels.linear(states, rows: count, adapter.specialHead, into: specials)
  }

  /// Adds a state `[1, width]` of the base; returns its row.
  func append(_ state: Matrix) -> Int {
    states.copyRows(0..<1, of: state, to: count)
    count += 1
    return count - 1
  }

  /// Computes the logits of all states taken. With an adapter DELETE and EXPAND have those of its
  /// trained rows, and none to speak of in rows of the base, which knows neither.
  func project() {
    transformer.project(states: states, rows: count, into: logits)
    guard let tokens = adapter?.tokens else { return }
    for row in 0..<adapted {
      logits[row, tokens.delete] = specials[row, 0]
      logits[row, tokens.expand] = specials[row, 1]
    }
    for row in adapted..<count {
      logits[row, tokens.delete] = -1e9
      logits[row, tokens.expand] = -1e9
    }
  }

  /// The logits of the given rows of the last pass, in the first rows of `logits`.
  func project(_ rows: [Int], adapter: Adapter? = nil) {
    take(rows, adapter: adapter)
    project()
  }

  /// The logits of one state `[1, width]` of the base, in row `row` of at least `room`; the other
  /// rows stay.
  func project(_ state: Matrix, to row: Int = 0, room: Int = 1) {
    reserve(room)
    let single = Matrix(rows: 1, columns: logits.columns)
    transformer.project(states: state, rows: 1, into: single)
    logits.copyRows(0..<1, of: single, to: row)
  }

  /// Copies rows of logits: a summary overwrites what it is made of.
  func copy(_ rows: Range<Int>, to row: Int) { logits.copyRows(rows, of: logits, to: row) }

  func setRow(_ row: Int, _ values: [Float]) { logits.setRow(row, values) }

  /// Makes `summaries` those of the chosen rows of logits, which are overwritten. Throws where one is
  /// not defined.
  ///
  /// - Parameters:
  ///   - candidates: at most as many as a summary holds.
  func summarize(
    _ choices: [LogitsRow], banned: [Int], temperature: Float = 0, seed: UInt64 = 0,
    candidates: Int
  ) throws {
    transformer.kernels.summarize(
      logits, choices, second: logits, banned: banned, temperature: temperature, seed: seed,
      candidates: min(candidates, Kernels.maximumCandidates), into: &summaries)
    try transformer.check(summaries)
  }

  /// ln p of the token `targets[i]` by row i of the logits, which are overwritten; `summaries` are
  /// then those of these rows.
  func logProbabilities(
    of targets: [Int], banned: [Int] = [], candidates: Int = 0
  ) throws -> [Float] {
    let values = targets.indices.map { logits[$0, targets[$0]] }
    try summarize(
      targets.indices.map { LogitsRow(row: $0) }, banned: banned, candidates: candidates)
    return zip(values, summaries).map { $0 - $1.logNormalizer }
  }
}
