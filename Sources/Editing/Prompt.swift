internal import Documents

/// A line of input at the bottom of the screen, or a question with one-letter answers.
public struct Prompt: Sendable, Equatable {
  public enum Kind: Sendable, Equatable {
    case find
    /// What to find is a regular expression.
    case findExpression
    /// First half of a replacement: what to look for.
    case replacePattern
    /// Second half: what to put in its place.
    case replacement(pattern: String)
    case goToLine
    case saveAs(thenQuit: Bool)
    /// Text for the draft of a fill.
    case write(Fill.ID, replacing: Bool)
    /// How many of the least sure words are masked again.
    case remask(Fill.ID)
    case temperature(Fill.ID)
    case reveal(Fill.ID)
    case export(Fill.ID)
    /// How many tries begin at once.
    case candidates(Fill.ID)
    /// What a passage is to become; nil for the selection.
    case instruct(Fill.ID?)
    case guidance(Fill.ID)
    /// Words that must appear.
    case seedWords(Fill.ID?)
    case question(Question)

    public var isFind: Bool { self == .find || self == .findExpression }
  }

  public enum Question: Sendable, Equatable {
    case quit, discardRecovery
  }

  /// One answer to a question.
  public struct Choice: Sendable, Equatable {
    public var key: Character
    public var label: String
  }

  public internal(set) var kind: Kind
  public internal(set) var text: String
  /// Characters left of the cursor.
  public internal(set) var cursor: Int
  /// The whole text is marked: it was proposed and not touched yet. What is typed replaces it.
  public internal(set) var isMarked: Bool
  /// What undo goes back to, the latest last.
  var earlier: [State] = []
  /// What was selected when the prompt opened.
  let origin: Selection

  init(_ kind: Kind, text: String = "", origin: Selection) {
    self.kind = kind
    self.text = text
    self.origin = origin
    cursor = text.count
    isMarked = !text.isEmpty
  }

  /// What stands before the input.
  public var label: String {
    switch kind {
    case .find: "Find: "
    case .findExpression: "Find expression: "
    case .replacePattern: "Replace: "
    case .replacement(let pattern): "Replace \u{201c}\(pattern)\u{201d} with: "
    case .goToLine: "Go to line[:column]: "
    case .saveAs: "Save as: "
    case .write(_, false): "Write before the word: "
    case .write(_, true): "Write instead: "
    case .remask: "Mask how many of the least certain words: "
    case .temperature: "Temperature, 0 for the policy's own: "
    case .reveal: "Steps, 0.8, 500ms or quality 3: "
    case .export: "Export as (.svg .html .cast .jsonl): "
    case .candidates: "How many candidates at once: "
    case .instruct: "Rewrite it (Tab: shorter …): "
    case .guidance: "Guidance scale, 0 for none: "
    case .seedWords: "Words that must appear: "
    case .question(.quit): "Quit without saving? "
    case .question(.discardRecovery): "Discard these edits for good? "
    }
  }

  public var choices: [Choice] {
    switch kind {
    case .question(.quit):
      [
        Choice(key: "s", label: "save and quit"), Choice(key: "d", label: "discard and quit"),
        Choice(key: "c", label: "cancel"),
      ]
    case .question(.discardRecovery):
      [Choice(key: "d", label: "discard"), Choice(key: "c", label: "cancel")]
    default: []
    }
  }
}
