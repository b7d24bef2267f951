import Documents
import Editing
import Infilling
import TestSupport
import Testing

/// Random keys, mouse events, pastes and engine answers: nothing traps and the state stays sound.
@Suite struct FuzzTests {
  private static let texts = [
    "", "\n", "One. Two two. Three!\n\nA new para.\n", "a\tb\r\n日本語 text\r\n👩‍👩‍👧e\u{301} x\n",
    String(repeating: "word and ", count: 200) + "\n\n" + String(repeating: "x", count: 300),
    String(repeating: "日本 ", count: 150),
  ]

  /// Every bound key, and some text.
  private static let keys: [Key] =
    Mode.allCases.flatMap { Array((Keymap.standard.bindings[$0] ?? [:]).keys) }
    .sorted { $0.description < $1.description }
    + ["a", "b", " ", ".", "日", "é", "s"].map { Key($0)! }

  @Test(arguments: 0..<24)
  func staysSound(_ number: Int) {
    let seed = UInt64(number) &* 7919 &+ 11
    var random = RandomSource(seed: seed)
    var desk = Desk("", columns: 1 + random.below(90), rows: 1 + random.below(30))
    desk.send(.paste(random.pick(Self.texts)))
    for step in 0..<150 {
      act(&desk, &random)
      let problem = problem(desk)
      #expect(problem == nil, "seed \(seed), step \(step)")
      if problem != nil { return }
    }
  }

  private func act(_ desk: inout Desk, _ random: inout RandomSource) {
    switch random.below(20) {
    case 0: desk.send(.resize(columns: 1 + random.below(100), rows: 1 + random.below(40)))
    case 1: desk.send(.paste(random.pick(["x\ny", "日\r\n", "", "One. Two."])))
    case 2, 3:
      let kinds: [MouseEvent.Kind] = [.press, .press, .drag, .release, .wheelUp, .wheelDown]
      desk.send(
        .mouse(
          MouseEvent(
            kind: random.pick(kinds), column: random.below(90), row: random.below(30),
            time: random.below(3000))))
    case 4, 5: desk.runEngine(1 + random.below(4))
    case 6: desk.wake()
    case 7:
      let number = random.below(6)
      let run = random.pick([RunID.candidate(number), .lane(number)])
      let inquiry = random.pick([
        InquiryID.ranking(number), .refinement(number), .doubtMap(number), .race(number),
      ])
      desk.send(
        random.pick([
          .run(run, .failed("lost")), .inquiry(inquiry, .failed("lost")), .run(run, .ended),
          .run(run, .began(canvas: [.open])),
          .inquiry(inquiry, .scores([])), .inquiry(inquiry, .doubts([WordDoubt(probability: 0)])),
          .inquiry(
            inquiry, .scores([CandidateScore(passage: .init(logProbability: -1, tokens: 1))])),
          .run(run, .began(canvas: [])), .model(.loading(progress: nil)),
          .run(run, .step(InfillStep(index: 1, cells: [], changed: [3]))),
        ]))
    case 8: desk.press("Alt-Enter")
    default: desk.send(.key(random.pick(Self.keys)))
    }
  }

  /// What is wrong with the state; nil when nothing is.
  private func problem(_ desk: Desk) -> String? {
    let editor = desk.editor
    let text = editor.document.text
    for offset in [editor.selection.anchor, editor.selection.head] {
      guard (0...text.count).contains(offset) else { return "\(offset) outside" }
      guard text.graphemeBoundary(atOrBefore: offset) == offset else {
        return "\(offset) inside a cluster"
      }
    }
    for passage in editor.passages {
      guard text.bytes(in: passage.span) == passage.original else { return "span changed" }
      let head = editor.selection.head
      if passage.span.lowerBound < head, head < passage.span.upperBound {
        return "cursor in a span"
      }
      guard passage.candidates.indices.contains(passage.shownCandidate) else {
        return "no such branch"
      }
      guard passage.candidate.shownStep <= passage.candidate.lastStep else { return "no such step" }
    }
    if let focus = editor.focus, editor.passage(focus) == nil { return "focus on nothing" }
    let rows = editor.rows()
    guard rows.count == editor.viewport.textRows else { return "\(rows.count) rows" }
    for row in rows {
      var column = 0
      for cell in row.cells {
        guard cell.column == column, cell.width > 0 else { return "cells do not abut" }
        column += cell.width
      }
      if column > editor.textColumns + 1, row.cells.count > 2 { return "row of \(column) columns" }
    }
    _ = editor.status
    _ = editor.helpLines
    if let cursor = editor.screenCursor {
      guard cursor.row < editor.viewport.textRows, cursor.column >= 0 else { return "cursor off" }
    }
    return nil
  }
}
