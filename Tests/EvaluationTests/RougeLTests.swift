import Testing

@testable import Evaluation

struct RougeLTests {
  @Test func wordsIgnoreCaseAndPunctuation() {
    #expect(RougeL.words("The cat's 2 dogs — ÉTÉ.") == ["the", "cat", "s", "2", "dogs", "été"])
  }

  @Test(arguments: [
    ("the cat sat", "the cat sat", 1.0),
    ("the cat sat on the mat", "the mat", 0.5),
    ("", "", 1), ("?", "", 1), ("word", "", 0), ("a b c", "x y", 0),
    // Order counts: three words are common, two of them in order.
    ("police killed the gunman", "police kill the gunman", 0.75),
  ])
  func scores(_ text: String, _ reference: String, _ expected: Double) {
    #expect(abs(RougeL.score(text, reference: reference) - expected) < 1e-9)
    #expect(abs(RougeL.score(reference, reference: text) - expected) < 1e-9)
  }

  /// Against the definition: the longest subsequence of a that is one of b.
  @Test(arguments: 0..<20) func commonSubsequenceIsLongest(_ seed: Int) {
    var random = Random(UInt64(seed) + 1)
    let a = (0..<Int.random(in: 0...8, using: &random)).map { _ in
      Int.random(in: 0...3, using: &random)
    }
    let b = (0..<Int.random(in: 0...8, using: &random)).map { _ in
      Int.random(in: 0...3, using: &random)
    }
    var longest = 0
    for subset in 0..<(1 << a.count) {
      let part = a.indices.filter { subset >> $0 & 1 == 1 }.map { a[$0] }
      var rest = b[...]
      let isCommon = part.allSatisfy { element in
        guard let index = rest.firstIndex(of: element) else { return false }
        rest = rest[(index + 1)...]
        return true
      }
      if isCommon { longest = max(longest, part.count) }
    }
    #expect(RougeL.longestCommonSubsequence(a, b) == longest, "seed \(seed): \(a) \(b)")
  }
}

/// SplitMix64.
struct Random: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
