import TestSupport
import Testing

@testable import Documents

@Suite struct KeptHistoryTests {
  private func edit(_ document: inout Document, _ string: String, at time: Int) {
    document.time = time
    let end = document.text.count
    document.apply(
      Transaction(replacing: end..<end, with: string), label: "add \(string)",
      selectionBefore: Selection(end), selectionAfter: Selection(end + string.utf8.count))
  }

  /// A document as the next session opens it.
  private func reopened(_ document: Document) -> Document {
    Document(document.text, document.format)
  }

  @Test func undoGoesOnInTheNextSession() {
    var first = Document("a")
    edit(&first, "b", at: 100)
    edit(&first, "c", at: 200)
    _ = first.undo()
    let kept = first.history.kept
    #expect(kept.known == KeptHistory.Stamp(number: 1, time: 100))
    #expect(kept.states.map(\.stamp.number) == [2, 0])
    var second = reopened(first)
    edit(&second, "d", at: 300)
    #expect(second.take(kept) == true)
    #expect(second.text.description == "abd" && second.isDirty)
    #expect(second.history.nodes.map(\.time) == [0, 100, 200, 300])
    #expect(second.undo() == Selection(2))
    #expect(!second.isDirty && second.history.label == "add b")
    #expect(second.undo() == Selection(1))
    #expect(second.text.description == "a")
    #expect(second.undo() == nil)
    _ = second.redo()
    // What was typed last is what redo brings back.
    _ = second.redo()
    #expect(second.text.description == "abd")
    _ = second.earlier()
    #expect(second.text.description == "abc")
    // Nothing is taken twice.
    #expect(second.take(kept) == false)
  }

  @Test func redoOfEarlierSessionsIsKept() {
    var first = Document("a")
    edit(&first, "b", at: 1)
    _ = first.undo()
    var second = reopened(first)
    #expect(second.take(first.history.kept) == true)
    #expect(second.redo() == Selection(2))
    #expect(second.text.description == "ab")
    // The state on disk is the first of all; that there is one before it is known all the same.
    #expect(second.take(first.history.kept) == false)
  }

  @Test func aHistoryOfAnotherTextIsRefused() {
    var first = Document("some text")
    edit(&first, "b", at: 1)
    let kept = first.history.kept
    var other = Document("a")
    #expect(other.take(kept) == false)
    #expect(other.history.nodes.count == 1)
    var same = reopened(first)
    for damage: (inout KeptHistory) -> Void in [
      { $0.states[0].neighbour = 1 }, { $0.states[0].neighbour = -1 },
      { $0.states[0].isLater.toggle() }, { $0.states[0].stamp.number = 1 },
      { $0.states[0].backward = [] },
      { $0.states[0].backward += $0.states[0].backward },
      { $0.states[0].forward[0].range = 0..<1 },
      { $0.states[0].backward[0].range = (-1)..<0 },
      { $0.states[0].backward[0].range = 0..<Int.max },
      { $0.states.append($0.states[0]) },
    ] {
      var damaged = kept
      damage(&damaged)
      #expect(same.take(damaged) == false, "\(damaged)")
    }
    #expect(same.take(kept) == true)
  }

  /// Whatever was done, each state that is kept has its text in the next session, and any first part
  /// of the list is a history.
  @Test func anyStateOfAnyPartHasItsText() {
    let seed = Property.seed
    var random = RandomSource(seed: seed)
    for round in 0..<max(10, Property.operations / 200) {
      var document = Document(contents: Array("start\r\n".utf8))
      for step in 0..<random.below(60) {
        document.time = step
        if random.below(3) == 0 {
          _ = document.visit(random.below(document.history.nodes.count))
        } else {
          document.apply(
            randomTransaction(document.text.count, &random), label: "\(step)",
            selectionBefore: Selection(0), selectionAfter: Selection(0),
            groupsWithPrevious: random.below(4) == 0)
        }
      }
      let texts = document.history.nodes.indices.map { node in
        var there = document
        _ = there.visit(node)
        return there.text
      }
      var kept = document.history.kept
      #expect(kept.states.count == texts.count - 1)
      kept.states.removeLast(random.below(kept.states.count + 1))
      var next = reopened(document)
      let edits = random.below(3)
      for _ in 0..<edits {
        next.apply(
          randomTransaction(next.text.count, &random), label: "", selectionBefore: Selection(0),
          selectionAfter: Selection(0))
      }
      let before = next.text
      guard next.take(kept) else {
        Issue.record("seed \(seed), round \(round): refused")
        return
      }
      #expect(next.text == before)
      let numbers = ([kept.known] + kept.states.map(\.stamp)).map(\.number).sorted()
      for (node, number) in numbers.enumerated() {
        _ = next.visit(node)
        #expect(next.text == texts[number], "seed \(seed), round \(round), state \(number)")
      }
      #expect(Set(next.history.nodes.map(\.revision)).count == next.history.nodes.count)
    }
  }
}
