import Documents
import Editing
import Rendering
import Testing

/// Whole screens of real editors, compared with the files in Golden.
@Suite struct EditorFrameTests {
  static let scenes: [(name: String, play: @Sendable (inout Scene) -> Void)] = [
    ("letter", { _ in }),
    ("selection", { $0.press("Alt-S") }),
    (
      "tour",
      {
        $0.press("Ctrl-P")
        $0.type("what the editor can do")
        $0.press("Enter")
      }
    ),
    (
      "masked",
      {
        $0.send(.model(.loading(progress: 0.42)))
        $0.press("Alt-Enter")
      }
    ),
    ("running", { $0.rewrite(steps: 5) }),
    (
      "paused",
      {
        $0.rewrite(steps: 5)
        $0.press("Space")
      }
    ),
    (
      "scrubbed",
      {
        $0.rewrite(steps: 6)
        $0.press("Space", "Left", "Left", "Left")
      }
    ),
    (
      "pinned",
      {
        $0.rewrite(steps: 5)
        $0.press("Space", "p")
      }
    ),
    ("settled", { $0.rewrite(steps: 8) }),
    (
      "original",
      {
        $0.rewrite(steps: 8)
        $0.press("d")
      }
    ),
    (
      "accepted",
      {
        $0.rewrite(steps: 8)
        $0.press("Enter")
      }
    ),
    (
      "failed",
      {
        $0.modelIsReady()
        $0.press("Alt-Enter")
        $0.send(
          .run($0.run, .failed("The model file is damaged: run palimpsest model fetch")))
      }
    ),
    (
      "background",
      {
        $0.rewrite(steps: 5)
        $0.press("Alt-B", "Ctrl-End")
        $0.type("P.S. Write soon.")
      }
    ),
    (
      "find",
      {
        $0.press("Ctrl-F")
        $0.type("the")
      }
    ),
    (
      "quit",
      {
        $0.type("x")
        $0.press("Ctrl-Q")
      }
    ),
    ("help", { $0.press("F1") }),
    (
      "recovery",
      {
        let text = Scene.letter.replacing("the plums", with: "the cherries")
          .replacing("Come and see", with: "\u{1b}[31mCome")
        let recovery = Recovery(
          id: "a", title: "3 unsaved edits, 2026-01-02 12:04; the file has changed since",
          text: Text(text))
        $0.send(
          .recoverable([recovery, Recovery(id: "b", title: "more", text: Text("other"))]))
      }
    ),
    (
      "not-saved",
      {
        $0.type("x")
        for effect in $0.editor.update(.key(Key("Ctrl-S")!)) {
          guard case .save(let request) = effect else { continue }
          let copy = "/home/somebody/.local/state/palimpsest/recover/0123456789abcdef.session.save"
          $0.send(
            .saved(
              request,
              failure: "letters/marta.md: cannot save: No space left on device; "
                + "the new text is in \(copy)"))
        }
      }
    ),
  ]

  /// What a failure names can be read to its end, whatever the width.
  @Test(arguments: [20, 80, 200]) func failuresAreShownWhole(columns: Int) {
    var scene = Scene(columns: columns, rows: 24)
    Self.scenes.first { $0.name == "not-saved" }?.play(&scene)
    let shown = scene.frame().plainText.filter { !$0.isWhitespace }
    #expect(shown.contains("/recover/0123456789abcdef.session.save"))
  }

  @Test(arguments: scenes.indices, [[80, 24], [200, 60]])
  func screens(scene: Int, size: [Int]) throws {
    let (name, play) = Self.scenes[scene]
    var scene = Scene(columns: size[0], rows: size[1])
    play(&scene)
    let frame = scene.frame()
    try Golden.expect(frame.plainText, "\(name)-\(size[0])x\(size[1])")
    if size[0] == 80 { try Golden.expect(frame.stylePlane, "\(name)-style") }
  }

  @Test(arguments: ["running", "settled", "quit", "help", "letter", "recovery"])
  func smallScreens(name: String) throws {
    let scene = try #require(Self.scenes.first { $0.name == name })
    var small = Scene(columns: 20, rows: 5)
    scene.play(&small)
    try Golden.expect(small.frame().plainText, "\(name)-20x5")
  }

  /// Nothing traps and nothing leaves the screen at any size.
  @Test(arguments: scenes.indices)
  func anySize(index: Int) {
    for columns in [1, 2, 3, 8, 19, 20, 40] {
      for rows in [1, 2, 3, 6] {
        var scene = Scene(columns: columns, rows: rows)
        Self.scenes[index].play(&scene)
        let frame = scene.frame()
        #expect(frame.columns == columns && frame.rows == rows)
        if let cursor = frame.cursor {
          #expect((0..<columns).contains(cursor.column) && (0..<rows).contains(cursor.row))
        }
        for row in 0..<rows {
          #expect(frame.row(row).reduce(0) { $0 + $1.width } == columns)
        }
      }
    }
  }

  @Test func controlsAndWideCharacters() throws {
    var scene = Scene(
      "tab\there\nbell \u{7} escape \u{1b}[31m red\n漢字かな交じり文 and e\u{301}\n\u{202e}bidi\n",
      columns: 40, rows: 8, path: "a\u{1b}]0;x\u{7}b.txt")
    scene.press("Ctrl-Home", "Shift-Down")
    let frame = scene.frame()
    for cell in frame.cells {
      for scalar in cell.text.unicodeScalars {
        #expect(
          scalar.value >= 0x20 && scalar.value != 0x7f && !(0x80...0x9f).contains(scalar.value))
      }
    }
    try Golden.expect(frame.plainText, "controls")
    try Golden.expect(frame.stylePlane, "controls-style")
  }

  @Test func fillsOutsideTheWindow() throws {
    let text = Scene.letter + String(repeating: "One more line.\n", count: 60)
    var scene = Scene(text, columns: 60, rows: 14)
    scene.rewrite(steps: 3)
    scene.press("Alt-B", "Ctrl-End")
    #expect(scene.frame().plainText.contains("↑ rewriting "))
    try Golden.expect(scene.frame().plainText, "off-screen")
  }

  /// Without colours, states differ by glyphs and attributes.
  @Test func monochrome() throws {
    var scene = Scene(columns: 80, rows: 12)
    scene.rewrite(steps: 5)
    let theme = Theme.standard.adapted(to: .mono)
    let frame = scene.frame(theme: theme)
    #expect(frame.cells.allSatisfy { $0.style.foreground == nil && $0.style.background == nil })
    try Golden.expect(frame.stylePlane, "monochrome-style")
  }

  @Test func equalEditorsGiveEqualFrames() {
    var scene = Scene(columns: 80, rows: 24)
    let before = scene.frame()
    scene.send(.woke(.fading))
    #expect(scene.frame() == before)
  }
}
