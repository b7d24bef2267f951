internal import ArgumentParser
internal import Commands
internal import Editing
internal import Infilling

/// Which engine fills passages.
struct EngineOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Engine of config.toml that fills passages; local is the model of this machine.",
      valueName: "name"))
  var engine: String?
}

extension EngineOptions {
  /// The engine that is named, over that of this machine, for a document. Only the name on the command
  /// line counts, not that of the settings.
  func infiller(over local: any Infiller, for file: String) throws -> any Infiller {
    guard let engine else { return local }
    let router = try EngineRouter(
      local: local, Preferences.load(theme: nil).configuration, using: engine)
    router.attend(to: file == "-" ? [] : [file])
    if router.status.staysHere {
      Console.error(
        "palimpsest: \(file) stays on this machine ([remote] never); the local model fills it.\n")
    }
    return router
  }
}
