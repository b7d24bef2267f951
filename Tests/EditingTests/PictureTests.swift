import DecodingPolicies
import Documents
import Foundation
import Infilling
import Testing

@testable import Editing

/// Pictures that a document refers to, as a model is shown them.
@Suite struct PictureTests {
  static let seeing = ModelSummary(
    name: "sees", parameters: 1, backend: "test", modes: [.diffusion], seesPictures: true)
  static let blind = ModelSummary(name: "blind", parameters: 1, backend: "test")

  static let text = """
    # Harbour

    ![The quay](fig/quay.png)

    Boats lie at the quay. It is early.

    ![](fig/boats.jpg "Boats")

    """

  func editor(
    _ text: String = text, path: String? = "notes/harbour.md", model: ModelSummary? = seeing,
    at place: String
  ) throws -> Editor {
    var document = Document(contents: Text(Array(text.utf8)))
    document.path = path
    var editor = Editor(document: document, columns: 80, rows: 24)
    if let model { _ = editor.update(.model(.ready(model))) }
    let offset = try #require(text.range(of: place)).lowerBound
    editor.setCursor(text.utf8.distance(from: text.startIndex, to: offset))
    return editor
  }

  /// The request of a run that was begun.
  func request(_ effects: [Effect]) -> InfillRequest? {
    effects.lazy.compactMap {
      if case .beginRun(_, let request) = $0 { request } else { nil }
    }.first
  }

  @Test func aPassageIsWrittenBesideThePicturesBeforeAndAroundIt() throws {
    var editor = try editor(at: "Boats lie")
    let pictures = try #require(request(editor.update(.key(Key("Alt-Enter")!)))?.pictures)
    #expect(pictures.paths == ["notes/fig/quay.png", "notes/fig/boats.jpg"])
    #expect(pictures.longestEdge == 560 && !pictures.mustBeRead)
  }

  @Test func plainTextAndDocumentsWithoutANameHaveNone() throws {
    for path in ["notes/harbour.txt", nil] {
      var editor = try editor(path: path, at: "Boats lie")
      let pictures = try #require(request(editor.update(.key(Key("Alt-Enter")!)))?.pictures)
      #expect(pictures.paths.isEmpty)
    }
  }

  @Test func theNearestOfManyAreShown() throws {
    let many = (1...9).map { "![](\($0).png)\n\n" }.joined() + "Boats lie at the quay.\n"
    var editor = try editor(many, path: "a.md", at: "Boats")
    let pictures = try #require(request(editor.update(.key(Key("Alt-Enter")!)))?.pictures)
    #expect(pictures.paths == ["6.png", "7.png", "8.png", "9.png"])
  }

  @Test func aKeyAndASettingSwitchThemOff() throws {
    var editor = try editor(at: "Boats lie")
    _ = editor.update(.key(Key("Alt-I")!))
    #expect(editor.message == .pictures(false) && !editor.settings.showsPictures)
    #expect(request(editor.update(.key(Key("Alt-Enter")!)))?.pictures.paths == [])
    var blind = try self.editor(model: Self.blind, at: "Boats lie")
    _ = blind.update(.key(Key("Alt-I")!))
    #expect(blind.message == .seesNoPictures && blind.settings.showsPictures)
  }

  // MARK: Descriptions

  @Test func aDescriptionIsFilledWithItsPictureAlone() throws {
    var editor = try editor(at: "fig/quay.png")
    let asked = try #require(request(editor.update(.key(Key("Alt-O")!))))
    #expect(asked.original == "The quay" && asked.suffix.hasPrefix("](fig/quay.png)"))
    #expect(asked.pictures.paths == ["notes/fig/quay.png"])
  }

