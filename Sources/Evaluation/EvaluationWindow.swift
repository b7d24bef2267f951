/// A passage of a document with the text before and after it, as token ids.
public struct EvaluationWindow: Sendable, Equatable {
  public var prefix: [Int]
  public var middle: [Int]
  public var suffix: [Int]
  /// For a rate of masks, the slots of the middle that are open.
  public var open: [MaskRate: [Int]]

  public init(prefix: [Int], middle: [Int], suffix: [Int], open: [MaskRate: [Int]] = [:]) {
    self.prefix = prefix
    self.middle = middle
    self.suffix = suffix
    self.open = open
  }
}

/// Share of the middle's slots that are masks.
public enum MaskRate: String, Sendable, CaseIterable {
  case all = "1.0"
  case half = "0.5"
  case few = "0.15"

  var share: Double {
    switch self {
    case .all: 1
    case .half: 0.5
    case .few: 0.15
    }
  }
}

/// A document with passages whose open slots are chosen: a window of the training log's table.
public struct TableWindow: Sendable, Equatable {
  /// Consecutive tokens of the document.
  public struct Passage: Sendable, Equatable {
    public var start: Int
    public var length: Int
    /// Slots of the passage that are masks; the others show their tokens.
    public var open: [Int]

    public init(start: Int, length: Int, open: [Int]) {
      self.start = start
      self.length = length
      self.open = open
    }
  }

  /// `first`: one passage of masks, whose first three slots are measured separately. Otherwise the
  /// rate of masks, measured together.
  public var table: String
  public var document: [Int]
  /// Increasing, disjoint.
  public var passages: [Passage]

  public init(table: String, document: [Int], passages: [Passage]) {
    self.table = table
    self.document = document
    self.passages = passages
  }
}
