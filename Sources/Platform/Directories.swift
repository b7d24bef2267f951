internal import CPlatform

/// Folders of this user's settings, models, state and caches by the XDG base directory
/// specification: the variable if it is an absolute path, else the default below the home folder.
public struct Directories: Sendable, Equatable {
  public var config: String
  public var data: String
  public var state: String
  public var cache: String

  static let application = "palimpsest"

  /// From variables of an environment; `home` if HOME is not set.
  public init(environment: (String) -> String?, home: String) {
    func value(_ name: String) -> String? {
      environment(name).flatMap { $0.hasPrefix("/") ? $0 : nil }
    }
    let root = value("HOME") ?? home
    func folder(_ variable: String, _ fallback: String) -> String {
      (value(variable) ?? "\(root)/\(fallback)") + "/" + Directories.application
    }
    config = folder("XDG_CONFIG_HOME", ".config")
    data = folder("XDG_DATA_HOME", ".local/share")
    state = folder("XDG_STATE_HOME", ".local/state")
    cache = folder("XDG_CACHE_HOME", ".cache")
  }

  /// Those of this process; each ends in "/palimpsest" and may not exist yet.
  public static func current() -> Directories {
    Directories(environment: variable, home: userHome)
  }

  /// The home folder of this process.
  public static func home() -> String { variable("HOME") ?? userHome }

  private static func variable(_ name: String) -> String? {
    unsafe cp_environment(name).map { unsafe String(cString: $0) }
  }

  private static var userHome: String {
    unsafe cp_home().map { unsafe String(cString: $0) } ?? "/"
  }

  /// Folder of journals and of copies of interrupted saves.
  public var recovery: String { state + "/recover" }
  /// Folder of documents' undo.
  public var undo: String { state + "/undo" }
  /// The list of files that were open lately.
  public var recent: String { state + "/recent" }
  /// Is there once the tour was closed.
  public var tour: String { state + "/tour" }
  /// The folder of models.
  public var models: String { data + "/models" }
  /// The folder of packed weights.
  public var weights: String { cache + "/weights" }

  /// `path` with `~` at its beginning, alone or before a slash, as the home folder of this user.
  public static func expandingHome(_ path: String) -> String {
    guard path == "~" || path.hasPrefix("~/") else { return path }
    return home() + path.dropFirst()
  }
}
