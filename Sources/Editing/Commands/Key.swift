/// A key press after decoding, independent of the terminal.
public struct Key: Sendable, Hashable {
  public enum Code: Sendable, Hashable {
    case character(Character)
    case enter, tab, backspace, delete, escape
    case up, down, left, right, home, end, pageUp, pageDown, insert
    /// 1...24.
    case function(Int)
  }

  public struct Modifiers: OptionSet, Sendable, Hashable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    public static let shift = Modifiers(rawValue: 1)
    public static let alt = Modifiers(rawValue: 2)
    public static let control = Modifiers(rawValue: 4)
  }

  public var code: Code
  /// A character's own shift is not listed: `A` is `.character("A")` without `.shift`. Letters with
  /// control are lower case.
  public var modifiers: Modifiers

  public init(_ code: Code, _ modifiers: Modifiers = []) {
    self.code = code
    self.modifiers = modifiers
  }
}

/// A mouse report in screen cells, both from 0.
public struct MouseEvent: Sendable, Equatable {
  public enum Kind: Sendable, Equatable {
    case press, drag, release
    case wheelUp, wheelDown
  }

  public enum Button: Sendable, Equatable { case left, middle, right, none }

  public var kind: Kind
  public var button: Button
  public var column: Int
  public var row: Int
  public var modifiers: Key.Modifiers
  /// Milliseconds on a monotonic clock, for double clicks.
  public var time: Int

  public init(
    kind: Kind, button: Button = .left, column: Int, row: Int, modifiers: Key.Modifiers = [],
    time: Int = 0
  ) {
    self.kind = kind
    self.button = button
    self.column = column
    self.row = row
    self.modifiers = modifiers
    self.time = time
  }
}
