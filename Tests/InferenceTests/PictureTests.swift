import DecodingPolicies
import Foundation
import Inference
import Infilling
import Synchronization
import Tensors
import TestSupport
import Testing

/// Texts beside pictures, with the tiny checkpoint of the reference data, which was trained to say
/// what is on generated pictures.
@Suite struct PictureTests {
  static let folder = SharedFiles.path("golden/open/nemotron_labs_diffusion_vlm") ?? ""
  static func picture(_ name: String) -> String { "\(folder)/\(name).png" }

  /// What an engine reports while it reads pictures.
  final class Reports: Sendable {
    private let shares = Mutex<[Double]>([])
    func add(_ progress: PictureProgress) { shares.withLock { $0.append(progress.share) } }
    func take() -> [Double] {
      shares.withLock { shares in
        defer { shares = [] }
        return shares
      }
    }
  }

  func infiller(_ reports: Reports? = nil) throws -> LocalInfiller {
    try LocalInfiller(
      model: Self.folder, threads: 2, weights: .f32, onPictures: { reports?.add($0) })
  }

  func request(_ pictures: String..., edge: Int = 1400) -> InfillRequest {
    InfillRequest(
      prefix: "", original: "A red disc", suffix: " on white, right side.\n",
      pictures: PictureContext(pictures.map(Self.picture), longestEdge: edge))
  }

  @Test func theModelSaysThatItSees() async throws {
    #expect(try await infiller().prepare().seesPictures)
    let blind = SharedFiles.path("golden/open/nemotron_labs_diffusion")
    let other = try LocalInfiller(model: blind, threads: 1)
    #expect(try await other.prepare().seesPictures == false)
    var request = request("a")
    request.pictures.mustBeRead = true
    let error = await #expect(throws: InferenceError.self) { try await other.begin(request) }
    #expect(error == .seesNoPictures(model: "nemotron_labs_diffusion"))
    // The editor does not know a model before it is loaded.
    request.pictures.mustBeRead = false
    #expect(try await other.begin(request).steps().last?.isLast == true)
  }

  /// By our template, pixels and tower the reference's answer, to the letter.
  @Test(arguments: [("a", "What is shown?"), ("b", "What is shown?")])
  func anAnswerIsTheReferences(name: String, question: String) throws {
    let golden = try #require(SharedFiles.bytes("\(Self.folder)/golden.json"))
    let expected = String(decoding: golden, as: UTF8.self)
      .components(separatedBy: "\"name\":\"ar.\(name)\"").last?
      .components(separatedBy: "\"text\":\"").dropFirst().first?
      .components(separatedBy: "<|im_end|>").first
    let writer = try TextGenerator(ModelSource(model: Self.folder, threads: 2, weights: .f32))
    let report = try writer.write(
      GenerationRequest(
        prompt: question, maximumTokens: 32, isChat: true,
        pictures: PictureContext([Self.picture(name)], longestEdge: 1400)))
    #expect(report.text == expected)
  }

  @Test(arguments: DecodingMode.allCases) func thePictureChangesTheFill(mode: DecodingMode)
    async throws
  {
    let infiller = try infiller()
    var texts: Set<String> = []
    for name in ["a", "b", "d"] {
      var request = request(name)
      request.settings.mode = mode
      let steps = try await infiller.begin(request).steps()
      let last = try #require(steps.last)
      #expect(last.isLast && !last.text.contains("<|"))
      texts.insert(last.text)
    }
    #expect(texts.count > 1, "\(texts)")
  }

