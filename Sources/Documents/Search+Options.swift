extension Search {
  /// How a pattern is read.
  public struct Options: Sendable, Equatable {
    public enum LetterCase: Sendable, CaseIterable {
      /// Any case, unless the pattern has a capital letter.
      case smart
      case exact
      case any
    }

    /// A regular expression (PCRE2), in which `^` and `$` match at lines; else plain text.
    public var isExpression: Bool
    public var letterCase: LetterCase
    /// No letter, digit or underscore before and after the match.
    public var isWholeWord: Bool
    /// Matches of no characters count, such as those of `^`.
    public var findsEmpty: Bool

    public init(
      isExpression: Bool = false, letterCase: LetterCase = .smart, isWholeWord: Bool = false,
      findsEmpty: Bool = false
    ) {
      self.isExpression = isExpression
      self.letterCase = letterCase
      self.isWholeWord = isWholeWord
      self.findsEmpty = findsEmpty
    }
  }
}
