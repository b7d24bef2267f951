/// A token that is found in text as a whole, before any splitting.
struct AddedToken: Sendable, Equatable {
  var id: Int
  var content: String
  /// Controls the model; left out of text shown to people.
  var isSpecial: Bool
  /// Found only where no word character touches it.
  var singleWord = false
  /// Takes the white space before it, and after it.
  var stripsLeft = false
  var stripsRight = false
  /// Matched in normalised text.
  var isNormalized = false
}

/// Which added tokens `Tokenizer.encode` finds in text.
public enum AddedTokenParsing: Sendable {
  /// None: what a person typed never becomes a control token.
  case none
  /// Those that do not control the model, such as `<think>`; the text of others stays text.
  case ordinary
  case all
}
