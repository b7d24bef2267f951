/// Geometry of a decoder-only transformer and the parts that vary between families. One
/// `Transformer` runs all of them.
public struct ModelConfiguration: Sendable, Equatable {
  /// Name of the family that read it, as in `ModelFamily.name`.
  public var family: String
  /// Columns of the residual stream.
  public var width: Int
  public var layers: Int
  public var heads: Int
  public var keyValueHeads: Int
  /// Columns of a head; not always width / heads.
  public var headSize: Int
  /// Columns inside the feed-forward of a dense layer.
  public var feedForwardWidth: Int
  public var vocabularySize: Int
  public var contextLength: Int
  public var normEpsilon: Float
  public var rotary: RotaryConfiguration
  /// Whether the embedding is also the output matrix.
  public var tiesEmbedding: Bool
  /// Whether q, k and v have biases.
  public var attentionBias = false
  /// Whether q and k are normalised per head before rotation.
  public var queryKeyNorm = false
  /// Nil for models whose layers are all dense.
  public var experts: ExpertConfiguration?
  /// How the model was trained to attend, and what a mask predicts.
  public var diffusion: DiffusionTraits?
  /// The tower of a model that sees pictures.
  public var vision: VisionConfiguration?
  /// Ids the configuration names; others come from the tokenizer.
  public var beginToken: Int?
  public var endTokens: [Int] = []

  public init(
    family: String, width: Int, layers: Int, heads: Int, keyValueHeads: Int, headSize: Int,
    feedForwardWidth: Int, vocabularySize: Int, contextLength: Int, normEpsilon: Float,
    rotary: RotaryConfiguration, tiesEmbedding: Bool
  ) {
    self.family = family
    self.width = width
    self.layers = layers
    self.heads = heads
    self.keyValueHeads = keyValueHeads
    self.headSize = headSize
    self.feedForwardWidth = feedForwardWidth
    self.vocabularySize = vocabularySize
    self.contextLength = contextLength
    self.normEpsilon = normEpsilon
    self.rotary = rotary
    self.tiesEmbedding = tiesEmbedding
  }

  /// Columns of all query heads, and of all key (or value) heads.
  public var queryWidth: Int { heads * headSize }
  public var keyWidth: Int { keyValueHeads * headSize }

  /// Weights, those of a vision tower included, head and embedding counted once where tied. O(1).
  public var parameters: Int { textParameters + (vision?.parameters ?? 0) }

  private var textParameters: Int {
    let attention = 2 * width * (queryWidth + keyWidth)
    let biases = attentionBias ? queryWidth + 2 * keyWidth : 0
    let norms = 2 * width + (queryKeyNorm ? 2 * headSize : 0)
    var total = layers * (attention + biases + norms) + width
    total += (tiesEmbedding ? 1 : 2) * vocabularySize * width
    guard let experts else { return total + layers * 3 * width * feedForwardWidth }
    let dense = min(layers, experts.denseLayers)
    let perExpert = 3 * width * experts.width
    total += dense * 3 * width * feedForwardWidth
    total += (layers - dense) * (experts.count + experts.shared) * perExpert
    return total + (layers - dense) * experts.count * (width + (experts.hasBias ? 1 : 0))
  }
}

/// Mixture of experts: how a router chooses them and what they weigh.
public struct ExpertConfiguration: Sendable, Equatable {
  /// What makes scores of a router's logits.
  public enum Scoring: String, Sendable {
    /// Each by itself (DeepSeek-V3, LLaDA2).
    case sigmoid
    /// Over all experts (OLMoE, LLaDA-MoE; Qwen3-MoE, RND1).
    case softmax
  }

  public var count: Int
  /// Experts a token uses.
  public var active: Int
  public var shared: Int
  /// Columns inside one expert.
  public var width: Int
  /// The experts lie in `groups` groups of which the best `activeGroups` are looked at.
  public var groups: Int
  public var activeGroups: Int
  /// Leading layers with an ordinary feed-forward.
  public var denseLayers: Int
  public var scale: Float
  /// Whether a bias per expert is added for the choice alone.
  public var hasBias: Bool
  public var scoring: Scoring
  /// Whether the scores of the chosen experts are divided by their sum.
  public var normalizes: Bool

  public init(
    count: Int, active: Int, shared: Int = 0, width: Int, groups: Int = 1, activeGroups: Int = 1,
    denseLayers: Int = 0, scale: Float = 1, hasBias: Bool = false, scoring: Scoring = .sigmoid,
    normalizes: Bool = true
  ) {
    self.count = count
    self.active = active
    self.shared = shared
    self.width = width
    self.groups = groups
    self.activeGroups = activeGroups
    self.denseLayers = denseLayers
    self.scale = scale
    self.hasBias = hasBias
    self.scoring = scoring
    self.normalizes = normalizes
  }
}

/// What makes a checkpoint a masked-diffusion model.
public struct DiffusionTraits: Sendable, Equatable {
  public enum Attention: Sendable, Equatable {
    /// Every token sees every token.
    case bidirectional
    /// A token sees its own block of this many tokens and the blocks before it.
    case blockCausal(Int)
    /// Causal context, a bidirectional block over it.
    case causalContext(block: Int)
  }

  public var attention: Attention
  /// Whether the row that predicts position i is row i − 1 (row 0 keeps its own).
  public var shiftsLogits: Bool
  public var maskToken: Int
  /// Stands for two masks; nil for models of a fixed length.
  public var expandToken: Int?

  public init(
    attention: Attention, shiftsLogits: Bool, maskToken: Int, expandToken: Int? = nil
  ) {
    self.attention = attention
    self.shiftsLogits = shiftsLogits
    self.maskToken = maskToken
    self.expandToken = expandToken
  }
}
