internal import Tensors

/// How masks behind a text are filled for a draft.
public enum Drafting {
  /// The model's own masks, all tokens of the block seeing each other, a mask's row predicting
  /// itself; with low-rank weights where there are some.
  case block(mask: Int, drafter: Drafter? = nil)
  /// Base and adapter of a model for passages: a mask sees the text and the tokens that show, and
  /// the row before a mask predicts it, as in `HolePredictor` with nothing after the passage.
  case adapter(Adapter)

  var mask: Int {
    switch self {
    case .block(let mask, _): mask
    case .adapter(let adapter): adapter.tokens.mask
    }
  }

  /// Ids that stand for no text.
  var tokens: [Int] {
    switch self {
    case .block(let mask, _): [mask]
    case .adapter(let adapter): [adapter.tokens.mask, adapter.tokens.delete, adapter.tokens.expand]
    }
  }

  /// Runs a block behind what the context keeps; its first token is the last one of the text.
  /// Returns the logits for the places `wanted` of the block.
  func run(_ block: [Int], wanted: [Int], on context: DecodingContext) throws -> Matrix {
    switch self {
    case .block(_, let drafter):
      try context.run(block, visibility: .all, drafter: drafter)
      return context.logits(rows: wanted)
    case .adapter(let adapter):
      let active = Array(block.dropLast())
      try context.run(
        active, visibility: .custom { $0 == $1 || active[$1] != adapter.tokens.mask },
        adapter: adapter)
      return context.logits(rows: wanted.map { $0 - 1 }, adapter: adapter)
    }
  }
}
