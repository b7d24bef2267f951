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

  /// Attributes of the role without colours.
  var monochrome: Style.Attributes {
    switch self {
    case .text, .gutter, .currentLine, .passage, .settled, .hint, .note, .promptInput,
      .help:
      []
    case .gutterCurrent, .gutterPin, .fresh, .hintKey, .warning, .failure, .prompt, .helpTitle,
      .helpKey, .offScreen:
      .bold
    case .wrapMark, .maskLow, .maskMedium, .maskHigh: .dim
    case .control: [.dim, .reverse]
    case .selection, .status, .barLeft: .reverse
    case .match, .review: [.reverse, .underline]
    case .draftLow: [.underline, .italic, .dim]
    case .draftMedium: [.underline, .italic]
    case .draftHigh, .doubt: .underline
    case .doubtStrong: [.underline, .reverse]
    case .original: .italic
    case .removed: .dim
    case .added: .bold
    case .pinned, .statusFile, .statusState, .statusFailure, .barDone: [.bold, .reverse]
    }
  }
}
