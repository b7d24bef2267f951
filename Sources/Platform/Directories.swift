internal import CPlatform

/// Where this user's settings, models, states and caches live, by the XDG base directory
/// specification: the variable where it is an absolute path, else the place below the home folder.
public struct Directories: Sendable, Equatable {
  public var config: String
  public var data: String
  public var state: String
  public var cache: String

  static let application = "palimpsest"

  /// From variables of an environment; `home` where HOME is not set.
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
    let home = unsafe cp_home().map { unsafe String(cString: $0) } ?? "/"
    return Directories(
      environment: { name in unsafe cp_environment(name).map { unsafe String(cString: $0) } },
      home: home)
  }

  /// Where journals and copies of interrupted saves lie.
  public var recovery: String { state + "/recover" }
  /// Where models lie.
  public var models: String { data + "/models" }
  /// Where packed weights of models are kept.
  public var weights: String { cache + "/weights" }
}
