import TestSupport
import Testing

@testable import Documents

@Suite struct TransactionTests {
  @Test func editsApplyAtOnce() {
    var text = Text("one two three")
    let transaction = Transaction([
      Edit(range: 0..<3, replacement: "1"), Edit(range: 4..<7, replacement: "second"),
      Edit(range: 13..<13, replacement: "!"),
    ])
    let inverse = transaction.inverted(in: text)
    transaction.apply(to: &text)
    #expect(text.description == "1 second three!")
    inverse.apply(to: &text)
    #expect(text.description == "one two three")
  }

  @Test func insertionsMapByBias() {
    let insertion = Transaction(replacing: 3..<3, with: "ab")
    #expect(insertion.map(2, bias: .right) == 2)
    #expect(insertion.map(3, bias: .left) == 3)
    #expect(insertion.map(3, bias: .right) == 5)
    #expect(insertion.map(4, bias: .left) == 6)
  }

  @Test func endsOfAReplacedRangeStayEnds() {
    let replacement = Transaction(replacing: 2..<5, with: "x")
    #expect(replacement.map(2, bias: .right) == 2)
    #expect(replacement.map(5, bias: .left) == 3)
    #expect(replacement.map(3, bias: .left) == 2)
    #expect(replacement.map(3, bias: .right) == 3)
    var anchor = AnchoredRange(2..<5)
    anchor.map(through: replacement)
    #expect(anchor.range == 2..<3)
  }

  @Test func anchorsLeaveOutWhatTouchesThem() {
    var anchor = AnchoredRange(2..<5)
    anchor.map(through: Transaction(replacing: 2..<2, with: "in"))
    #expect(anchor.range == 4..<7)
    anchor.map(through: Transaction(replacing: 7..<7, with: "in"))
    #expect(anchor.range == 4..<7)
    anchor.map(through: Transaction(replacing: 5..<5, with: "in"))
    #expect(anchor.range == 4..<9)
    anchor.map(through: Transaction(replacing: 0..<20, with: ""))
    #expect(anchor.range == 0..<0)
    var point = AnchoredRange(3..<3)
    point.map(through: Transaction(replacing: 3..<3, with: "x"))
    #expect(point.range.isEmpty)
  }

  @Test func selectionsKeepTheirDirection() {
    let selection = Selection(anchor: 5, head: 2)
    let moved = selection.mapped(through: Transaction(replacing: 0..<0, with: "ab"))
    #expect(moved == Selection(anchor: 7, head: 4))
    #expect(Selection(2).mapped(through: Transaction(replacing: 2..<2, with: "ab")).head == 4)
  }

  /// Edits near one another are applied together, those far from one another one by one.
  @Test(arguments: [1, 40, 9_000, 400_000])
  func applyingAgreesWithAPlainArray(mostBetween: Int) {
    let seed = Property.seed
    var random = RandomSource(seed: seed)
    for round in 0..<2 {
      let old = (0..<3_000_000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      var text = Text(old)
      var model: [UInt8] = []
      var edits: [Edit] = []
      var kept = 0
      var start = random.below(mostBetween)
      while start + 20 < old.count, edits.count < 30_000 {
        let end = start + random.below(20)
        edits.append(Edit(range: start..<end, replacement: awkwardBytes(&random)))
        model += old[kept..<start] + edits[edits.count - 1].replacement
        kept = end
        start = end + random.below(mostBetween)
      }
      model += old[kept...]
      let transaction = Transaction(edits)
      let inverse = transaction.inverted(in: text)
      transaction.apply(to: &text)
      #expect(text.contents() == model, "seed \(seed), round \(round)")
      text.checkInvariants()
      inverse.apply(to: &text)
      #expect(text.contents() == old, "seed \(seed), round \(round)")
      text.checkInvariants()
    }
  }

  /// What replacing takes out is kept once, not at every place.
  @Test func equalTextIsTakenOutOnce() {
    let text = Text(String(repeating: "the words ", count: 1000))
    let edits = (0..<1000).map { Edit(range: 10 * $0..<10 * $0 + 3, replacement: "a") }
    let inverse = Transaction(edits).inverted(in: text)
    let places = Set(
      inverse.edits.map { edit in
        unsafe edit.replacement.withUnsafeBytes {
          unsafe $0.baseAddress.map { UInt(bitPattern: $0) }
        }
      })
    #expect(places.count == 1)
    #expect(inverse.edits.allSatisfy { $0.replacement == Array("the".utf8) })
  }

  @Test func composingIsApplyingInTurn() {
    let seed = Property.seed
    var random = RandomSource(seed: seed)
    for round in 0..<Property.operations / 20 {
      let start = Text((0..<8).flatMap { _ in awkwardBytes(&random) }, chunkLimit: 4)
      let first = randomTransaction(start.count, &random)
      var middle = start
      first.apply(to: &middle)
      let second = randomTransaction(middle.count, &random)
      var end = middle
      second.apply(to: &end)
      let both = first.composed(with: second)
      var composed = start
      both.apply(to: &composed)
      #expect(composed == end, "seed \(seed), round \(round)")
      both.inverted(in: start).apply(to: &composed)
      #expect(composed == start, "seed \(seed), round \(round)")
    }
  }

  @Test func mappingIsMonotonicAndMatchesTheText() {
    let seed = Property.seed
    var random = RandomSource(seed: seed)
    for round in 0..<Property.operations / 50 {
      let text = Text((0..<8).flatMap { _ in awkwardBytes(&random) }, chunkLimit: 4)
      let transaction = randomTransaction(text.count, &random)
      var changed = text
      transaction.apply(to: &changed)
      for bias in [Bias.left, .right] {
        let mapped = (0...text.count).map { transaction.map($0, bias: bias) }
        #expect(zip(mapped, mapped.dropFirst()).allSatisfy { $0 <= $1 }, "seed \(seed), \(round)")
        #expect(mapped.allSatisfy { (0...changed.count).contains($0) }, "seed \(seed), \(round)")
        for (offset, byte) in text.contents().enumerated()
        where !transaction.edits.contains(where: { $0.range.contains(offset) }) {
          #expect(changed[transaction.map(offset, bias: .right)] == byte, "seed \(seed), \(round)")
        }
      }
    }
  }
}

func randomTransaction(_ count: Int, _ random: inout RandomSource) -> Transaction {
  var edits: [Edit] = []
  var position = 0
  for _ in 0..<Int.random(in: 0...3, using: &random) {
    let range = randomRange(count - position, &random)
    let moved = range.lowerBound + position..<range.upperBound + position
    edits.append(Edit(range: moved, replacement: awkwardBytes(&random)))
    position = moved.upperBound
  }
  return Transaction(edits)
}
