internal import ArgumentParser
internal import Commands
internal import JSON
internal import Platform
internal import Settings

/// Shows the settings in force.
struct ConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config",
    abstract: "Show every setting that is in force, and where it comes from.",
    discussion: """
      Prints a config.toml that sets everything to what is in force: settings, engines, languages, \
      keys. A remark beside each names its source: the default, the line of your file, an option, a \
      variable of the environment, or the setting that overrides it. Remarks at the top have folders, \
      variables and themes. Options are those of the editor. Keys of engines are never shown.

      With --json one object: "file", "read", "folders", "variables", "settings", "keys", "themes", \
      "faults".

      Exit codes: 0 success, faults in the settings are listed on standard error; 64 invalid command \
      line.
      """)

  @Flag(help: "Write one JSON object.")
  var json = false

  @Option(help: ArgumentHelp("A theme, by name or file.", valueName: "name"))
  var theme: String?

  @OptionGroup(title: "Engine") var engine: EngineOptions
  @OptionGroup(title: "Model") var model: ModelOptions

  func run() throws {
    let report = ConfigReport(
      Preferences.files,
      options: ConfigReport.Options(
        theme: theme, engine: engine.engine, model: model.model, threads: model.threads,
        kernels: model.kernels),
      directories: Directories.current(), variable: Files.environment)
    for fault in report.faults { Console.error("\(fault)\n") }
    try Console.output(json ? report.json.serialized() + "\n" : report.text)
  }
}
