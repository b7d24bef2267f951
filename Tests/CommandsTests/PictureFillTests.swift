import Documents
import Editing
import Foundation
import Inference
import Infilling
import Tensors
import TestSupport
import Testing

@testable import palimpsest

/// The editor with an engine and the tiny checkpoint that was trained on pictures: keys in, text out.
@MainActor
@Suite struct PictureFillTests {
  static let checkpoint = SharedFiles.path("golden/open/nemotron_labs_diffusion_vlm") ?? ""

  /// The text of a document after its first passage was filled and accepted, and what was told.
  private func fill(_ text: String, folder: URL, keys: [String]) async throws -> (
    text: String, messages: [Message], status: [String]
  ) {
    let arrived = AsyncStream<Void>.makeStream()
    let mailbox = Mailbox { arrived.continuation.yield() }
    let infiller = try LocalInfiller(
      model: Self.checkpoint, threads: 2, weights: .f32,
      onPictures: { mailbox.post(.event(.readingPictures($0))) })
    let driver = FillDriver(infiller: infiller, mailbox: mailbox)
    let path = folder.appending(path: "page.md").path
    var editor = Editor(document: Document(text, path: path), columns: 100, rows: 24)
    editor.settings.pictureEdge = 1400
    editor.settings.stepMilliseconds = 0
    var (messages, status): ([Message], [String]) = ([], [])

    func perform(_ effects: [Effect]) {
      for effect in effects {
        switch effect {
        case .outlineModel: driver.outline()
        case .prepareModel: driver.prepare()
        case .beginRun(let id, let request): driver.begin([RunStart(id, request)])
        case .stepRun(let id, _): driver.step(id, delay: .zero)
        case .glance(let pictures): driver.glance(pictures, for: editor.id)
        case .wake(.pictures, _): mailbox.post(.event(.woke(.pictures)))
        default: break
        }
      }
    }
    func send(_ event: Event) {
      perform(editor.update(event))
      if let message = editor.message { messages.append(message) }
      status += editor.status.parts(fitting: 100).map(\.text)
    }
    for key in keys { send(.key(try #require(Key(key)))) }
    for await _ in arrived.stream {
      for delivery in mailbox.take() {
        switch delivery {
        case .event(let event), .document(_, let event): send(event)
        case .session(let id, let session):
          if let event = driver.keep(id, session) { send(event) }
        case .step(let run, let reply, _): send(.run(run, reply))
        case .answer, .saved, .disk: break
        }
      }
      let state = editor.focusedPassage?.state
      if state == .ended { break }
      if case .failed? = state { break }
    }
    send(.key(try #require(Key("Enter"))))
    driver.dropAll()
    let text = editor.document.text
    return (text.string(in: 0..<text.count), messages, status)
  }

  /// A folder with one of the reference's pictures as `shown.png`.
  private func withFolder<Result>(
    _ picture: String, _ body: (URL) async throws -> Result
  ) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "pictures-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      atPath: "\(Self.checkpoint)/\(picture).png", toPath: folder.appending(path: "shown.png").path)
    return try await body(folder)
  }

  @Test func thePictureChangesTheFill() async throws {
    let page = "![](shown.png)\n\nA black bar on white, left side.\n"
    let keys = ["Ctrl-End", "Up", "Alt-Enter"]
    var texts: Set<String> = []
    for picture in ["a", "b", "d"] {
      let filled = try await withFolder(picture) { try await fill(page, folder: $0, keys: keys) }
      #expect(filled.text.hasPrefix("![](shown.png)\n\n") && filled.text.hasSuffix("\n"))
      texts.insert(filled.text)
    }
    let without = try await withFolder("a") {
      try await fill(page, folder: $0, keys: ["Alt-I"] + keys)
    }
    texts.insert(without.text)
    #expect(texts.count >= 3, "\(texts)")
  }

  @Test func anEmptyDescriptionIsFilledFromThePicture() async throws {
    let filled = try await withFolder("a") {
      try await fill("![](shown.png)\n", folder: $0, keys: ["Alt-O"])
    }
    #expect(filled.text.hasPrefix("![") && filled.text.hasSuffix("](shown.png)\n"))
    #expect(filled.text.utf8.count > "![](shown.png)\n".utf8.count)
    #expect(filled.status.contains(" 1 picture in view, 9 tokens "))
  }

  @Test func aMissingPictureIsToldAndTheFillGoesOn() async throws {
    let filled = try await withFolder("a") { folder in
      try await fill(
        "![](gone.png)\n\nA black bar.\n", folder: folder, keys: ["Ctrl-End", "Up", "Alt-Enter"])
    }
    let told = filled.messages.compactMap { message -> String? in
      if case .pictureUnread(let path, let reason) = message { "\(path): \(reason)" } else { nil }
    }
    #expect(Set(told).count == 1 && told[0].hasSuffix("gone.png: no such file"))
    #expect(filled.text.hasPrefix("![](gone.png)\n\n"))
  }
}
