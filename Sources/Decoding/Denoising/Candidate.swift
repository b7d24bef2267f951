/// A token considered for a slot, with its probability at temperature 1.
public struct Candidate: Sendable, Equatable {
  public var token: Int
  public var probability: Float

  public init(token: Int, probability: Float) {
    self.token = token
    self.probability = probability
  }
}

/// The candidates of a slot, best first. At most `Candidates.limit`, held in place: a canvas or a
/// record of many slots is one block of memory.
public struct Candidates: Sendable, RandomAccessCollection, ExpressibleByArrayLiteral {
  public static let limit = 8

  private var tokens = InlineArray<8, Int32>(repeating: 0)
  private var probabilities = InlineArray<8, Float>(repeating: 0)
  private var size: UInt8 = 0

  /// `count` candidates. Traps for more than `limit`.
  public init(count: Int, _ candidate: (Int) -> Candidate) {
    precondition(count <= Self.limit, "\(count) candidates of at most \(Self.limit)")
    size = UInt8(count)
    for index in 0..<count {
      let found = candidate(index)
      tokens[index] = Int32(found.token)
      probabilities[index] = found.probability
    }
  }

  public init(_ candidates: [Candidate]) {
    self.init(count: candidates.count) { candidates[$0] }
  }

  public init(arrayLiteral elements: Candidate...) { self.init(elements) }

  public var startIndex: Int { 0 }
  public var endIndex: Int { Int(size) }

  public subscript(index: Int) -> Candidate {
    precondition(index < size, "candidate \(index) of \(size)")
    return Candidate(token: Int(tokens[index]), probability: probabilities[index])
  }
}

extension Candidates: Equatable {
  public static func == (a: Candidates, b: Candidates) -> Bool { a.elementsEqual(b) }
}
