public import Editing
internal import Infilling

/// What `config.toml` sets. A file may leave out anything; nothing in it keeps the program from
/// starting.
///
///     theme = "light"
///     model = "/data/model.gguf"
///     threads = 2
///     reduced-motion = true
///
///     [editor]
///     tab-width = 4
///     line-numbers = true
///
///     [infill]
///     quality = 3               # or threshold = 0.9, budget = "500ms", steps = 20
///     schedule = "cosine"
///     temperature = 0.0
///     reroll-temperature = 0.7
///     step-milliseconds = 100
///     candidates = 4
///     guidance = 1.5
///     doubt = 0.001
///     refine-rounds = 3
///     follow-steps = false
///
///     [keys.text]
///     Ctrl-T = "infill"
///     Ctrl-R = ""               # frees the key
public struct Configuration: Sendable, Equatable {
  /// A theme's name or path; nil for the built-in one.
  public var theme: String?
  /// A model's name or path; nil for the default model.
  public var model: String?
  /// nil for as many as there are processors to use.
  public var threads: Int?
  /// No step is held back to be watched, and nothing fades.
  public var reducesMotion = false
  public var editor = EditorSettings()
  public var keymap = Keymap.standard

  public init() {}

  /// Reads the text of a file. What is unknown or wrong is a warning with its line, and the rest
  /// counts. Throws when the text is not TOML.
  public static func parse(
    _ text: String, file: String
  ) throws(SettingsError) -> Loaded<Configuration> {
    var reader = try SettingsReader(text, file: file)
    var configuration = Configuration()
    configuration.theme = reader.string("theme")
    configuration.model = reader.string("model")
    configuration.threads = reader.int("threads", in: 1...1024)
    configuration.reducesMotion = reader.bool("reduced-motion") ?? false
    configuration.readEditor(&reader)
    configuration.readInfill(&reader)
    configuration.readKeys(&reader)
    if configuration.reducesMotion {
      configuration.editor.stepMilliseconds = 0
      configuration.editor.reducesMotion = true
    }
    reader.finish()
    return Loaded(configuration, warnings: reader.warnings)
  }

  private mutating func readEditor(_ reader: inout SettingsReader) {
    if let width = reader.int("editor", "tab-width", in: 1...16) { editor.tabWidth = width }
    if let shows = reader.bool("editor", "line-numbers") { editor.showsLineNumbers = shows }
  }

  private mutating func readInfill(_ reader: inout SettingsReader) {
    var schedule = InfillSettings.Schedule.linear
    if let name = reader.string("infill", "schedule") {
      if let known = InfillSettings.Schedule(rawValue: name) {
        schedule = known
      } else {
        let names = InfillSettings.Schedule.allCases.map(\.rawValue).joined(separator: " or ")
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
    if let value = reader.bool("infill", "follow-steps") { editor.followsSteps = value }
    if let value = reader.int("infill", "step-milliseconds", in: 0...10_000) {
      editor.stepMilliseconds = value
    }
  }

  /// Steps, threshold, budget or quality; of several the first of these that is not a number of
  /// steps counts.
  private mutating func readReveal(
    _ reader: inout SettingsReader, _ schedule: InfillSettings.Schedule
  ) {
    var found: [(key: String, reveal: InfillSettings.Reveal)] = []
    if let threshold = reader.double("infill", "threshold", in: 0...1) {
      found.append(("threshold", .threshold(threshold)))
    }
    if let text = reader.string("infill", "budget") {
      if let budget = InfillSettings.Reveal(spelled: text), case .budget = budget {
        found.append(("budget", budget))
      } else {
        reader.warn(
          ["infill", "budget"], expected: "a time such as 500ms or 1.5s",
          found: "\u{201c}\(text)\u{201d}")
      }
    }
    if let quality = reader.int("infill", "quality", in: InfillSettings.Reveal.qualities) {
      found.append(("quality", .quality(quality)))
    }
    let steps = reader.int("infill", "steps", in: 1...1000)
    if steps != nil || (schedule != .linear && found.isEmpty) {
      found.append(("steps", .steps(steps ?? Self.defaultSteps, schedule)))
    }
    guard let first = found.first else { return }
    editor.infill.reveal = first.reveal
    for other in found.dropFirst() {
      reader.warn(
        ["infill", other.key], expected: "either \(other.key) or \(first.key)",
        found: "both; \(first.key) counts")
    }
  }

  private static var defaultSteps: Int {
    if case .steps(let count, _) = InfillSettings().reveal { count } else { 20 }
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
