/// A setting as a list shows it.
public struct SettingChoice: Sendable, Equatable {
  public enum Kind: Sendable, Equatable {
    case toggle(Bool)
    /// One of several values.
    case choice([String])
    /// Typed; what is expected.
    case entry(expected: String)
  }

  /// As `config.toml` has it: `editor.tab-width`.
  public var name: String
  public var title: String
  /// As it is typed; empty where nothing is set.
  public var value: String
  /// What counts while nothing is set.
  public var absent: String
  public var kind: Kind

  public init(name: String, title: String, value: String, absent: String = "", kind: Kind) {
    self.name = name
    self.title = title
    self.value = value
    self.absent = absent
    self.kind = kind
  }
}

/// Answers about settings and themes.
public enum SettingsReply: Sendable, Equatable {
  /// Every setting.
  case list([SettingChoice])
  /// A setting has the value that was asked for, and `Event.adopted` came before this where that
  /// shows. `isDelayed`: it counts from the next start on.
  case changed(SettingChoice, isDelayed: Bool)
  /// It has not, and why; `typed` is what it was asked for.
  case refused(SettingChoice, typed: String, String)
  /// Names of themes, and of the one in use.
  case themes([String], used: String)
  /// Changed settings are in this file.
  case written(String)
  case notWritten(String)
}

/// The settings on a list, and those that were changed there, in order.
public struct SettingsListing: Sendable, Equatable {
  var choices: [SettingChoice]
  var changed: [String] = []
}

/// The themes on a list, and the one that was in use before it.
public struct ThemeListing: Sendable, Equatable {
  var names: [String]
  var used: String
}
