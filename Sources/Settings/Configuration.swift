internal import DecodingPolicies
public import Editing
internal import Highlighting
internal import Infilling
public import RemoteEngines

/// The settings of `config.toml`, described in `Docs/Configuration.md`. A file may leave out
/// anything; nothing in it keeps the program from starting.
public struct Configuration: Sendable, Equatable {
  /// A theme's name or path; nil for the built-in one.
  public var theme: String?
  /// A model's name or path; nil for the default model.
  public var model: String?
  /// Threads of the engine; nil for one for each processor.
  public var threads: Int?
  /// Whether steps are shown as soon as they are ready and nothing fades.
  public var reducesMotion = false
  /// Services that fill passages, in the order of their names.
  public var engines: [EngineConfiguration] = []
  /// The engine at the start; nil for the model of this machine.
  public var engine: String?
  /// Patterns of documents that no service gets; `*` stands for any characters, slashes too.
  public var neverRemote: [String] = []
  public var editor = EditorSettings()
  public var keymap = Keymap.standard

  public init() {}

  /// Reads the text of a file. A setting that is unknown or wrong is skipped with a warning that
  /// has its line. Throws when the text is not TOML.
  public static func parse(
    _ text: String, file: String
  ) throws(SettingsError) -> Loaded<Configuration> {
    var reader = try SettingsReader(text, file: file)
    let configuration = Configuration(&reader)
    reader.finish()
    return Loaded(configuration, warnings: reader.warnings)
  }

  /// Reads every setting there is, which `reader` then knows.
  init(_ reader: inout SettingsReader) {
    theme = reader.string("theme")
    model = reader.string("model")
    threads = reader.int("threads", in: 1...1024)
    reducesMotion = reader.bool("reduced-motion") ?? false
    readEditor(&reader)
    readInfill(&reader)
    readEngines(&reader)
    readKeys(&reader)
    editor.languages = reader.keys("languages").compactMap { pattern in
      reader.string("languages", pattern).map { LanguageNames.FilePattern(pattern, $0) }
    }
    if reducesMotion {
      editor.stepMilliseconds = 0
      editor.reducesMotion = true
    }
  }

  private mutating func readEditor(_ reader: inout SettingsReader) {
    if let width = reader.int("editor", "tab-width", in: 1...16) { editor.tabWidth = width }
    if let shows = reader.bool("editor", "line-numbers") { editor.showsLineNumbers = shows }
    if let column = reader.int("editor", "wrap-column", in: 0...1000) { editor.wrapColumn = column }
    if let width = reader.int("editor", "hard-wrap", in: 10...1000) { editor.hardWrap = width }
    if let shows = reader.bool("editor", "word-count") { editor.showsWordCount = shows }
    if let marks = reader.string("editor", "smart-quotes"), !marks.isEmpty {
      editor.smartQuotes = SmartQuotes(marks)
      if editor.smartQuotes == nil {
        reader.warn(
          ["editor", "smart-quotes"],
          expected: "four quotation marks such as \u{201c}\u{201d}\u{2018}\u{2019}",
          found: "\u{201c}\(marks)\u{201d}")
      }
    }
    if let name = reader.string("editor", "focus") {
      if let focus = FocusMode(rawValue: name) {
        editor.focus = focus
      } else {
        reader.warn(
          ["editor", "focus"], expected: FocusMode.allCases.map(\.rawValue).joined(separator: ", "),
          found: "\u{201c}\(name)\u{201d}")
      }
    }
    editor.spelling = reader.string("editor", "spelling")
    if let highlights = reader.bool("editor", "highlighting") { editor.highlights = highlights }
    if let remembers = reader.bool("editor", "remember-files") { editor.remembersFiles = remembers }
    if let follows = reader.bool("editor", "editorconfig") { editor.followsEditorConfig = follows }
    if let remembers = reader.bool("editor", "remember-undo") { editor.remembersUndo = remembers }
  }

  private mutating func readInfill(_ reader: inout SettingsReader) {
    var schedule = Schedule.linear
    if let name = reader.string("infill", "schedule") {
      if let known = Schedule(rawValue: name) {
        schedule = known
      } else {
        let names = Schedule.allCases.map(\.rawValue).joined(separator: " or ")
        reader.warn(["infill", "schedule"], expected: names, found: "\u{201c}\(name)\u{201d}")
      }
    }
    readReveal(&reader, schedule)
    if let value = reader.double("infill", "temperature", in: 0...10) {
      editor.infill.temperature = value
    }
    if let value = reader.double("infill", "reroll-temperature", in: 0...10) {
      editor.rerollTemperature = value
    }
    if let value = reader.int("infill", "candidates", in: 2...Editor.mostCandidates) {
      editor.candidates = value
    }
    if let value = reader.double("infill", "guidance", in: 0...10) { editor.guidance = value }
    if let value = reader.double("infill", "doubt", in: 0...1) { editor.doubt = value }
    if let value = reader.int("infill", "refine-rounds", in: 1...100) {
      editor.refineRounds = value
    }
    if let value = reader.bool("infill", "pictures") { editor.showsPictures = value }
    if let value = reader.int("infill", "picture-edge", in: PictureContext.edges) {
      editor.pictureEdge = value
    }
    if let value = reader.bool("infill", "follow-steps") { editor.followsSteps = value }
    if let value = reader.int("infill", "step-milliseconds", in: 0...10_000) {
      editor.stepMilliseconds = value
    }
  }

  /// Steps, threshold, budget or quality. Of several, the first in the order threshold, budget,
  /// quality, steps counts.
  private mutating func readReveal(
    _ reader: inout SettingsReader, _ schedule: Schedule
  ) {
    var found: [(key: String, unmasking: UnmaskingPolicy)] = []
    if let threshold = reader.double("infill", "threshold", in: 0...1) {
      found.append(("threshold", .threshold(threshold)))
    }
    if let text = reader.string("infill", "budget") {
      if let budget = UnmaskingPolicy(spelled: text), case .budget = budget {
        found.append(("budget", budget))
      } else {
        reader.warn(
          ["infill", "budget"], expected: "a time such as 500ms or 1.5s",
          found: "\u{201c}\(text)\u{201d}")
      }
    }
    if let quality = reader.int("infill", "quality", in: UnmaskingPolicy.qualities) {
      found.append(("quality", .quality(quality)))
    }
    let steps = reader.int("infill", "steps", in: 1...1000)
    if steps != nil || (schedule != .linear && found.isEmpty) {
      found.append(("steps", .steps(steps ?? Self.defaultSteps, schedule)))
    }
    guard let first = found.first else { return }
    editor.infill.unmasking = first.unmasking
    for other in found.dropFirst() {
      reader.warn(
        ["infill", other.key], expected: "either \(other.key) or \(first.key)",
        found: "both; \(first.key) counts")
    }
  }

  private static var defaultSteps: Int {
    if case .steps(let count, _) = DecodingConfiguration().unmasking { count } else { 20 }
  }

  private mutating func readKeys(_ reader: inout SettingsReader) {
    for mode in Mode.allCases {
      for name in reader.keys("keys", mode.rawValue) {
        guard let command = reader.string("keys", mode.rawValue, name) else { continue }
        let path = ["keys", mode.rawValue, name]
        guard let key = Key(name) else {
          reader.warn(path, expected: "a key such as Ctrl-T, Alt-Enter or F5", found: name)
          continue
        }
        if !keymap.bind(key, in: mode, to: command.isEmpty ? nil : command) {
          reader.warn(
            path, expected: "the name of a command", found: "\u{201c}\(command)\u{201d}")
        }
      }
    }
  }
}
