public import DecodingPolicies
internal import Infilling

/// What a user may set. The defaults are what a new user gets.
public struct EditorSettings: Sendable, Equatable {
  public var tabWidth = 4
  public var showsLineNumbers = true
  /// A list is kept of the files that were open, each with the place of the cursor.
  public var remembersFiles = true
  /// Shortest time between two steps on the screen, so that they can be watched; of a search, which
  /// has more of them, a fourth of it.
  public var stepMilliseconds = 100
  /// Nothing on the screen moves by itself but for the steps.
  public var reducesMotion = false
  /// Engines besides that of this machine.
  public var engines: [EngineChoice] = []
  /// How passages are denoised.
  public var infill = DecodingConfiguration()
  /// Temperature of every candidate but a passage's first.
  public var rerollTemperature = 0.7
  /// Candidates that are begun at once.
  public var candidates = 4
  /// Scale of guidance towards an instruction.
  public var guidance = 1.5
  /// A word less probable than this is unlikely.
  public var doubt = 0.001
  /// Rounds of masking unlikely words, at most.
  public var refineRounds = 3
  /// The window follows the steps of a passage.
  public var followsSteps = false
  /// Bytes of the document sent along before and after a passage.
  public var prefixBytes = InfillRequest.reach.before
  public var suffixBytes = InfillRequest.reach.after
  /// Longest passage that can be rewritten.
  public var longestSpanBytes = 32_000

  public init() {}
}
