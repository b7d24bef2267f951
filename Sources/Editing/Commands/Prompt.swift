internal import Documents

/// A line of input at the bottom of the screen, or a question with one-letter answers. A prompt
/// carries what is done with the input: the caller passes it when it asks.
public struct Prompt: Sendable {
  public enum Input: Sendable {
    /// Any text on one line.
    case line
    /// What is looked for; matches are shown while it is typed.
    case pattern(isExpression: Bool)
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

  typealias Completion = @Sendable (inout Editor, String) -> Void

  public internal(set) var input: Input
  /// The text before the input.
  public internal(set) var label: String
  public internal(set) var text: String
  /// Characters left of the cursor.
  public internal(set) var cursor: Int
  /// The whole text is marked: it was proposed and not touched yet. What is typed replaces it.
  public internal(set) var isMarked: Bool
  /// What undo goes back to, the latest last.
  var earlier: [State] = []
  /// What was selected when the prompt opened.
  var origin = Selection(0)
  /// Texts that Tab proposes.
  var presets: [String] = []
  /// Done with the text whenever it has changed.
  var edited: Completion?
  /// Puts things back as they were before the prompt.
  var cancelled: @Sendable (inout Editor, Prompt) -> Void = { _, _ in }
  /// Done with the text once the prompt is closed by Enter.
  let submitted: Completion

  init(
    _ label: String, text: String = "", _ input: Input = .line, then submitted: @escaping Completion
  ) {
    self.label = label
    self.input = input
    self.text = text
    self.submitted = submitted
    cursor = text.count
    isMarked = !text.isEmpty
  }

  /// A question; each answer carries its action.
  init(_ label: String, choices: [Choice]) {
    self.init(label, .question(choices)) { _, _ in }
  }

  /// The answers to a question; none for a line of input.
  public var choices: [Choice] { if case .question(let choices) = input { choices } else { [] } }

  public var isQuestion: Bool { if case .question = input { true } else { false } }

  /// Asks for what to look for.
  public var isFind: Bool { if case .pattern = input { true } else { false } }

  /// What to look for is a regular expression.
  var isExpression: Bool {
    if case .pattern(let isExpression) = input { isExpression } else { false }
  }
}
