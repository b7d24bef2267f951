/// What the keys mean at the moment.
public enum Mode: String, Sendable, CaseIterable {
  /// Typing.
  case text
  /// A passage has the keys.
  case review
  /// A race has the keys.
  case race
  /// Text of an earlier session is on offer.
  case recovery
  /// The text on disk is compared with the document's.
  case disk
  /// The line at the bottom has the keys.
  case prompt
  /// A list to choose from has the keys.
  case list
  /// The list of keys is on the screen.
  case help
}
