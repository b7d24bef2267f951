import TestSupport
import Testing

@testable import Documents

@Suite struct LineDiffTests {
  private func hunks(_ old: String, _ new: String) -> [LineDiff.Hunk] {
    LineDiff(from: Text(old), to: Text(new)).hunks
  }

  private func hunk(_ old: Range<Int>, _ new: Range<Int>) -> LineDiff.Hunk {
    LineDiff.Hunk(old: old, new: new)
  }

  @Test func changedAddedAndRemovedLines() {
    #expect(hunks("a\nb\nc\n", "a\nb\nc\n").isEmpty)
    #expect(hunks("a\nb\nc\n", "a\nB\nc\n") == [hunk(1..<2, 1..<2)])
    #expect(hunks("a\nc\n", "a\nb\nc\n") == [hunk(1..<1, 1..<2)])
    #expect(hunks("a\nb\nc\n", "a\nc\n") == [hunk(1..<2, 1..<1)])
    #expect(hunks("a\n", "b\na\nc\n") == [hunk(0..<0, 0..<1), hunk(1..<1, 2..<3)])
    #expect(hunks("", "new") == [hunk(0..<0, 0..<1)])
    #expect(hunks("a", "a\n") == [hunk(0..<1, 0..<1)])
  }

  @Test func movedLinesStayWhole() {
    let old = "int a() {\n  one();\n}\n\nint b() {\n  two();\n}\n"
    let new = "int c() {\n  three();\n}\n\n" + old
    #expect(hunks(old, new) == [hunk(0..<0, 0..<4)])
  }

  /// Whatever the texts are, the edits make the one into the other, and what is between the hunks
  /// agrees.
  @Test func editsLeadFromOneToTheOther() {
    let seed = Property.seed
    var random = RandomSource(seed: seed)
    for round in 0..<Property.operations / 20 {
      var old: [UInt8] = []
      for _ in 0..<Int.random(in: 0..<12, using: &random) {
        old += awkwardBytes(&random) + (Bool.random(using: &random) ? [0x0A] : [])
      }
      var new = old
      for _ in 0..<Int.random(in: 0..<4, using: &random) {
        let range = randomRange(new.count, &random)
        new.replaceSubrange(range, with: awkwardBytes(&random))
      }
      let (one, other) = (Text(old), Text(new))
      // Now and then as for texts that are too large to be matched.
      let diff =
        round % 4 == 0
        ? LineDiff(from: one, to: other, largestMatched: round % 8)
        : LineDiff(from: one, to: other)
      var text = one
      Transaction(diff.edits(from: one, to: other)).apply(to: &text)
      #expect(text == other, "seed \(seed), round \(round)")
      #expect(diff.hunks.isEmpty == (old == new), "seed \(seed), round \(round)")
    }
  }

  /// Large texts without a line in common are one change, and cost no more than reading them.
  @Test func manyLinesThatDiffer() {
    let lines = 20_000
    let old = (0..<lines).map { "old \($0 % 7)\n" }.joined()
    let new = (0..<lines).map { "new \($0 % 5)\n" }.joined()
    #expect(hunks(old, new) == [hunk(0..<lines, 0..<lines)])
  }
}
