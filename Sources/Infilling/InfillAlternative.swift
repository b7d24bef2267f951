/// A runner-up for a slot.
public struct InfillAlternative: Sendable, Equatable {
  public var token: Int
  public var text: String
  public var probability: Float

  /// In place of an id that means something to a server alone: the text counts.
  public static let foreignToken = -1

  public init(token: Int, text: String, probability: Float) {
    self.token = token
    self.text = text
    self.probability = probability
  }
}

/// Runners-up for a slot, best first, counted from 0. The slots of a canvas may share one array, of
/// which each has a part.
public struct InfillAlternatives: Sendable, RandomAccessCollection, ExpressibleByArrayLiteral {
  private let all: [InfillAlternative]
  private let part: Range<Int>

  /// The elements `part` of `all`.
  public init(_ all: [InfillAlternative], part: Range<Int>) {
    precondition(part.upperBound <= all.count, "\(part) of \(all.count) alternatives")
    self.all = all
    self.part = part
  }

  public init(_ alternatives: [InfillAlternative]) {
    self.init(alternatives, part: alternatives.indices)
  }

  public init(arrayLiteral elements: InfillAlternative...) { self.init(elements) }

  public var startIndex: Int { 0 }
  public var endIndex: Int { part.count }

  public subscript(index: Int) -> InfillAlternative {
    precondition(index >= 0 && index < part.count, "alternative \(index) of \(part.count)")
    return all[part.lowerBound + index]
  }
}

extension InfillAlternatives: Equatable {
  public static func == (a: InfillAlternatives, b: InfillAlternatives) -> Bool {
    a.elementsEqual(b)
  }
}
