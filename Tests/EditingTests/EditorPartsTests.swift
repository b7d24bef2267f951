import Testing

@testable import Documents
@testable import Editing

/// Parts of the editor that are values of their own.
@Suite struct EditorPartsTests {
  // MARK: Recoveries

  @Test func equalTextsAreNotOffered() {
    var queue = RecoveryQueue()
    queue.add(
      ["same", "other", "same", "third"].enumerated().map {
        Recovery(id: "\($0)", title: "", text: Text(Array($1.utf8)))
      })
    let text = Text(Array("same".utf8))
    let first = queue.next(beside: text)
    #expect(first.offer?.recovery.id == "1" && first.equal == ["0"])
    #expect(first.offer?.number == 2 && first.offer?.count == 4)
    let second = queue.next(beside: text)
    #expect(second.offer?.recovery.id == "3" && second.equal == ["2"])
    let last = queue.next(beside: text)
    #expect(last.offer == nil && last.equal == [])
    queue.add([Recovery(id: "4", title: "", text: Text(Array("more".utf8)))])
    let another = queue.next(beside: text)
    #expect(another.offer?.number == 1, "a new series")
  }

  // MARK: Replacing

  private func dialog(scope: Range<Int>? = nil, at cursor: Int) -> ReplaceDialog {
    var dialog = ReplaceDialog(scope: scope, origin: Selection(cursor))
    dialog.beginWalk()
    return dialog
  }

  private func found(_ range: Range<Int>, wrapped: Bool = false) -> Search.Found {
    Search.Found(range: range, wrapped: wrapped)
  }

  /// Whether the walk goes to each match.
  private func goes(_ dialog: inout ReplaceDialog, to matches: [Search.Found]) -> [Bool] {
    matches.map { dialog.goOn(to: $0) }
  }

  @Test func aWalkEndsWhereItBegan() {
    var dialog = dialog(at: 10)
    let way = [
      found(12..<15), found(2..<5, wrapped: true), found(12..<15), found(2..<5, wrapped: true),
    ]
    // It was at the third before, and would go past the end a second time.
    #expect(goes(&dialog, to: way) == [true, true, false, false])
  }

  @Test func aWalkInLinesStaysInThem() {
    var dialog = dialog(scope: 5..<20, at: 7)
    #expect(dialog.walk?.start == 5)
    let way = [found(17..<20), found(18..<21), found(6..<8, wrapped: true)]
    #expect(goes(&dialog, to: way) == [true, false, false])
  }

  @Test func growthMovesTheEndOfTheWalk() {
    var dialog = dialog(scope: 0..<20, at: 0)
    dialog.noteReplacement(
      Search.Substitution(range: 3..<5, replacement: Array("four".utf8)), revision: 7)
    #expect(dialog.scope == 0..<22 && dialog.walk?.replaced == 1 && dialog.walk?.revision == 7)
  }

  @Test func whatIsLeftDependsOnWhatWasAnswered() {
    var dialog = dialog(at: 10)
    dialog.walk?.offered = Search.Substitution(range: 12..<15, replacement: [])
    #expect(dialog.rest(of: 50) == [0..<50], "nothing was answered")
    dialog.walk?.hasSkipped = true
    #expect(dialog.rest(of: 50) == [0..<10, 12..<50])
    dialog.walk?.hasWrapped = true
    dialog.walk?.offered = Search.Substitution(range: 2..<5, replacement: [])
    #expect(dialog.rest(of: 50) == [2..<10])
  }

  // MARK: Neighbours

  @Test func neighboursAreReportedByWhatHasChanged() {
    let old = [
      Neighbour(process: 1, hasUnsavedEdits: false), Neighbour(process: 2, hasUnsavedEdits: true),
      Neighbour(process: 3, hasUnsavedEdits: true),
    ]
    let new = [
      Neighbour(process: 1, hasUnsavedEdits: true), Neighbour(process: 2, hasUnsavedEdits: true),
      Neighbour(process: 4, hasUnsavedEdits: false),
    ]
    #expect(
      Neighbour.news(from: old, to: new) == [
        .editedElsewhere(process: 1), .openElsewhere(process: 4), .closedElsewhere(process: 3),
      ])
  }
}
