/// One line of feedback, shown until the next key press.
public struct Message: Sendable, Equatable {
  public enum Kind: Sendable, Equatable { case note, warning, failure }

  public var kind: Kind
  public var text: String

  public init(_ kind: Kind, _ text: String) {
    self.kind = kind
    self.text = text
  }
}