  /// Every step and every bit of it, whether the pictures are new or not.
  @Test func aSecondFillBesideAPictureReadsNothingAgain() async throws {
    let reports = Reports()
    let infiller = try infiller(reports)
    let first = try await infiller.begin(request("a", "b")).steps()
    let shares = reports.take()
    #expect(shares.last == 1 && shares == shares.sorted() && shares.count > 6)
    let second = try await infiller.begin(request("a", "b")).steps()
    #expect(reports.take().isEmpty)
    #expect(first.last?.cells == second.last?.cells)
    #expect(first.map(\.forwardPasses) == second.map(\.forwardPasses))
    // A copy elsewhere is the same picture.
    let copy = FileManager.default.temporaryDirectory.appending(path: "copy-\(UUID()).png").path
    defer { try? FileManager.default.removeItem(atPath: copy) }
    try FileManager.default.copyItem(atPath: Self.picture("a"), toPath: copy)
    var request = request("b")
    request.pictures.paths.insert(copy, at: 0)
    #expect(try await infiller.begin(request).steps().last?.cells == first.last?.cells)
    #expect(reports.take().isEmpty)
  }

  @Test func thePicturesChangeScoresAndDoubts() async throws {
    let infiller = try infiller()
    let texts = ["A red disc", "A blue square"]
    let with = try await infiller.scores(of: texts, for: request("a"))
    let without = try await infiller.scores(of: texts, for: request())
    #expect(with != without && with.count == 2)
    let text = "A red disc on white, right side."
    var doubt = DoubtRequest(text: text, words: [2..<5, 6..<10])
    let blind = try await infiller.doubts(about: doubt)
    doubt.pictures = PictureContext([Self.picture("a")], longestEdge: 1400)
    let seeing = try await infiller.doubts(about: doubt)
    #expect(blind != seeing && seeing.allSatisfy { 0...1 ~= $0.probability })
  }

  @Test func aSmallerEdgeIsAnotherPicture() async throws {
    let infiller = try infiller()
    let large = try await infiller.glance(at: request("d").pictures)
    let small = try await infiller.glance(at: request("d", edge: 84).pictures)
    #expect(large.seen.first?.tokens == 1 + 5 * 9 && small.seen.first?.tokens == 1 + 2 * 4)
    #expect(large.seen.first?.width == 200 && large.seen.first?.height == 118)
  }

  @Test func whatCannotBeReadIsNamedAndLeftOut() async throws {
    let infiller = try infiller()
    var request = request("a")
    let alone = try await infiller.begin(request).steps()
    request.pictures.paths += ["/nowhere.png", "\(Self.folder)/config.json", Self.folder]
    let session = try await infiller.begin(request)
    #expect(
      session.unreadPictures.map(\.reason) == [
        "no such file", "neither PNG, JPEG nor WebP", "not a regular file",
      ])
    #expect(try await session.steps().last?.cells == alone.last?.cells)
    let glance = try await infiller.glance(at: request.pictures)
    #expect(glance.unread == session.unreadPictures && glance.seen.count == 1)
    request.pictures.mustBeRead = true
    await #expect { try await infiller.begin(request) } throws: {
      "\($0)" == "/nowhere.png: no such file"
    }
  }

  @Test func picturesThatFillTheContextAreRefused() async throws {
    var request = request("d")
    request.pictures.paths = Array(repeating: request.pictures.paths[0], count: 16)
    let error = await #expect(throws: InferenceError.self) {
      try await infiller().begin(request)
    }
    #expect(error?.description.contains("reads at most 511") == true)
  }

  /// Between two layers; what is done of the prompt is kept, and the next request begins the picture
  /// again.
  @Test func readingCanBeCalledOff() async throws {
    let infiller = try infiller()
    _ = try await infiller.prepare()
    let request = request("a", "b", "d")
    let task = Task { try await infiller.begin(request) }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    let steps = try await infiller.begin(request).steps()
    #expect(steps.last?.isLast == true)
  }

  /// The tiny model's text in 8 bits is as good as its fp32 text: its features are close.
  @Test func eightBitsSeeThePicture() async throws {
    let infiller = try LocalInfiller(model: Self.folder, threads: 2)
    let steps = try await infiller.begin(request("a")).steps()
    #expect(steps.last?.isLast == true)
  }
}
