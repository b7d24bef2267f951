internal import Decoding
internal import Infilling
internal import Tokenizers
internal import Transformers

/// A model that scores text from left to right, so that passages are found by search: its drafts
/// are closed where the text after the passage follows. Confined to the engine.
protocol SearchingModel: InfillModel {
  /// Tokens by what a passage may be made of.
  var passageTokens: PassageTokens { get }
  /// Of a model that was tuned for conversations.
  var chat: ChatTemplate? { get }
  var pace: SearchPace { get set }

  /// Predictions of the masked slots of canvases between the tokens before a passage and those after
  /// it; nil from a model that only reads from left to right.
  func proposals(_ canvases: [Canvas], before: [Int], after: [Int]) throws -> [[SlotPrediction]]?
}

extension SearchingModel {
  func proposals(_ canvases: [Canvas], before: [Int], after: [Int]) throws -> [[SlotPrediction]]? {
    nil
  }
}
