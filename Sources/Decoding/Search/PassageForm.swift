/// What the text of a passage must be like: the rules that a search keeps and a model does not
/// know.
public protocol PassageForm {
  /// Ids that the passage never contains.
  var banned: [Int] { get }
  /// Further ids that it never begins with.
  var bannedFirst: [Int] { get }
  /// Ids that end a draft where one is drawn and are no part of it.
  var stops: Set<Int> { get }

  /// Whether the passage ends with the mark of a sentence.
  var endsWithMark: Bool { get }

  /// Whether a line ends with the passage: then the line break after it should come as no surprise.
  var endsLine: Bool { get }

  /// What a passage that begins with `tokens` may become.
  func verdict(on tokens: [Int]) -> PassageVerdict

  /// Further ids that do not continue a passage that begins with `tokens`.
  func banned(after tokens: [Int]) -> [Int]

  /// Triples of words that `tokens` has more than once, and runs of words that it shares with the
  /// text around it.
  func repeats(in tokens: [Int]) -> Int

  /// What a draft costs for reasons that the text around the passage does not show, in nats.
  func cost(of tokens: [Closing.Token]) -> Float

  /// Whether the best draft lacks what another may have: then there are as many drafts again.
  func lacks(in tokens: [Int]) -> Bool

  /// A draft in the tokens that it has in the passage's place, where it was made in another.
  func inPlace(_ tokens: [Closing.Token]) -> [Closing.Token]

  /// What the passage becomes where no draft comes to an end; nil is the likeliest draft.
  var lastResort: [Int]? { get }

  /// Whether `token` may replace `old`, a whole word for a whole word, before `next`.
  func exchanges(_ old: Int, for token: Int, before next: Int?) -> Bool
}

extension PassageForm {
  public var endsLine: Bool { false }
  public func banned(after tokens: [Int]) -> [Int] { [] }
  public func cost(of tokens: [Closing.Token]) -> Float { 0 }
  public func lacks(in tokens: [Int]) -> Bool { false }
  public func inPlace(_ tokens: [Closing.Token]) -> [Closing.Token] { tokens }
  public var lastResort: [Int]? { nil }
}

/// What a draft is good for.
public enum PassageVerdict: Sendable, Equatable {
  /// Unfinished.
  case goesOn
  /// It may end here, or continue.
  case mayEnd
  /// It ends here.
  case ends
  /// It repeats itself or leaves the passage's form: it never becomes the passage.
  case broken
}
