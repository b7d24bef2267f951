/// An engine that passages can be filled with, as the editor shows it. Where a step is computed makes
/// no other difference here.
public struct EngineChoice: Sendable, Equatable {
  /// As settings name it.
  public var name: String
  /// Host and port to which it sends text; nil for one of this machine.
  public var place: String?
  /// What else is to know of it, for a list.
  public var detail: String

  public init(name: String, place: String? = nil, detail: String = "") {
    self.name = name
    self.place = place
    self.detail = detail
  }

  /// The model of this machine.
  public static let local = EngineChoice(name: "local", detail: "the model of this machine")
}

/// The engine in use.
public struct EngineStatus: Sendable, Equatable {
  public var choice: EngineChoice
  /// The document is one that no other machine may see, so `choice` is `local` whatever was chosen.
  public var staysHere: Bool

  public init(_ choice: EngineChoice = .local, staysHere: Bool = false) {
    self.choice = choice
    self.staysHere = staysHere
  }
}
