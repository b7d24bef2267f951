import Documents
import Editing
import Infilling
import Testing

@Suite struct LayoutTests {
  @Test func wrapsAtWords() {
    let desk = Desk("the quick brown fox jumps\nover", columns: 12, rows: 10)
    #expect(desk.screen == ["the quick ", "brown fox ", "jumps", "over"])
    let rows = desk.editor.rows()
    #expect(rows.prefix(4).map(\.isContinuation) == [false, true, true, false])
    #expect(rows.prefix(4).map(\.line) == [0, 0, 0, 1])
    #expect(rows[4].kind == .beyondEnd)
    #expect(rows.count == 8)
  }

  @Test func aWordLongerThanTheRowIsBroken() {
    let desk = Desk("a 0123456789abcdefghij", columns: 12, rows: 10)
    #expect(desk.screen == ["a ", "0123456789a", "bcdefghij"])
  }

  @Test func wideCharactersAreNotCut() {
    let desk = Desk("日本語日本語日本語", columns: 12, rows: 10)
    #expect(desk.screen == ["日本語日本", "語日本語"])
    #expect(desk.editor.rows()[0].cells.map(\.column) == [0, 2, 4, 6, 8])
  }

  @Test func tabsReachTheNextStop() {
    let cells = Desk("a\tb\t\tc").editor.rows()[0].cells
    #expect(cells.map(\.column) == [0, 1, 4, 5, 8, 12])
    #expect(cells[1].role == .tab)
    #expect(cells.map(\.width) == [1, 3, 1, 3, 4, 1])
  }

  @Test func controlCharactersAreSymbols() {
    let editor = Editor(
      document: Document(contents: Array("a\u{1B}[31m\u{0}".utf8) + [0xFF, 0x0D]))
    let cells = editor.rows()[0].cells
    #expect(cells.map(\.text).joined() == "a␛[31m␀\u{FFFD}␍")
    #expect(cells[1].role == .control)
    #expect(cells.allSatisfy { cell in cell.text.unicodeScalars.allSatisfy { $0.value >= 0x20 } })
  }

  @Test func selectionMarksCellsAndLineEnds() {
    let desk = Desk("a▯b\n\nc▮d")
    let rows = desk.editor.rows()
    #expect(rows[0].cells.map(\.isSelected) == [false, true, true])
    #expect(rows[0].cells[2].role == .lineEnd)
    #expect(rows[1].cells.map(\.role) == [.lineEnd])
    #expect(rows[2].cells.map(\.isSelected) == [true, false])
  }

  @Test func theGutterGrowsWithTheLines() {
    var settings = EditorSettings()
    settings.showsLineNumbers = true
    let document = Document(String(repeating: "\n", count: 1000))
    #expect(Editor(document: document, settings: settings).gutterWidth == 6)
    #expect(Editor(document: document, columns: 16, settings: settings).gutterWidth == 0)
    settings.showsLineNumbers = false
    #expect(Editor(document: document, settings: settings).gutterWidth == 2)
  }

  // MARK: Fills

  @Test func masksTakeTheColumnsOfTheOriginal() {
    var desk = Desk("aaaa bbb ▮cc.", columns: 80)
    desk.press("Alt-Enter")
    let run = desk.editor.passages[0].candidate.id
    for slots in [1, 3, 5, 12] {
      var fresh = desk
      fresh.send(.run(run, .began(canvas: Array(repeating: .open, count: slots))))
      #expect(fresh.screen == ["░░░░░░░░░░░░"], "\(slots) slots")
    }
    desk.send(.run(run, .began(canvas: Array(repeating: .open, count: 20))))
    #expect(desk.screen[0].count == 20)
  }

  @Test func theTextBelowDoesNotMove() {
    var desk = Desk("a\n▯one two three four five six seven▮\nbelow", columns: 16, rows: 12)
    let below = desk.screen.firstIndex(of: "below")
    desk.press("Alt-Enter")
    let run = desk.editor.passages[0].candidate.id
    #expect(desk.screen.firstIndex(of: "below") == below)
    let cells = [InfillCell(state: .draft, token: 1, text: "short")]
    desk.send(.run(run, .began(canvas: [.open])))
    desk.send(.run(run, .step(InfillStep(index: 1, cells: cells, changed: [0], isLast: true))))
    #expect(desk.screen == ["a", "short", "", "", "below"])
    #expect(desk.editor.rows()[2].kind == .reserved)
    desk.press("Alt-B", "Down")
    #expect(desk.editor.selection.head == desk.text.utf8.count)
    desk.press("Up")
    #expect(desk.editor.status.line == 2)
  }

  @Test func aSpanOverSeveralLinesIsOneFlow() {
    var desk = Desk("a\none ▯two\n\nthree▮ four\nb")
    desk.press("Alt-Enter")
    #expect(desk.screen == ["a", "one ░░░░░░░░ four", "", "", "b"])
    let rows = desk.editor.rows()
    #expect(rows.prefix(5).map(\.line) == [0, 1, nil, nil, 4])
    desk.press("d")
    #expect(desk.screen == ["a", "one two", "", "three four", "b"])
    desk.press("d", "Alt-B")
    #expect(desk.marked == "a\none two\n\nthree▮ four\nb")
    desk.press("Home")
    #expect(desk.editor.screenCursor?.row != nil)
  }