  /// Nothing stands there: masks are drawn between the brackets, and what is accepted is put there.
  @Test func anEmptyDescriptionIsFilled() throws {
    var editor = try editor(at: "fig/boats")
    let effects = editor.update(.key(Key("Alt-O")!))
    let asked = try #require(request(effects))
    #expect(asked.original.isEmpty && asked.settings.slots == 16)
    #expect(asked.prefix.hasSuffix("![") && asked.suffix.hasPrefix("](fig/boats.jpg"))
    #expect(asked.pictures.paths == ["notes/fig/boats.jpg"])
    let run = try #require(editor.focusedPassage?.candidate.id)
    let open = InfillCell.open
    _ = editor.update(.run(run, .began(canvas: [open, open])))
    var layout = editor.layout
    let passage = try #require(editor.focusedPassage)
    let rows = layout.rows(of: layout.block(at: passage.span.lowerBound))
    #expect(rows[0].cells.contains { $0.passage == passage.id })
    let words = [
      InfillCell(state: .draft, token: 1, text: "Two"),
      InfillCell(state: .draft, token: 2, text: " boats"),
    ]
    _ = editor.update(
      .run(run, .step(InfillStep(index: 1, cells: words, changed: [0, 1], isLast: true))))
    _ = editor.update(.key(Key("Enter")!))
    #expect(
      editor.document.text.string(in: 0..<editor.document.text.count).contains(
        "![Two boats](fig/boats.jpg"))
    _ = editor.update(.key(Key("Ctrl-Z")!))
    #expect(editor.document.text.string(in: 0..<editor.document.text.count) == Self.text)
  }

  @Test func rejectingAnEmptyDescriptionLeavesItEmpty() throws {
    var editor = try editor(at: "fig/boats")
    _ = editor.update(.key(Key("Alt-O")!))
    _ = editor.update(.key(Key("Esc")!))
    #expect(editor.passages.isEmpty)
    #expect(editor.document.text.string(in: 0..<editor.document.text.count) == Self.text)
  }

  @Test func whereNoPictureIsNothingIsFilled() throws {
    var editor = try editor(at: "Boats lie")
    #expect(request(editor.update(.key(Key("Alt-O")!))) == nil)
    #expect(editor.message == .noAltText)
    var blind = try self.editor(model: Self.blind, at: "fig/quay")
    #expect(request(blind.update(.key(Key("Alt-O")!))) == nil)
    #expect(blind.message == .seesNoPictures)
  }

  // MARK: The status line

  @Test func theStatusLineCountsThePicturesInView() throws {
    var editor = try editor(at: "Boats lie")
    #expect(editor.update(.key(Key("Right")!)).contains(.wake(.pictures, afterMilliseconds: 150)))
    let wanted = PictureContext(["notes/fig/quay.png", "notes/fig/boats.jpg"])
    #expect(editor.update(.woke(.pictures)) == [.glance(wanted)])
    _ = editor.update(
      .glanced([
        PictureGlance(path: "notes/fig/quay.png", width: 640, height: 480, tokens: 316),
        PictureGlance(path: "notes/fig/boats.jpg", width: 560, height: 560, tokens: 421),
      ]))
    let parts = editor.status.parts(fitting: 120).map(\.text)
    #expect(parts.contains(" 2 pictures in view, 737 tokens "))
    // The same pictures are not looked at again.
    _ = editor.update(.key(Key("Right")!))
    #expect(editor.update(.woke(.pictures)) == [])
    _ = editor.update(.key(Key("Alt-I")!))
    #expect(!editor.status.parts(fitting: 120).contains { $0.text.contains("in view") })
  }

  @Test func theModelIsOutlinedWhereThePicturesAre() throws {
    var editor = try editor(model: nil, at: "Boats lie")
    _ = editor.update(.key(Key("Right")!))
    #expect(editor.update(.woke(.pictures)) == [.outlineModel])
    let wanted = PictureContext(["notes/fig/quay.png", "notes/fig/boats.jpg"])
    #expect(editor.update(.outlined(ModelOutline(seesPictures: true))) == [.glance(wanted)])
    var blind = try self.editor(model: nil, at: "Boats lie")
    _ = blind.update(.key(Key("Right")!))
    #expect(blind.update(.outlined(ModelOutline(seesPictures: false))) == [])
    #expect(!blind.update(.key(Key("Right")!)).contains(.wake(.pictures, afterMilliseconds: 150)))
  }

  @Test func aFillThatBeginsAtOnceReportsTheCost() throws {
    var editor = try editor(model: nil, at: "Boats lie")
    let asked = try #require(request(editor.update(.key(Key("Alt-Enter")!))))
    #expect(asked.pictures.paths.count == 2)
    _ = editor.update(
      .glanced([
        PictureGlance(path: "notes/fig/quay.png", width: 640, height: 480, tokens: 316)
      ]))
    #expect(
      editor.status.parts(fitting: 120).map(\.text).contains(" 1 picture in view, 316 tokens "))
  }

  @Test func theProgressOfReadingIsShown() throws {
    var editor = try editor(at: "Boats lie")
    _ = editor.update(.key(Key("Alt-Enter")!))
    _ = editor.update(.readingPictures(PictureProgress(pictures: 2, share: 0.425)))
    #expect(editor.status.passage?.label == "reading 2 pictures 42 %")
    _ = editor.update(.readingPictures(PictureProgress(pictures: 2, share: 1)))
    #expect(editor.status.passage?.label == "reading…")
  }

  @Test func aPictureThatCannotBeReadIsToldOnce() throws {
    var editor = try editor(at: "Boats lie")
    let gone = [UnreadPicture(path: "notes/fig/quay.png", reason: "no such file")]
    for isFirst in [true, false] {
      _ = editor.update(.key(Key("Alt-Enter")!))
      let run = try #require(editor.focusedPassage?.candidate.id)
      _ = editor.update(.run(run, .began(canvas: [.open], unread: gone)))
      let message = Message.pictureUnread("notes/fig/quay.png", "no such file")
      #expect((editor.message == message) == isFirst)
      _ = editor.update(.key(Key("Esc")!))
    }
  }
}
