/// What an engine is asked to do with one passage of a document.
public struct InfillRequest: Sendable, Equatable {
  /// Text before the passage, as much of it as the caller has at hand; an engine uses its end.
  public var prefix: String
  /// The passage as it stands. Its length in tokens is the default number of slots.
  public var original: String
  /// Text after the passage; an engine uses its beginning.
  public var suffix: String
  public var settings: InfillSettings
  /// Where to start: nil is a canvas of masks. Cells that are open are filled, pinned cells are
  /// never changed, drafts are kept until a step revises them.
  public var canvas: [InfillCell]?
  /// What the passage is to become, in the user's words: "more formal", "shorter". nil for a passage
  /// that follows from its surroundings alone. Engines whose model follows no instructions refuse.
  public var instruction: String?

  public init(
    prefix: String, original: String, suffix: String,
    settings: InfillSettings = InfillSettings(), canvas: [InfillCell]? = nil,
    instruction: String? = nil
  ) {
    self.prefix = prefix
    self.original = original
    self.suffix = suffix
    self.settings = settings
    self.canvas = canvas
    self.instruction = instruction
  }
}

/// How a passage is denoised. Every value is the user's to change; the defaults are what the
/// editor's one key does.
public struct InfillSettings: Sendable, Equatable {
  /// How many slots a step reveals.
  public enum Reveal: Sendable, Equatable {
    /// A fixed number of steps, masks falling linearly or along a quarter cosine.
    case steps(Int, Schedule)
    /// Every slot at least this probable, and always the best one.
    case threshold(Double)
    /// As many steps as fit into so many milliseconds, at the speed measured on the way.
    case budget(milliseconds: Int)
  }

  /// Which of a model's modes writes the passage.
  public enum Mode: String, Sendable, CaseIterable {
    /// Masks are filled in any order, the text behind the passage in view.
    case diffusion
    /// One token after the other from the left, blind to the text behind the passage.
    case autoregressive
    /// Drafts in parallel, verified from the left: the text of `autoregressive` in fewer passes.
    case selfSpeculation
    /// The same, each pass verifying the last draft and making the next.
    case quadratic
  }

  public enum Schedule: String, Sendable, CaseIterable {
    case linear, cosine
  }

  public var reveal: Reveal
  /// 0 takes the most probable token; above, tokens are drawn with noise scaled by it.
  public var temperature: Double
  /// The same seed gives the same fill.
  public var seed: UInt64
  /// Slots at the start; nil derives it from the passage with room to grow.
  public var slots: Int?
  /// Whether DELETE and EXPAND may change the number of slots.
  public var lengthMayChange: Bool
  public var mode: Mode
  /// Scale of classifier-free guidance towards the instruction, or towards the context where there
  /// is none; 0 is off and costs nothing, above it each step costs a second pass.
  public var guidance: Double

  public init(
    reveal: Reveal = .quality(3), temperature: Double = 0, seed: UInt64 = 0,
    slots: Int? = nil, lengthMayChange: Bool = true, mode: Mode = .diffusion, guidance: Double = 0
  ) {
    self.reveal = reveal
    self.temperature = temperature
    self.seed = seed
    self.slots = slots
    self.lengthMayChange = lengthMayChange
    self.mode = mode
    self.guidance = guidance
  }
}
