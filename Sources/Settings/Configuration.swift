internal import DecodingPolicies
public import Editing
internal import Highlighting
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
  /// Which of the settings it is that `editor.infill` has its effort from.
  var effort = Effort.quality
  public var keymap = Keymap.standard

  /// Names of files and their languages, as `[languages]` has them.
  public var languages: [(pattern: String, language: String)] {
    editor.languages.map { ($0.pattern, $0.language) }
  }

  /// The theme where the settings name none.
  public static let standardTheme = "dark"

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

  /// Where a text has the settings, keys and tables that are taken from it: paths with their lines
  /// from 1, nil for a line that is not found. Empty for a text that is not TOML.
  public static func lines(in text: String) -> [[String]: Int?] {
    guard var reader = try? SettingsReader(text, file: "") else { return [:] }
    _ = Configuration(&reader)
    return reader.lines()
  }

  /// Reads every setting there is, which `reader` then knows.
  init(_ reader: inout SettingsReader) {
    var values: [[String]: SettingValue] = [:]
    for setting in Setting.all {
      guard let value = reader.value(of: setting) else { continue }
      if setting.set(&self, value) {
        values[setting.path] = value
      } else {
        reader.warn(
          setting.path, expected: setting.kind.expected, found: "\u{201c}\(value.typed)\u{201d}")
      }
    }
    takeEffort(values, &reader)
    readEngines(&reader, using: values[["infill", "engine"]])
    readKeys(&reader)
    editor.languages = reader.keys("languages").compactMap { pattern in
      reader.string("languages", pattern).map { LanguageNames.FilePattern(pattern, $0) }
    }
    if reducesMotion {
      editor.stepMilliseconds = 0
      editor.reducesMotion = true
    }
  }

  /// What says how much work a passage is worth.
  enum Effort: String, Sendable { case threshold, budget, quality, steps }

  /// Steps, threshold, budget or quality. Of several, the first in the order threshold, budget,
  /// quality, steps counts.
  private mutating func takeEffort(
    _ values: [[String]: SettingValue], _ reader: inout SettingsReader
  ) {
    func value(_ effort: Effort) -> SettingValue? { values[["infill", effort.rawValue]] }
    var found: [(effort: Effort, unmasking: UnmaskingPolicy)] = []
    if case .double(let threshold)? = value(.threshold) {
      found.append((.threshold, .threshold(threshold)))
    }
    if case .text(let text)? = value(.budget) {
      if let budget = UnmaskingPolicy(spelled: text), case .budget = budget {
        found.append((.budget, budget))
      } else {
        reader.warn(
          ["infill", "budget"], expected: "a time such as 500ms or 1.5s",
          found: "\u{201c}\(text)\u{201d}")
      }
    }
    if case .int(let quality)? = value(.quality) { found.append((.quality, .quality(quality))) }
    var schedule = Schedule.linear
    if case .text(let name)? = values[["infill", "schedule"]] {
      schedule = Schedule(rawValue: name) ?? .linear
    }
    if case .int(let steps)? = value(.steps) {
      found.append((.steps, .steps(steps, schedule)))
    } else if schedule != .linear, found.isEmpty {
      found.append((.steps, .steps(Self.defaultSteps, schedule)))
    }
    guard let first = found.first else { return }
    (effort, editor.infill.unmasking) = first
    for other in found.dropFirst() {
      reader.warn(
        ["infill", other.effort.rawValue],
        expected: "either \(other.effort.rawValue) or \(first.effort.rawValue)",
        found: "both; \(first.effort.rawValue) counts")
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
