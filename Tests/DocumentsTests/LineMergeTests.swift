import Documents
import TestSupport
import Testing

struct LineMergeTests {
  private func merge(
    _ base: String, _ ours: String, _ theirs: String
  ) -> (text: String, conflicts: Int) {
    let merge = LineMerge(base: Text(base), ours: Text(ours), theirs: Text(theirs))
    var text = Text(ours)
    Transaction(merge.edits).apply(to: &text)
    return (text.description, merge.conflicts)
  }

  @Test func changesOfBothAreTaken() {
    #expect(merge("a\nb\nc\nd\n", "A\nb\nc\nd\n", "a\nb\nc\nD\n") == ("A\nb\nc\nD\n", 0))
    #expect(merge("a\nb\nc\n", "x\na\nb\nc\n", "a\nb\nc\ny\n") == ("x\na\nb\nc\ny\n", 0))
    #expect(merge("a\nb\nc\nd\n", "a\nd\n", "a\nb\nc\nd\ne\n") == ("a\nd\ne\n", 0))
    #expect(merge("a\nb\n", "A\nb\n", "a\nB\n") == ("A\nB\n", 0))
  }

  @Test func oneSideAloneIsTaken() {
    #expect(merge("a\nb\n", "a\nb\n", "b\nc\n") == ("b\nc\n", 0))
    #expect(merge("a\nb\n", "b\nc\n", "a\nb\n") == ("b\nc\n", 0))
    #expect(merge("a\nb\n", "a\nx\n", "a\nx\n") == ("a\nx\n", 0))
    #expect(merge("", "", "new\n") == ("new\n", 0))
  }

  @Test func whereBothDifferBothAreKept() {
    #expect(merge("a\nb\nc\n", "a\nours\nc\n", "a\ntheirs\nc\n") == ("a\nours\ntheirs\nc\n", 1))
    #expect(merge("", "ours", "theirs") == ("ours\ntheirs", 1))
    #expect(merge("a\nb\nc\n", "a\nc\n", "a\nB\nc\n") == ("a\nB\nc\n", 1))
    #expect(merge("a\n", "a\nx\n", "a\ny\n") == ("a\nx\ny\n", 1))
  }

  /// Whatever the texts are, no line of either that is new to it is lost.
  @Test(arguments: 0..<200) func noNewLineIsLost(_ number: Int) {
    var random = RandomSource(seed: UInt64(number) &* 977 &+ 5)
    let base = (0..<random.below(12)).map { "base \($0)\n" }
    func changed(_ name: String) -> [String] {
      var lines = base
      for change in 0..<random.below(5) {
        let place = random.below(lines.count + 1)
        let end = min(lines.count, place + random.below(3))
        let new = (0..<random.below(3)).map { "\(name) \(change).\($0)\n" }
        lines.replaceSubrange(place..<end, with: new)
      }
      return lines
    }
    let (ours, theirs) = (changed("ours"), changed("theirs"))
    let merged = merge(base.joined(), ours.joined(), theirs.joined()).text
    let lines = merged.split(separator: "\n").map { String($0) + "\n" }
    for line in ours + theirs where !line.hasPrefix("base") {
      #expect(lines.contains(line), "seed of \(number): \(ours) \(theirs) gave \(merged)")
    }
    for line in base where ours.contains(line) && theirs.contains(line) {
      #expect(lines.contains(line), "seed of \(number): \(ours) \(theirs) gave \(merged)")
    }
  }
}
