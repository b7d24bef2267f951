public import Tensors

extension HoleModel {
  /// Logits `[rows.count, vocabulary]` of the given rows of the last pass, which ran with the
  /// adapter: DELETE and EXPAND by their trained rows, nothing banned.
  public func adaptedLogits(rows: [Int]) -> Matrix {
    let tokens = adapter.tokens
    let width = transformer.configuration.width
    let states = Matrix(rows: rows.count, columns: width)
    let specials = Matrix(rows: rows.count, columns: 2)
    let logits = Matrix(rows: rows.count, columns: transformer.configuration.vocabularySize)
    transformer.states(rows: rows, adapter: adapter, into: states)
    transformer.kernels.linear(states, rows: rows.count, adapter.specialHead, into: specials)
    transformer.project(states: states, rows: rows.count, into: logits)
    for row in rows.indices {
      logits[row, tokens.delete] = specials[row, 0]
      logits[row, tokens.expand] = specials[row, 1]
    }
    return logits
  }
}
