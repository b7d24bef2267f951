public import Tensors

/// A model as far as canvases go. Whoever asks it elsewhere hands its answers to
/// `Denoiser.take`.
public protocol CanvasModel {
  /// Tokens with a meaning in a canvas.
  var canvasTokens: CanvasTokens { get }
}

/// A model as the denoiser sees it: given a canvas, what each wanted slot could be. Whatever
/// surrounds the canvas, and every cache, belongs to the predictor.
public protocol MaskPredictor: CanvasModel {
  /// Predictions for `query.slots`, in their order. Throws what the model throws, and
  /// `CancellationError` when the work was cancelled.
  mutating func predict(_ canvas: Canvas, _ query: PredictionQuery) throws -> Prediction
}

/// Ids of a canvas that are not text.
public struct CanvasTokens: Sendable, Equatable {
  public var mask: Int
  /// "This slot is surplus"; nil for models of a fixed length.
  public var delete: Int?
  /// "Two slots are needed here"; nil for models of a fixed length.
  public var expand: Int?
  /// Whether a surplus slot leaves the canvas at once (DreamOn) instead of staying as one that is
  /// never context.
  public var removesDeleted: Bool

  public init(mask: Int, delete: Int? = nil, expand: Int? = nil, removesDeleted: Bool = false) {
    self.mask = mask
    self.delete = delete
    self.expand = expand
    self.removesDeleted = removesDeleted
  }

  /// Whether `token` changes the number of slots and has no text.
  func changesLength(_ token: Int) -> Bool { token == delete || token == expand }
}

/// What a step asks of the model.
public struct PredictionQuery: Sendable, Equatable {
  /// Slots whose logits are wanted, increasing, all of them in `block`; empty where a pass is to be
  /// made for its own sake.
  public var slots: [Int]
  /// The part of the canvas being filled.
  public var block: Range<Int>
  public var choice: TokenChoice
  public var allowsDelete: Bool
  public var allowsExpand: Bool
  /// Runners-up wanted per slot, the best included, at most `TokenCandidates.limit`.
  public var candidates: Int

  /// - Parameter block: nil is the range from the first to the last of `slots`.
  public init(
    slots: [Int], block: Range<Int>? = nil, choice: TokenChoice = .greedy,
    allowsDelete: Bool = false, allowsExpand: Bool = false, candidates: Int = 8
  ) {
    self.slots = slots
    self.block = block ?? (slots.first ?? 0)..<((slots.last ?? -1) + 1)
    self.choice = choice
    self.allowsDelete = allowsDelete
    self.allowsExpand = allowsExpand
    self.candidates = candidates
  }
}

/// How a token is taken from a slot's distribution.
public enum TokenChoice: Sendable, Equatable {
  case greedy
  /// Gumbel-max: the largest of logit + temperature · noise(seed, slot, token). The noise of a slot
  /// is the same at every step, so that a preference once seen does not flicker.
  case sampled(temperature: Double, seed: UInt64)
}

/// What the model makes of one slot.
public struct SlotPrediction: Sendable, Equatable {
  public var slot: Int
  /// The token taken: the most probable one, or the drawn one.
  public var token: Int
  /// Probability of `token` at temperature 1, bans applied.
  public var probability: Float
  /// Most probable tokens, best first, whatever was drawn.
  public var candidates: TokenCandidates
  /// Entropy of the distribution, in nats.
  public var entropy: Float

  public init(
    slot: Int, token: Int, probability: Float, candidates: TokenCandidates = [], entropy: Float = 0
  ) {
    self.slot = slot
    self.token = token
    self.probability = probability
    self.candidates = candidates
    self.entropy = entropy
  }

  /// Probability of the best candidate less that of the second; 1 where there is only one.
  public var margin: Float {
    candidates.count < 2 ? 1 : candidates[0].probability - candidates[1].probability
  }
}

/// The answer to a query.
public struct Prediction: Sendable, Equatable {
  public var slots: [SlotPrediction]
  /// Times the model ran over active tokens or context for this answer.
  public var forwardPasses: Int

  public init(slots: [SlotPrediction], forwardPasses: Int) {
    self.slots = slots
    self.forwardPasses = forwardPasses
  }
}
