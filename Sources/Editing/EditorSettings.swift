public import DecodingPolicies
public import Highlighting
internal import Infilling

/// What a user may set. The defaults are what a new user gets.
public struct EditorSettings: Sendable, Equatable {
  public var tabWidth = 4
  public var showsLineNumbers = true
  /// Columns after which rows are wrapped; 0 for those of the window.
  public var wrapColumn = 0
  /// Columns at which a command wraps the lines of a paragraph.
  public var hardWrap = 72
  /// Typographic quotation marks for straight ones typed in prose; nil leaves them.
  public var smartQuotes: SmartQuotes?
  /// The status line has the number of words.
  public var showsWordCount = false
  /// The dictionary; nil for that of the locale.
  public var spelling: String?
  /// What is not dimmed when the editor starts.
  public var focus = FocusMode.off
  /// Text is highlighted by the rules of its language.
  public var highlights = true
  /// Languages of files, which come before those that the editor knows.
  public var languages: [LanguageNames.FilePattern] = []
  /// A list is kept of the files that were open, each with the place of the cursor.
  public var remembersFiles = true
  /// `.editorconfig` files around a document are followed.
  public var followsEditorConfig = true
  /// Undo of a document is kept for later sessions.
  public var remembersUndo = true
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
  /// A model that sees pictures is shown those around a passage.
  public var showsPictures = true
  /// Longest edge in pixels that they are shrunk to.
  public var pictureEdge = PictureContext.defaultEdge
  /// The window follows the steps of a passage.
  public var followsSteps = false
  /// Bytes of the document sent along before and after a passage.
  public var prefixBytes = InfillRequest.reach.before
  public var suffixBytes = InfillRequest.reach.after
  /// Longest passage that can be rewritten.
  public var longestSpanBytes = 32_000

  public init() {}
}
