internal import Strings

/// A metadata value of a GGUF file. The widths of integers and floats are not kept.
public enum GGUFValue: Sendable, Equatable {
  case integer(Int)
  /// An unsigned 64-bit value beyond `Int`.
  case unsigned(UInt64)
  case float(Double)
  case bool(Bool)
  case string(String)
  case integers([Int])
  case floats([Double])
  case bools([Bool])
  case strings([String])
  case arrays([GGUFValue])

  public var int: Int? { if case .integer(let value) = self { value } else { nil } }
  public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  public var string: String? { if case .string(let value) = self { value } else { nil } }
  public var strings: [String]? { if case .strings(let value) = self { value } else { nil } }
  public var integers: [Int]? { if case .integers(let value) = self { value } else { nil } }
  public var bools: [Bool]? { if case .bools(let value) = self { value } else { nil } }

  /// A float, or an integer as one.
  public var double: Double? {
    switch self {
    case .float(let value): value
    case .integer(let value): Double(value)
    case .unsigned(let value): Double(value)
    default: nil
    }
  }

  public var floats: [Double]? {
    switch self {
    case .floats(let values): values
    case .integers(let values): values.map(Double.init)
    default: nil
    }
  }

  /// The value in words, for messages and listings.
  public var summary: String {
    switch self {
    case .integer(let value): "\(value)"
    case .unsigned(let value): "\(value)"
    case .float(let value): "\(value)"
    case .bool(let value): "\(value)"
    case .string(let value): value.quotedForMessage
    case .integers(let values): "an array of \(values.count) integers"
    case .floats(let values): "an array of \(values.count) floats"
    case .bools(let values): "an array of \(values.count) booleans"
    case .strings(let values): "an array of \(values.count) strings"
    case .arrays(let values): "an array of \(values.count) arrays"
    }
  }
}
