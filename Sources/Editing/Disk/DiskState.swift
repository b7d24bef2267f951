public import Documents

/// What is known of the document's file, as other programs have left it.
public enum DiskState: Sendable, Equatable {
  /// It has what was read or saved last.
  case same
  /// It has another text, which the document has not taken over.
  case changed(Text)
  /// It has changed and is too large to be compared.
  case changedLarge
  case removed

  /// How a text on disk was dealt with.
  public enum Settlement: Sendable, Equatable {
    /// It is the document's text.
    case taken
    /// The document keeps its own, which the next save writes over it.
    case kept
  }
}

/// The text on disk beside that of the document, to choose from.
public struct DiskConflict: Sendable {
  public let text: Text
  /// From the document's text to that on disk.
  public let diff: RecoveryDiff
  /// First row of the differences that is shown.
  public internal(set) var row = 0
  /// The comparison came in the way of a save: what the document is left for after it. Keeping the
  /// document's text then saves it.
  var save: InterruptedSave?

  struct InterruptedSave: Sendable, Equatable {
    var departure: Departure?
  }
}
