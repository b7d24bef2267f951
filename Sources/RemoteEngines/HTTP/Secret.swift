/// A key of a service. It is in no description, reflection or record: only `reveal` gives it.
public struct Secret: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  private let text: String

  /// nil for a text that is empty or has blanks or control characters, which no key has and which
  /// would end a header field.
  public init?(_ text: String) {
    let isKey = text.unicodeScalars.allSatisfy { (0x21..<0x7F).contains($0.value) }
    guard isKey, !text.isEmpty else { return nil }
    self.text = text
  }

  public var description: String { "•••" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: []) }

  /// The key, for the request it is sent with.
  public func reveal() -> String { text }
}

/// Where the key of an engine comes from.
public enum KeySource: Sendable, Equatable {
  case none
  /// A variable of the environment.
  case environment(String)
  /// The first line that a command prints, run by `sh -c`.
  case command(String)
}
