public import Documents

/// A line of input at the bottom of the screen, or a question with one-letter answers. A prompt
/// carries what is done with the input: the caller passes it when it asks.
public struct Prompt: Sendable {
  public enum Input: Sendable {
    /// Any text on one line.
    case line
    /// What is looked for, and how; matches are shown while it is typed.
    case pattern(Search.Options)
    /// What takes the place of matches; shown in their place while it is typed.
    case replacement
    case question([Choice])
  }

  /// One answer to a question.
  public struct Choice: Sendable {
    public let key: Character
    public let label: String
    let perform: @Sendable (inout Editor) -> Void

    init(_ key: Character, _ label: String, perform: @escaping @Sendable (inout Editor) -> Void) {
      self.key = key
      self.label = label
      self.perform = perform
    }
  }

  /// What else happens to it than keys.
  enum Purpose: Sendable {
    case other
    /// It asks where to save the document: the key that saves submits it.
    case saving
    /// It asks for an instruction, which the model may turn out not to follow.
    case instructing
  }

  /// Done with the text whenever it has changed.
  typealias Completion = @Sendable (inout Editor, String) -> Void
  /// Done with the text on Enter. nil once it is taken; else what is wrong with it, nothing has
  /// changed, and the prompt stays.
  typealias Submission = @Sendable (inout Editor, String) -> Message?

  public internal(set) var input: Input
  private let title: String
  public internal(set) var text: String
  /// Characters left of the cursor.
  public internal(set) var cursor: Int
  /// The whole text is marked: it was proposed and not touched yet. What is typed replaces it.
  public internal(set) var isMarked: Bool
  /// What undo goes back to, the latest last.
  var earlier: [State] = []
  var purpose = Purpose.other
  /// What was selected when the prompt opened.
  var origin = Selection(0)
  /// Texts that Tab proposes.
  var presets: [String] = []
  var edited: Completion?
  /// Puts things back as they were before the prompt.
  var cancelled: @Sendable (inout Editor, Prompt) -> Void = { _, _ in }
  /// The character at which the text is wrong, where that is known.
  public internal(set) var fault: Int?
  let submitted: Submission

  init(
    _ label: String, text: String = "", _ input: Input = .line, then submitted: @escaping Submission
  ) {
    title = label
    self.input = input
    self.text = text
    self.submitted = submitted
    cursor = text.count
    isMarked = !text.isEmpty
  }

  /// A question; each answer carries its action.
  init(_ label: String, choices: [Choice]) {
    self.init(label, .question(choices)) { _, _ in nil }
  }

  /// The text before the input.
  public var label: String {
    if case .pattern(let options) = input { "\(title)\(options.words): " } else { title }
  }

  /// The answers to a question; none for a line of input.
  public var choices: [Choice] { if case .question(let choices) = input { choices } else { [] } }

  public var isQuestion: Bool { if case .question = input { true } else { false } }

  /// Asks for what to look for.
  public var isFind: Bool { if case .pattern = input { true } else { false } }

  /// Asks for what takes the place of matches.
  public var isReplacement: Bool { if case .replacement = input { true } else { false } }

  /// Whether line ends are kept, and shown as symbols; elsewhere a blank takes their place.
  var keepsLines: Bool {
    switch input {
    case .pattern, .replacement: true
    case .line, .question: false
    }
  }
}
