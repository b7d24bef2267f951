/// Why the editor cannot use a terminal.
public struct TerminalError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The source of the fault, such as `/dev/tty` or `TERM=dumb`.
  public let place: String
  public let expected: String
  public let found: String

  public var description: String { "\(place): expected \(expected), found \(found)" }
}
