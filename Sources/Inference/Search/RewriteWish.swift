internal import Decoding
internal import Tokenizers

/// The measurable demands of an instruction on a passage, and the prompts for it.
enum RewriteWish: Equatable {
  case shorter, longer, formal, friendly, simple, grammar
  /// Not measurable: any other instruction.
  case other(String)

  init(_ instruction: String) {
    let text = instruction.lowercased()
    func names(_ words: String...) -> Bool { words.contains { text.contains($0) } }
    if names("short", "concise", "brief", "condense", "tighten") {
      self = .shorter
    } else if names("longer", "expand", "more detail", "elaborate") {
      self = .longer
    } else if names("grammar", "spelling", "typo", "proofread") {
      self = .grammar
    } else if text.hasSuffix("formal"), !names("less", "informal", "not ") {
      self = .formal
    } else if names("friendl") {
      self = .friendly
    } else if names("simpl", "plain") {
      self = .simple
    } else {
      self = .other(instruction.trimmingBlanks)
    }
  }

  /// The prompt of the user.
  func message(_ passage: String) -> String {
    switch self {
    case .shorter: "Make this text shorter: \(passage)"
    case .longer: "Make this text longer: \(passage)"
    case .formal: "Make this text more formal: \(passage)"
    case .friendly: "Make this text friendlier: \(passage)"
    case .simple: "Rewrite this text in simpler words: \(passage)"
    case .grammar: "Correct the grammar of this text: \(passage)"
    case .other(let instruction):
      Self.isComparative(instruction)
        ? "Make this text \(instruction): \(passage)"
        : "Rewrite this text, \(instruction): \(passage)"
    }
  }

  /// The beginning of an answer that has the rewritten text on a separate line.
  var announcement: String {
    switch self {
    case .shorter: "Here's a shorter version of the text:\n\n"
    case .longer: "Here's a longer version of the text:\n\n"
    case .formal: "Here's a more formal version of the text:\n\n"
    case .friendly: "Here's a friendlier version of the text:\n\n"
    case .simple: "Here's the text in simpler words:\n\n"
    case .grammar: "Here's the corrected text:\n\n"
    case .other: "Here's the rewritten text:\n\n"
    }
  }

  private static func isComparative(_ instruction: String) -> Bool {
    guard let first = instruction.split(separator: " ").first else { return false }
    return first == "more" || first == "less" || first.hasSuffix("er")
  }

  /// The length of drafts for a passage of `count` tokens.
  func length(_ count: Int) -> PassageLength {
    let (expected, shortest, longest): (Double, Double, Double) =
      switch self {
      case .shorter: (0.7, 0.4, 1)
      case .longer: (1.6, 1.1, 3)
      case .grammar: (1, 0.7, 1.5)
      case .formal, .friendly, .simple, .other: (1.1, 0.5, 2)
      }
    func tokens(_ share: Double) -> Int { max(1, Int((share * Double(count)).rounded())) }
    var length = PassageLength(expected: tokens(expected))
    length.shortest = tokens(shortest)
    length.longest = max(tokens(longest), length.expected + 3)
    return length
  }

  /// The cost in nats of `new` as an answer to the instruction for `old`.
  func cost(of new: PassageContent, for old: PassageContent) -> Float {
    let ratio = Float(new.length) / Float(max(1, old.length))
    let stretch = max(ratio, 1 / max(ratio, 0.01))
    let isCopy = new.words == old.words
    let size: Float =
      switch self {
      case .shorter: 25 * max(0, ratio - 0.86) + 25 * max(0, 0.45 - ratio)
      case .longer: 25 * max(0, 1.15 - ratio)
      case .grammar: 12 * max(0, stretch - 1.15)
      case .formal, .friendly, .simple, .other: 8 * max(0, stretch - 1.5)
      }
    let (kept, own): (Float, Float) =
      switch self {
      case .shorter: (0.6, 0.9)
      case .longer: (0.8, 0.4)
      case .grammar: (1, 1)
      case .formal, .friendly, .simple: (0.6, 0.5)
      case .other: (0.4, 0.4)
      }
    return size + (isCopy ? (self == .grammar ? 3 : 25) : 0)
      + 12 * max(0, kept - old.share(in: new)) + 12 * max(0, own - new.share(in: old))
  }
}

extension String {
  fileprivate var trimmingBlanks: String {
    String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}
