import Infilling
import Testing

@testable import palimpsest

struct PassageViewTests {
  private func rows(_ scene: FillScene, changed: Set<Int> = [], columns: Int) -> [String] {
    PassageView(scene, changed: changed, columns: columns).rows.map { row in
      row.map(\.text).joined()
    }
  }

  static let scene = FillScene(
    passage: 1, passages: 1, before: "It was ", after: " then.",
    cells: [
      InfillCell(state: .draft, text: "a dark"), .open, InfillCell(state: .deleted),
      InfillCell(state: .draft, text: "日本\u{1B}\nnight"),
    ])

  @Test func wrapsAndShowsControlCharacters() {
    #expect(rows(Self.scene, columns: 40) == ["It was a dark░░░░日本␛", "night then."])
    #expect(rows(Self.scene, columns: 10) == ["It was a d", "ark░░░░日", "本␛", "night then", "."])
  }

  @Test func attributesFollowTheState() {
    let view = PassageView(Self.scene, changed: [3], columns: 40)
    #expect(
      view.rows.map(PassageView.line) == [
        "It was \u{1B}[0;4ma dark\u{1B}[0;2m░░░░\u{1B}[0;1;4m日本␛\u{1B}[0m",
        "\u{1B}[0;1;4mnight\u{1B}[0m then.",
      ])
  }

  @Test func theWindowShowsThePassage() {
    let before = String(repeating: "line\n", count: 50)
    let scene = FillScene(
      passage: 1, passages: 1, before: before, after: "\nend", cells: [.open, .open])
    let view = PassageView(scene, changed: [], columns: 20)
    #expect(view.rows.count == 52)
    #expect(view.window(100).count == 52)
    #expect(view.window(2).map { $0.map(\.text).joined() } == ["░░░░░░░░", "end"])
    #expect(view.window(1).count == 1)
  }
}
