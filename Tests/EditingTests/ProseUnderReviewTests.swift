import Documents
import Editing
import Infilling
import Testing

/// Prose that is typed while a passage is pending: it asks nothing, changes no setting and is not
/// lost.
@Suite struct ProseUnderReviewTests {
  private enum Moment: CaseIterable { case opening, running, stopped, ended, failed }

  private func desk(_ moment: Moment) -> Desk {
    var desk = Desk("One. ▯Two two two.▮ Three.")
    desk.press("Alt-Enter")
    switch moment {
    case .opening: break
    case .running: desk.runEngine(2)
    case .stopped:
      desk.runEngine(2)
      desk.press("Esc")
    case .ended: desk.runEngine()
    case .failed:
      let run = desk.editor.passages[0].candidate.id
      desk.engineWork = []
      desk.send(.run(run, .failed("lost")))
    }
    return desk
  }

  /// Every character there is on a keyboard, at every moment of a review.
  @Test func noCharacterAsksOrSets() {
    let characters = (0x20...0x7E).map { Character(UnicodeScalar($0)) } + ["é", "日", "—"]
    for moment in Moment.allCases {
      let before = desk(moment)
      let next = before.editor.passages[0].candidate.next
      for character in characters {
        var desk = before
        desk.send(.key(Key(.character(character))))
        let after = desk.editor
        #expect(after.prompt == nil, "\(character), \(moment)")
        #expect(after.settings == before.editor.settings, "\(character), \(moment)")
        #expect(after.passages.count == 1, "\(character), \(moment)")
        if after.mode == .text {
          #expect(desk.marked == "One. Two two two.\(character)▮ Three.", "\(moment)")
          #expect(after.passages[0].candidate.next == next, "\(character), \(moment)")
        } else {
          #expect(desk.text == before.text, "\(character), \(moment)")
        }
      }
    }
  }

  @Test func lettersThatAreNoCommandAreTypedWithWhatFollows() {
    for moment in Moment.allCases {
      var desk = desk(moment)
      desk.type("Then it rained.")
      #expect(desk.marked == "One. Two two two.Then it rained.▮ Three.", "\(moment)")
      #expect(desk.editor.message == nil && desk.editor.passages.count == 1)
    }
  }

  @Test func aPasteIsNotLostEither() {
    var desk = desk(.ended)
    desk.send(.paste(" a\nb"))
    #expect(desk.marked == "One. Two two two. a\nb▮ Three.")
    #expect(desk.editor.mode == .text)
  }

  @Test func theKeyBackToTheTextDoesJustThat() {
    var desk = Desk("One. ▯Two.▮ Three. Four.")
    desk.press("Alt-Enter", "Alt-B", "Ctrl-End", "Alt-Enter")
    #expect(desk.editor.passages.count == 2)
    for _ in 0..<3 {
      desk.press("Alt-B")
      #expect(desk.editor.mode == .text)
    }
    desk.type(" the tin")
    #expect(desk.text == "One. Two. Three. Four. the tin")
    #expect(desk.editor.prompt == nil && desk.editor.passages.count == 2)
    // Another key goes from passage to passage.
    desk.press("Alt-J")
    let first = desk.editor.focus
    desk.press("Alt-J")
    #expect(desk.editor.focus != nil && desk.editor.focus != first)
  }

  @Test func listsOfAReviewLetProseThrough() {
    var desk = desk(.ended)
    desk.press("b")
    #expect(desk.editor.mode == .list)
    desk.type("xy")
    #expect(desk.editor.mode == .text && desk.text == "One. Two two two.xy Three.")
    desk.press("Alt-J", "b")
    desk.send(.paste("z"))
    #expect(desk.editor.mode == .text && desk.text == "One. Two two two.zxy Three.")
  }

  @Test func unsavedTextOfAnEarlierSessionIsNotDiscardedByTyping() {
    var desk = Desk("x")
    desk.send(.recoverable([Recovery(id: "a", title: "a", text: Text("ax"))]))
    desk.type("add and discard")
    #expect(desk.editor.mode == .recovery && desk.editor.prompt == nil)
    #expect(!desk.effects.contains(.settleRecovery("a", .discarded)))
  }

  // MARK: A selection that reaches into a passage

  @Test func aSelectionThatOverlapsAPassageIsReported() {
    var desk = Desk("One. ▯Two two.▮ Three.")
    desk.press("Alt-Enter", "Alt-B", "Ctrl-A", "Alt-Enter")
    #expect(desk.editor.mode == .review && desk.editor.message == .selectionOverlaps)
    #expect(desk.editor.passages.count == 1)
    // What would work on the selection does not begin on another passage.
    for key in ["Alt-N", "Alt-R"] {
      desk.press("Alt-B", "Ctrl-A", key)
      #expect(desk.editor.mode == .text && desk.editor.message == .overlapRefused, "\(key)")
      #expect(desk.editor.passages[0].candidates.count == 1)
    }
    // Its own words are no overlap.
    desk.press("Ctrl-Home")
    for _ in 0..<5 { desk.press("Right") }
    desk.press("Shift-Right", "Alt-Enter")
    #expect(desk.editor.mode == .review && desk.editor.message == nil)
  }
}
