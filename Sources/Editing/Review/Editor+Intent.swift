internal import DecodingPolicies
internal import Documents
internal import Infilling

// Revising a passage with an aim: an instruction, or words that must appear in it.

/// What waits for the model, which alone knows whether it can be done.
struct Awaited: Sendable, Equatable {
  var instruction: String
  /// nil for the selection of then, in the document of then.
  var passage: Passage.ID?
  var selection: Selection
  var revision: Int
}

extension Command {
  static let intents: [Command] = [
    Command("instruct", "Rewrite the selection by instruction: shorter") {
      $0.askForInstruction(nil)
    },
    reviewing("review-instruct", "Rewrite by instruction: more formal, shorter") {
      $0.askForInstruction($1)
    },
    reviewing("review-guidance", "Set the strength of the instruction (guidance)") {
      $0.askForGuidance($1)
    },
    Command("prompt-next-preset", "Next preset, or complete the one begun", in: [.prompt]) {
      $0.editPrompt { $0.propose(1) }
    },
    Command("prompt-previous-preset", "Previous preset", in: [.prompt]) {
      $0.editPrompt { $0.propose(-1) }
    },
    Command("seed-words", "Rewrite the selection around words you give") {
      $0.askForSeedWords(nil)
    },
    reviewing("review-seed-words", "Rewrite it around words you give") {
      $0.askForSeedWords($0.passages[$1].id)
    },
  ]
}

extension Editor {
  /// Calls `body` with a passage, unless it is gone; for nil with the one at the cursor or in the
  /// selection; where there is none, with a new one on the selection or the sentence, for which the
  /// engine has not been asked anything.
  mutating func onPassage(_ id: Passage.ID? = nil, _ body: (inout Editor, Int) -> Void) {
    let index = id != nil ? index(of: id) : index(of: focus) ?? openPassage()
    if let index { body(&self, index) }
  }

  // MARK: Instructions

  /// A model that is known not to follow instructions is not asked; of one that is not known yet, this
  /// is found out while the prompt is open, which then reports it.
  mutating func askForInstruction(_ index: Int?) {
    if followsInstructions == false { return show(.noInstructions) }
    let last = index.flatMap { passages[$0].candidate.nextInstruction } ?? lastInstruction
    let id = index.map { passages[$0].id }
    var prompt = Prompt("Rewrite it (Tab: shorter …): ", text: last) { $0.instruct(id, $1) }
    prompt.presets = RewritePreset.allCases.map(\.rawValue)
    prompt.purpose = .instructing
    ask(prompt)
    if knownModel == nil { emit(shared.outline == nil ? .outlineModel : .prepareModel) }
  }

  /// Rewrites a passage by instruction, if the model supports that; a model that is not loaded yet
  /// is asked first.
  mutating func instruct(_ id: Passage.ID?, _ instruction: String) -> Message? {
    guard instruction.contains(where: { !$0.isWhitespace }) else { return .instructionEmpty }
    lastInstruction = instruction
    switch model {
    case .ready(let summary):
      guard summary.followsInstructions else { return .noInstructions }
      begin(instruction, on: id)
    case .unloaded, .loading, .failed:
      if followsInstructions == false { return .noInstructions }
      awaited = Awaited(
        instruction: instruction, passage: id, selection: selection, revision: document.revision)
      emit(.prepareModel)
      show(.loadingForInstruction)
    }
    return nil
  }

  /// The model's outline is there: a model that can follow instructions is loaded while one is typed.
  mutating func answerInstructionPrompt() {
    let isAsking = prompt?.purpose == .instructing
    guard knownModel == nil, isAsking || awaited != nil else { return }
    guard followsInstructions == false else { return emit(.prepareModel) }
    awaited = nil
    show(.noInstructions)
  }

  /// The model is there, or will not be.
  mutating func answerAwaited() {
    if prompt?.purpose == .instructing, followsInstructions == false {
      show(.noInstructions)
    }
    guard let waiting = awaited else { return }
    switch model {
    case .unloaded, .loading: return
    case .failed: awaited = nil
    case .ready(let summary):
      awaited = nil
      guard summary.followsInstructions else { return show(.noInstructions) }
      if waiting.passage == nil {
        guard document.revision == waiting.revision, focus == nil else {
          return show(.instructAgain)
        }
        selection = waiting.selection
      }
      begin(waiting.instruction, on: waiting.passage)
    }
  }

  private mutating func begin(_ instruction: String, on id: Passage.ID?) {
    onPassage(id) { editor, index in
      var settings = editor.passages[index].candidate.next
      if settings.guidance == 0, editor.takesGuidance {
        settings.guidance = editor.settings.guidance
      }
      editor.passages[index].candidate.nextInstruction = instruction
      editor.startCandidate(index, from: nil, settings: settings)
      editor.passages[index].candidate.label = instruction
      editor.show(
        .instructed(
          instruction, guidance: settings.guidance == 0 ? nil : Self.decimal(settings.guidance)))
    }
  }

  /// Whether guidance is of any use to the model, as far as is known.
  private var takesGuidance: Bool { knownModel?.takesGuidance ?? true }

  mutating func askForGuidance(_ index: Int) {
    guard takesGuidance else { return show(.noGuidance) }
    let present = Self.decimal(passages[index].candidate.next.guidance)
    ask(about: index, "Guidance scale, 0 for none: ", text: present) { $0.setGuidance($1, $2) }
  }

  mutating func setGuidance(_ index: Int, _ text: String) -> Message? {
    guard let value = Double(text), (0...10).contains(value) else { return .guidanceExpected }
    tune(index) { $0.guidance = value }
    return nil
  }

  // MARK: Seed words

  fileprivate mutating func askForSeedWords(_ id: Passage.ID?) {
    ask(Prompt("Words that must appear: ") { $0.seed(id, $1) })
  }

  /// Pins words, spread over the passage, and has the gaps between them filled. Where commas or
  /// semicolons occur in `text`, the words between them stay together.
  mutating func seed(_ id: Passage.ID?, _ text: String) -> Message? {
    let seeds = SeedWords(text)
    guard !seeds.words.isEmpty else { return .seedWordsEmpty }
    onPassage(id) { editor, index in
      let passage = editor.passages[index]
      editor.startCandidate(
        index, from: seeds.canvas(slots: editor.slots(of: passage)),
        settings: passage.candidate.next)
      editor.passages[index].candidate.label = seeds.words.joined(separator: ", ")
    }
    return nil
  }
}

extension Prompt {
  /// Proposes another preset: the one `step` on from the text, or one that begins
  /// like what was typed. What is no beginning of a preset stays.
  mutating func propose(_ step: Int) {
    guard !presets.isEmpty else { return }
    let place: Int
    if let present = presets.firstIndex(of: text) {
      place = (present + step + presets.count) % presets.count
    } else if text.isEmpty || isMarked {
      place = step > 0 ? 0 : presets.count - 1
    } else if let begun = presets.firstIndex(where: { $0.hasPrefix(text) }) {
      place = begun
    } else {
      return
    }
    markAll()
    insert(presets[place])
    markAll()
  }
}
