/// A setting of `config.toml` that has a name of its own. Keys, languages and engines are in tables
/// whose keys the user chooses.
public struct Setting: Sendable {
  public enum Kind: Sendable, Equatable {
    case bool
    case int(ClosedRange<Int>)
    case double(ClosedRange<Double>)
    case choice([String])
    case text(expected: String)
    case list(expected: String)

    /// What a value must be, for messages.
    public var expected: String {
      switch self {
      case .bool: "true or false"
      case .int(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
      case .double(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
      case .choice(let names): names.joined(separator: names.count == 2 ? " or " : ", ")
      case .text(let expected), .list(let expected): expected
      }
    }

    /// What a person typed, as a value; nil where it cannot be one. Ranges are not looked at.
    public func value(typed text: String) -> SettingValue? {
      switch self {
      case .bool: Bool(text).map(SettingValue.bool)
      case .int: Int(text).map(SettingValue.int)
      case .double: Double(text).map(SettingValue.double)
      case .choice, .text: .text(text)
      case .list: nil
      }
    }
  }

  /// Its table and its key, or its key alone.
  public let path: [String]
  public let kind: Kind
  /// What it does, in a few words.
  public let title: String
  /// What counts while it is not set, in words; empty where it always has a value.
  public let absent: String
  let get: @Sendable (Configuration) -> SettingValue?
  /// Takes a value of the kind; false where it is none that can be used.
  let set: @Sendable (inout Configuration, SettingValue) -> Bool

  /// `editor.tab-width`.
  public var name: String { path.joined(separator: ".") }

  /// Its value in a configuration; nil where nothing is set.
  public func value(in configuration: Configuration) -> SettingValue? { get(configuration) }

  /// The name of the setting that counts in place of this one; nil where none does.
  public func deciding(in configuration: Configuration) -> String? {
    guard Self.effort.contains(where: { $0.name == name }), get(configuration) == nil else {
      return nil
    }
    return "infill.\(configuration.effort.rawValue)"
  }

  /// The setting with a name such as `editor.tab-width`.
  public static func named(_ name: String) -> Setting? { all.first { $0.name == name } }
}

// MARK: - Making

extension Setting {
  static func bool(
    _ path: [String], _ title: String, _ place: any WritableKeyPath<Configuration, Bool> & Sendable
  ) -> Setting {
    Setting(path: path, kind: .bool, title: title, absent: "") {
      .bool($0[keyPath: place])
    } set: { configuration, value in
      guard case .bool(let value) = value else { return false }
      configuration[keyPath: place] = value
      return true
    }
  }

  static func int(
    _ path: [String], in range: ClosedRange<Int>, _ title: String,
    _ place: any WritableKeyPath<Configuration, Int> & Sendable
  ) -> Setting {
    Setting(path: path, kind: .int(range), title: title, absent: "") {
      .int($0[keyPath: place])
    } set: { configuration, value in
      guard case .int(let value) = value else { return false }
      configuration[keyPath: place] = value
      return true
    }
  }

  static func double(
    _ path: [String], in range: ClosedRange<Double>, _ title: String,
    _ place: any WritableKeyPath<Configuration, Double> & Sendable
  ) -> Setting {
    Setting(path: path, kind: .double(range), title: title, absent: "") {
      .double($0[keyPath: place])
    } set: { configuration, value in
      guard case .double(let value) = value else { return false }
      configuration[keyPath: place] = value
      return true
    }
  }

  static func text(
    _ path: [String], _ title: String, absent: String,
    _ place: any WritableKeyPath<Configuration, String?> & Sendable
  ) -> Setting {
    Setting(path: path, kind: .text(expected: "a string"), title: title, absent: absent) {
      $0[keyPath: place].map(SettingValue.text)
    } set: { configuration, value in
      guard case .text(let value) = value else { return false }
      configuration[keyPath: place] = value
      return true
    }
  }

  /// One that `Configuration` reads itself, since it depends on others.
  static func dependent(
    _ path: [String], _ kind: Kind, _ title: String, absent: String = "",
    _ get: @escaping @Sendable (Configuration) -> SettingValue?
  ) -> Setting {
    Setting(path: path, kind: kind, title: title, absent: absent, get: get) { _, _ in true }
  }
}
