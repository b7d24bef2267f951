/// An engine as the settings describe it.
public struct EngineConfiguration: Sendable, Equatable {
  /// What `--engine` and the editor call it.
  public var name: String
  public var kind: EngineKind
  public var address: EngineAddress
  /// nil leaves it to the server.
  public var model: String?
  public var key: KeySource
  /// Path of a PEM file with the only certificates to trust; nil trusts those of the system.
  public var authorities: String?
  /// Characters of the document that are sent before and after a passage, at most.
  public var before = 4000
  public var after = 2000
  public var deadlines = Deadlines()
  /// Milliseconds that a server may ask to wait before a request is repeated.
  public var patience = 10_000
  /// Whether the local model fills a passage that this engine does not.
  public var fallsBack = true
  /// Who compares candidates.
  public var judge = Judge.local
  public var canvas = CanvasForm()

  public enum Judge: String, Sendable, CaseIterable {
    /// The local model; where there is none, as `server`.
    case local
    /// The probabilities that the engine returned for its own tokens.
    case server
  }

  public init(
    name: String, kind: EngineKind, address: EngineAddress, model: String? = nil,
    key: KeySource? = nil
  ) {
    self.name = name
    self.kind = kind
    self.address = address
    self.model = model ?? kind.standardModel
    self.key = key ?? kind.standardKey
  }
}

/// The canvas of a diffusion model that vLLM serves. The defaults are those of DiffusionGemma.
public struct CanvasForm: Sendable, Equatable {
  /// Slots of a canvas, at most `canvas_length` of the server.
  public var width = 64
  /// What open slots hold; nil for a model that denoises random tokens.
  public var mask: Int?
  /// Ends the answer, after the text that follows the passage.
  public var close = 106
  /// Fills the rest of the canvas.
  public var padding = 0
  /// Random tokens are below this.
  public var vocabulary = 262_144

  public init() {}

  /// Tokens that never stand in a passage: padding, end, beginning, unknown, marks of a turn.
  public var banned: Set<Int> {
    var banned: Set = [padding, close]
    if let mask { banned.insert(mask) } else { banned.formUnion([0, 1, 2, 3, 105, 106]) }
    return banned
  }
}
