internal import CKernels

/// A token that may be taken, with its probability at temperature 1.
public struct TokenCandidate: Sendable, Equatable {
  public var token: Int
  public var probability: Float

  public init(token: Int, probability: Float) {
    self.token = token
    self.probability = probability
  }
}

/// The likeliest tokens, best first. At most `limit`, held in place: a canvas or a record of many slots
/// is one block of memory.
public struct TokenCandidates: Sendable, RandomAccessCollection, ExpressibleByArrayLiteral {
  public static let limit = 8

  private var tokens = InlineArray<8, Int32>(repeating: 0)
  private var probabilities = InlineArray<8, Float>(repeating: 0)
  private var size: UInt8 = 0

  /// Traps for more than `limit`.
  public init(_ candidates: some Collection<TokenCandidate>) {
    precondition(candidates.count <= Self.limit, "\(candidates.count) candidates of \(Self.limit)")
    for candidate in candidates { append(Int32(candidate.token), candidate.probability) }
  }

  public init(arrayLiteral elements: TokenCandidate...) { self.init(elements) }

  /// Those of a row of logits.
  init(_ summary: ck_summary) {
    let (ids, values) = (summary.candidates, summary.candidate_probabilities)
    unsafe withUnsafeBytes(of: ids) { ids in
      unsafe withUnsafeBytes(of: values) { values in
        for index in 0..<Int(summary.candidate_count) {
          append(
            unsafe ids.load(fromByteOffset: index * 4, as: Int32.self),
            unsafe values.load(fromByteOffset: index * 4, as: Float.self))
        }
      }
    }
  }

  private mutating func append(_ token: Int32, _ probability: Float) {
    tokens[Int(size)] = token
    probabilities[Int(size)] = probability
    size += 1
  }

  public var startIndex: Int { 0 }
  public var endIndex: Int { Int(size) }

  public subscript(index: Int) -> TokenCandidate {
    precondition(index < size, "candidate \(index) of \(size)")
    return TokenCandidate(token: Int(tokens[index]), probability: probabilities[index])
  }
}

extension TokenCandidates: Equatable {
  public static func == (a: TokenCandidates, b: TokenCandidates) -> Bool { a.elementsEqual(b) }
}