  @Test func rolesTellWhatBecameOfASlot() {
    var desk = Desk("aaaa bbb ▮cc.")
    desk.press("Alt-Enter")
    let run = desk.editor.passages[0].candidate.id
    desk.send(.run(run, .began(canvas: Array(repeating: .open, count: 3))))
    func step(_ index: Int, _ texts: [String?], _ changed: [Int], isLast: Bool = false) -> Event {
      let cells = texts.map { text in
        text.map { InfillCell(state: .draft, token: 1, text: $0, confidence: 0.5) } ?? .open
      }
      return .run(
        run, .step(InfillStep(index: index, cells: cells, changed: changed, isLast: isLast)))
    }
    func roles() -> [VisualCell.Role] {
      var roles: [VisualCell.Role] = []
      for cell in desk.editor.rows()[0].cells where roles.last != cell.role {
        roles.append(cell.role)
      }
      return roles
    }
    desk.send(step(1, [" A", nil, nil], [0]))
    #expect(roles() == [.fresh(confidence: 0.5), .mask(confidence: 0)])
    desk.send(step(2, [" A", " B", nil], [1]))
    #expect(
      roles()
        == [.fresh(confidence: 0.5, age: 1), .fresh(confidence: 0.5), .mask(confidence: 0)])
    desk.send(.woke(.fading))
    desk.send(.woke(.fading))
    #expect(
      roles()
        == [.draft(confidence: 0.5), .fresh(confidence: 0.5, age: 2), .mask(confidence: 0)])
    desk.send(step(3, [" A", " B", " C"], [2], isLast: true))
    desk.wake()
    #expect(roles() == [.settled])
    #expect(desk.screen == ["A B C"])
    desk.press("p")
    #expect(roles() == [.pinned, .settled])
    #expect(desk.editor.rows()[0].hasPinned)
  }

  @Test func aClusterMayConsistOfSeveralSlots() {
    var desk = Desk("aaaa.▮")
    desk.press("Alt-Enter")
    let cells = ["e", "\u{301}", "", "日\u{1B}"].map {
      InfillCell(state: .draft, token: 1, text: $0)
    }
    let run = desk.editor.passages[0].candidate.id
    desk.send(.run(run, .began(canvas: cells.map { _ in .open })))
    desk.send(.run(run, .step(InfillStep(index: 1, cells: cells, changed: [], isLast: true))))
    #expect(desk.screen == ["e\u{301}日␛"])
    #expect(desk.editor.rows()[0].cells.map(\.slot) == [0, 3, 3])
  }

  // MARK: Scrolling

  @Test func theCursorStaysVisible() {
    let lines = (1...200).map { "line \($0)" }.joined(separator: "\n")
    var desk = Desk(lines, columns: 40, rows: 12)
    for _ in 0..<30 {
      desk.press("Down")
      #expect(desk.editor.screenCursor != nil)
    }
    #expect(desk.editor.screenCursor?.row == 9)
    desk.press("Ctrl-G")
    desk.type("150:3")
    desk.press("Enter")
    #expect(desk.editor.screenCursor?.row == 5)
    #expect(desk.editor.status.line == 150)
    #expect(desk.editor.status.column == 3)
    desk.press("Ctrl-Home")
    #expect(desk.editor.viewport.top == 0)
    desk.send(.resize(columns: 20, rows: 5))
    #expect(desk.editor.rows().count == 3)
  }

  @Test func theWheelScrollsWithoutTheCursor() {
    let lines = (1...200).map { "line \($0)" }.joined(separator: "\n")
    var desk = Desk(lines, columns: 40, rows: 12)
    for _ in 0..<10 { desk.send(.mouse(MouseEvent(kind: .wheelDown, column: 0, row: 0))) }
    #expect(desk.screen.first == "line 31")
    #expect(desk.editor.screenCursor == nil)
    desk.press("Right")
    #expect(desk.editor.screenCursor != nil)
  }

  @Test func aLineOfAMegabyteIsWorkedOnInPieces() {
    let line = String(repeating: "word ", count: 200_000)
    var desk = Desk(line)
    desk.press("Ctrl-End")
    #expect(desk.editor.selection.head == line.utf8.count)
    #expect(desk.editor.screenCursor != nil)
    desk.press("Up", times: 100)
    desk.press("Home", "End", "PageUp", "Shift-Down", "Backspace")
    #expect(desk.editor.screenCursor != nil)
    #expect(desk.editor.rows().allSatisfy { $0.cells.count <= 80 })
  }

  @Test func piecesOfALongLineCoverIt() {
    let text = String(repeating: "👩‍👩‍👧e\u{301}", count: 1500)
    var desk = Desk(text, columns: 40, rows: 400)
    desk.press("Ctrl-Home")
    var next = 0
    var offsets = Set<Int>()
    for _ in 0..<20 {
      for row in desk.editor.rows() where row.kind == .text {
        for cell in row.cells where offsets.insert(cell.offset).inserted {
          #expect(cell.offset == next)
          next = cell.end
        }
      }
      desk.press("PageDown")
    }
    #expect(next == text.utf8.count)
  }
}
