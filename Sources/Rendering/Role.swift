internal import Highlighting

/// A part of the screen that a theme styles. Raw values are the keys of theme files.
public enum Role: String, Sendable, CaseIterable {
  /// The background of everything else.
  case text
  case gutter
  /// Number of the line with the cursor.
  case gutterCurrent = "gutter-current"
  /// Mark of rows with pinned words.
  case gutterPin = "gutter-pin"
  case currentLine = "current-line"
  case wrapMark = "wrap-mark"
  /// Visible symbols of control characters and invalid bytes.
  case control
  /// Text outside of the paragraph or sentence in focus.
  case unfocused
  /// Words that the dictionary does not have.
  case misspelt
  /// The bracket at the cursor and its partner.
  case bracket
  case selection
  case match
  /// Low-probability words, and the least probable ones.
  case doubt
  case doubtStrong = "doubt-strong"
  /// The background of a pending passage.
  case passage
  /// Masks, by the probability of their best candidate.
  case maskLow = "mask-low"
  case maskMedium = "mask-medium"
  case maskHigh = "mask-high"
  /// Chosen by the step on the screen.
  case fresh
  /// Chosen before, by the probability they were chosen with.
  case draftLow = "draft-low"
  case draftMedium = "draft-medium"
  case draftHigh = "draft-high"
  case pinned
  case settled
  /// The original while it is drawn in place of a draft.
  case original
  /// Words that only the original has, and words that only the draft has, where both are shown.
  case removed
  case added
  /// The review cursor.
  case review
  case status
  case statusFile = "status-file"
  case statusState = "status-state"
  case statusFailure = "status-failure"
  /// Steps that are done and steps to come, in the step bar.
  case barDone = "bar-done"
  case barLeft = "bar-left"
  case hint
  case hintKey = "hint-key"
  case note
  case warning
  case failure
  case prompt
  case promptInput = "prompt-input"
  case help
  case helpTitle = "help-title"
  case helpKey = "help-key"
  /// Notice of passages outside the window.
  case offScreen = "off-screen"

  // What text is in its language.
  case syntaxComment = "syntax-comment"
  case syntaxString = "syntax-string"
  case syntaxEscape = "syntax-escape"
  case syntaxNumber = "syntax-number"
  case syntaxConstant = "syntax-constant"
  case syntaxKeyword = "syntax-keyword"
  case syntaxType = "syntax-type"
  case syntaxFunction = "syntax-function"
  case syntaxVariable = "syntax-variable"
  case syntaxAttribute = "syntax-attribute"
  case syntaxOperator = "syntax-operator"
  case syntaxTag = "syntax-tag"
  case syntaxHeading = "syntax-heading"
  case syntaxStrong = "syntax-strong"
  case syntaxEmphasis = "syntax-emphasis"
  case syntaxCode = "syntax-code"
  case syntaxLink = "syntax-link"
  case syntaxQuote = "syntax-quote"
  case syntaxMarker = "syntax-marker"
  case syntaxAdded = "syntax-added"
  case syntaxRemoved = "syntax-removed"
  case syntaxChanged = "syntax-changed"
  case syntaxError = "syntax-error"

  init(_ role: SyntaxRole) {
    // Every syntax role has a role of its own; a test goes through them.
    self = Role(rawValue: "syntax-" + role.rawValue) ?? .text
  }

  /// A theme may leave it out: it then looks like the text around it.
  public var isOptional: Bool {
    [.bracket, .unfocused, .misspelt].contains(self) || rawValue.hasPrefix("syntax-")
  }

  /// Attributes of the role without colours.
  var monochrome: Style.Attributes {
    switch self {
    case .text, .gutter, .currentLine, .passage, .settled, .hint, .note, .promptInput,
      .help, .syntaxString, .syntaxEscape, .syntaxNumber, .syntaxConstant, .syntaxType,
      .syntaxFunction, .syntaxVariable, .syntaxAttribute, .syntaxOperator, .syntaxCode,
      .syntaxLink, .syntaxQuote, .syntaxMarker, .syntaxChanged:
      []
    case .gutterCurrent, .gutterPin, .fresh, .hintKey, .warning, .failure, .prompt, .helpTitle,
      .helpKey, .offScreen, .syntaxKeyword, .syntaxTag, .syntaxHeading, .syntaxStrong, .syntaxAdded,
      .bracket:
      .bold
    case .wrapMark, .maskLow, .maskMedium, .maskHigh, .syntaxComment, .syntaxRemoved,
      .unfocused:
      .dim
    case .control: [.dim, .reverse]
    case .selection, .status, .barLeft: .reverse
    case .match, .review: [.reverse, .underline]
    case .draftLow: [.underline, .italic, .dim]
    case .draftMedium: [.underline, .italic]
    case .draftHigh, .doubt, .syntaxError, .misspelt: .underline
    case .doubtStrong: [.underline, .reverse]
    case .original, .syntaxEmphasis: .italic
    case .removed: .dim
    case .added: .bold
    case .pinned, .statusFile, .statusState, .statusFailure, .barDone: [.bold, .reverse]
    }
  }
}
