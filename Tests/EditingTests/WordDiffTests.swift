import Editing
import TestSupport
import Testing

@Suite struct WordDiffTests {
  @Test func hunksCoverBothSidesInOrder() {
    for number in 0..<200 {
      let seed = UInt64(number) &* 31 &+ 7
      var random = RandomSource(seed: seed)
      func text() -> String {
        (0..<random.below(12)).map { _ in random.pick(["a", "b", "c", "dd"]) }
          .joined(separator: random.pick([" ", "\n"]))
      }
      let diff = WordDiff(original: text(), draft: text())
      #expect(diff.hunks.flatMap(\.original) == Array(diff.original.indices), "seed \(seed)")
      #expect(diff.hunks.flatMap(\.draft) == Array(diff.draft.indices), "seed \(seed)")
      for hunk in diff.hunks where hunk.isSame {
        let old = diff.original[hunk.original].map { $0.drop(while: \.isWhitespace) }
        let new = diff.draft[hunk.draft].map { $0.drop(while: \.isWhitespace) }
        #expect(old == new, "seed \(seed)")
      }
      let merged = WordDiff.words(of: diff.mergedText).map { $0.drop(while: \.isWhitespace) }
      #expect(merged == diff.draft.map { $0.drop(while: \.isWhitespace) }, "seed \(seed)")
      var last = 0
      for count in 0...diff.draft.count {
        let answer = diff.originalWords(beforeDraft: count)
        #expect(answer >= last && answer <= diff.original.count, "seed \(seed)")
        last = answer
      }
    }
  }

  @Test func wordsAreTheTextCutBeforeWhiteSpace() {
    #expect(WordDiff.words(of: "one two\n three ") == ["one", " two", "\n three "])
    #expect(WordDiff.words(of: "").isEmpty)
    #expect(WordDiff.words(of: " \n").isEmpty)
  }

  @Test(arguments: [
    ("one two\nthree four", "one 2 three four", "one 2\nthree four"),
    ("a b", "a x y b", "a x y b"), ("a\nb", "c", "c"), ("a b c", "a c", "a c"),
  ])
  func changedWordsAlone(original: String, draft: String, merged: String) {
    #expect(WordDiff(original: original, draft: draft).mergedText == merged)
  }

  @Test func answersOneByOneWithinAChange() {
    let diff = WordDiff(original: "a b c d", draft: "a x y d")
    #expect((0...4).map { diff.originalWords(beforeDraft: $0) } == [0, 1, 2, 3, 4])
    #expect(WordDiff(original: "a b", draft: "x y z").originalWords(beforeDraft: 2) == 1)
    #expect(WordDiff(original: "a b c", draft: "x").draftWords(beforeOriginal: 2) == 0)
  }
}
