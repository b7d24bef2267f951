internal import DecodingPolicies
public import Tensors

/// A causal model that continues one text in several ways at once. The text around the passage and
/// every cache belong to the model; a search names drafts by number.
public protocol DraftModel {
  /// Times that the model ran, since it was made.
  var forwardPasses: Int { get }

  /// Appends each row's token to its draft and predicts the token after it, all in one pass. Drafts
  /// begin empty; a row without a token asks how an empty draft begins. Throws what the model
  /// throws, and `CancellationError` when the work was cancelled; the drafts are then as they
  /// were.
  mutating func advance(_ rows: [DraftRow], _ query: DraftQuery) throws -> [DraftPrediction]

  /// Appends tokens to each draft, all in one pass. Returns −ln p of each token but the first,
  /// which the draft's last pass predicted already, and of the token `next`.
  mutating func extend(_ extensions: [DraftExtension]) throws -> [[Float]]

  /// −ln p of every token of each reading, given the text before the passage, the beginning of its
  /// draft and the tokens before it. The drafts stay as they are.
  mutating func read(_ readings: [DraftReading]) throws -> [[Float]]

  /// Makes draft `target` the first `count` tokens of draft `source`; keeps it where they are one.
  mutating func fork(_ source: Int, count: Int, to target: Int) throws

  /// Makes each draft the given tokens after the text before the passage, whatever it was drafted
  /// after, in one pass. Returns −ln p of every token, and of the token `next`.
  mutating func recast(_ drafts: [DraftExtension]) throws -> [[Float]]

  /// Predictions of the masked slots of canvases in the place of the passage, both sides in view;
  /// nil from a model that only reads from left to right.
  mutating func propose(_ canvases: [Canvas]) throws -> [[SlotPrediction]]?
}

/// A model whose drafts for several searches can advance in one pass.
public protocol BatchDraftModel: AnyObject, DraftModel {
  /// `advance` for several searches at once, none of whose rows is without a token; each gets what it
  /// would get alone. After an error that is thrown all are as they were.
  static func advance(
    _ questions: [DraftQuestion<Self>]
  ) throws -> [Result<[DraftPrediction], any Error>]
}

/// What one search asks in a pass with others.
public struct DraftQuestion<Model> {
  public var model: Model
  public var rows: [DraftRow]
  public var query: DraftQuery

  public init(model: Model, rows: [DraftRow], query: DraftQuery) {
    self.model = model
    self.rows = rows
    self.query = query
  }
}

/// One draft's part of a pass.
public struct DraftRow: Sendable, Equatable {
  public var draft: Int
  /// The token that continues the draft; nil for an empty draft.
  public var token: Int?
  /// Ids that are not drawn here, besides those of the query.
  public var banned: [Int]

  public init(draft: Int, token: Int?, banned: [Int] = []) {
    self.draft = draft
    self.token = token
    self.banned = banned
  }
}

/// What is asked about the token after each draft.
public struct DraftQuery: Sendable, Equatable {
  /// The first token after the passage, whose probability is wanted.
  public var following: Int
  /// Ids never drawn.
  public var banned: [Int]
  public var temperature: Double
  /// Seed of this pass; with the draft's number it determines the noise.
  public var seed: UInt64

  public init(following: Int, banned: [Int], temperature: Double, seed: UInt64) {
    self.following = following
    self.banned = banned
    self.temperature = temperature
    self.seed = seed
  }
}

/// What the model makes of the token after a draft.
public struct DraftPrediction: Sendable, Equatable {
  /// The token drawn, bans applied.
  public var token: Int
  /// Its probability at temperature 1, bans applied.
  public var probability: Float
  /// ln of `probability`.
  public var logProbability: Float
  /// The most probable tokens, best first.
  public var candidates: TokenCandidates
  /// ln p of the query's `following` at temperature 1.
  public var following: Float

  public init(
    token: Int, probability: Float, logProbability: Float, candidates: TokenCandidates,
    following: Float
  ) {
    self.token = token
    self.probability = probability
    self.logProbability = logProbability
    self.candidates = candidates
    self.following = following
  }
}

/// Tokens that continue a draft, and the one after them, whose probability is wanted.
public struct DraftExtension: Sendable, Equatable {
  public var draft: Int
  public var tokens: [Int]
  public var next: Int

  public init(draft: Int, tokens: [Int], next: Int) {
    self.draft = draft
    self.tokens = tokens
    self.next = next
  }
}

/// Tokens to be read after the first `count` tokens of a draft.
public struct DraftReading: Sendable, Equatable {
  public var draft: Int
  public var count: Int
  /// The draft's token before them; nil where `count` is 0.
  public var last: Int?
  public var tokens: [Int]

  public init(draft: Int, count: Int, last: Int?, tokens: [Int]) {
    precondition((count == 0) == (last == nil), "\(count) tokens before a reading")
    self.draft = draft
    self.count = count
    self.last = last
    self.tokens = tokens
  }
}
