/// The value of a setting.
public enum SettingValue: Sendable, Equatable {
  case bool(Bool)
  case int(Int)
  case double(Double)
  case text(String)
  case list([String])

  /// As `config.toml` has it.
  public var toml: String {
    switch self {
    case .bool(let value): "\(value)"
    case .int(let value): "\(value)"
    case .double(let value): "\(value)"
    case .text(let value): Self.quoted(value)
    case .list(let values): "[" + values.map(Self.quoted).joined(separator: ", ") + "]"
    }
  }

  /// As a person types it: text without quotation marks.
  public var typed: String { if case .text(let value) = self { value } else { toml } }

  /// A basic string of TOML, control characters escaped.
  public static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value):
        let digits = String(scalar.value, radix: 16, uppercase: true)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  /// A key of TOML: as it is where it may be, else quoted.
  public static func key(_ name: String) -> String {
    let isBare =
      !name.isEmpty
      && name.utf8.allSatisfy {
        switch Unicode.Scalar($0) {
        case "a"..."z", "A"..."Z", "0"..."9", "-", "_": true
        default: false
        }
      }
    return isBare ? name : quoted(name)
  }
}
