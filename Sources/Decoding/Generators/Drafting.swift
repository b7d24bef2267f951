public import Transformers

/// How a text is continued for a draft.
public enum Drafting {
  /// The model's own masks, all tokens of the block seeing each other, a mask's row predicting
  /// itself; with low-rank weights where there are some.
  case block(mask: Int, drafter: Drafter? = nil)
  /// Base and adapter of a model for passages: a mask sees the text and the tokens that show, and
  /// the row before a mask predicts it, as in `AdapterPredictor` with nothing after the passage.
  case adapter(Adapter)
  /// No masks: tokens that recur in the text.
  case promptLookup(PromptLookup)

  /// Ids without text.
  var tokens: [Int] {
    switch self {
    case .block(let mask, _): [mask]
    case .adapter(let adapter): adapter.tokens.slotTokens
    case .promptLookup: []
    }
  }

  /// Runs a block after what the context keeps, masks where it has nil; its first token is the last
  /// one of the text. Returns the head with the
  /// logits for the places `wanted` of the block.
  func run(_ block: [Int?], wanted: [Int], on context: DecodingContext) throws -> LogitsHead {
    switch self {
    case .block(let mask, let drafter):
      try context.run(
        block.map { $0 ?? mask }, visibility: .all, outputRows: wanted, drafter: drafter)
      return context.logits(rows: wanted)
    case .adapter(let adapter):
      let active = block.dropLast()
      let rows = wanted.map { $0 - 1 }
      try context.run(
        active.map { $0 ?? adapter.tokens.mask },
        visibility: .custom { $0 == $1 || active[$1] != nil }, outputRows: rows, adapter: adapter)
      return context.logits(rows: rows, adapter: adapter)
    case .promptLookup:
      preconditionFailure("tokens that recur are found without a pass")
    }
  }
}
