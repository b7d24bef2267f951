import Documents
import Editing
import Infilling
import Rendering

/// An editor with a letter and an engine that says what it is told: states for frames.
struct Scene {
  var editor: Editor
  private(set) var run = RunID.candidate(0)

  static let letter = """
    Dear Marta,

    thank you for the plums. We made jam of half of them, and the kitchen smelled of cinnamon for two days.

    The sentence that I want to be better stands here, and nobody likes it. My brother says that it is too long; he may be right.

    The garden is quiet now. Come and see it when the roads are dry.

    Yours,
    Ida

    """

  /// Tokens of the draft with the steps that choose them and the probabilities they get.
  static let draft: [(text: String, step: Int, confidence: Float)] = [
    ("I", 1, 0.97), (" have", 3, 0.81), (" started", 5, 0.55), (" this", 2, 0.92),
    (" letter", 2, 0.9), (" three", 6, 0.33), (" times", 4, 0.7), (",", 1, 0.95),
    (" and", 3, 0.78), (" each", 6, 0.3), (" time", 5, 0.62), (" it", 4, 0.66),
    (" grew", 7, 0.25), (" shorter", 8, 0.42), (".", 1, 0.99),
  ]

  init(_ text: String = letter, columns: Int, rows: Int, path: String? = "letters/marta.md") {
    editor = Editor(document: Document(text, path: path), columns: columns, rows: rows)
    editor.go(toLine: 5, column: 8)
  }

  mutating func press(_ names: String...) {
    for name in names {
      guard let key = Key(name) else { preconditionFailure("no key \(name)") }
      send(.key(key))
    }
  }

  mutating func type(_ text: String) {
    for character in text { send(.key(Key(.character(character)))) }
  }

  mutating func send(_ event: Event) {
    for effect in editor.update(event) {
      if case .beginRun(let id, _) = effect { run = id }
    }
  }

  mutating func modelIsReady() {
    send(
      .model(.ready(ModelSummary(name: "SmolLM2-135M", parameters: 134_515_008, backend: "int8"))))
  }

  /// The engine's canvas after `step` steps; what is open has the confidence it is heading for.
  private func cells(after step: Int) -> [InfillCell] {
    Self.draft.map { token in
      token.step <= step
        ? InfillCell(state: .draft, token: 1, text: token.text, confidence: token.confidence)
        : InfillCell(state: .open, confidence: step == 0 ? 0 : token.confidence)
    }
  }

  /// Starts a passage on the sentence at the cursor and lets the engine do so many steps.
  mutating func rewrite(steps: Int) {
    modelIsReady()
    press("Alt-Enter")
    send(.run(run, .began(canvas: cells(after: 0))))
    for step in 1..<(steps + 1) {
      // A tenth of a second passes between two steps.
      for _ in 0..<2 { send(.woke(.fading)) }
      send(
        .run(
          run,
          .step(
            InfillStep(
              index: step, cells: cells(after: step),
              changed: Self.draft.indices.filter { Self.draft[$0].step == step }, plannedSteps: 8,
              milliseconds: 42, forwardPasses: step, isLast: step == 8))))
    }
    if steps == 8 {
      send(.run(run, .ended))
      for _ in 0..<3 { send(.woke(.fading)) }
    }
  }

  func frame(theme: Theme = .standard) -> Frame { Frame(editor, theme: theme) }
}
