import DecodingPolicies
import Inference
import Infilling
import TestSupport
import Testing

/// Passages filled by whole-sequence diffusion models, through the session the editor uses.
@Suite struct DiffusionModelTests {
  let request = InfillRequest(
    prefix: "The old harbour was ", original: "quiet in the evening", suffix: " and snow fell.\n")

  func infiller(_ family: String) throws -> LocalInfiller {
    let path = SharedFiles.path("golden/open/\(family)")
    return try LocalInfiller(model: path, threads: 2)
  }

  @Test(arguments: [
    "llada", "dream", "dreamon", "nemotron_labs_diffusion", "sdar", "llada2_moe", "fast_dllm_v2",
  ])
  func fillsThroughTheSameSession(family: String) async throws {
    let session = try await infiller(family).begin(request)
    #expect(session.canvas.allSatisfy { $0 == .open } && !session.canvas.isEmpty)
    let steps = try await session.steps()
    let last = try #require(steps.last)
    #expect(last.isLast && last.masksLeft == 0)
    #expect(steps.map(\.index) == Array(1...steps.count))
    #expect(steps.allSatisfy { $0.changed.allSatisfy($0.cells.indices.contains) })
    #expect(!last.text.contains("<|") && !last.text.contains("\n"))
    // The tiny Dream has DreamOn's vocabulary.
    if !family.hasPrefix("dream") { #expect(last.cells.count == session.canvas.count) }
  }

  @Test(arguments: ["llada", "dream", "dreamon"], [0, 0.8])
  func theSameSeedGivesTheSameText(family: String, temperature: Double) async throws {
    var request = request
    request.settings.temperature = temperature
    request.settings.seed = 5
    let once = try await infiller(family).begin(request).steps().last?.text
    let again = try await infiller(family).begin(request).steps().last?.text
    #expect(once == again)
  }

  @Test func aLengthThatIsSettledStays() async throws {
    var request = request
    request.settings.lengthMayChange = false
    let session = try await infiller("dreamon").begin(request)
    #expect(try await session.steps().last?.cells.count == session.canvas.count)
  }

  @Test func aThresholdNothingReachesEnds() async throws {
    var request = request
    request.settings.unmasking = .threshold(1)
    #expect(try await infiller("dreamon").begin(request).steps().last?.isLast == true)
  }

  @Test func pinnedWordsStay() async throws {
    let engine = try infiller("dreamon")
    var cells = try await engine.begin(request).canvas
    cells[2] = InfillCell(state: .pinned, token: 300, text: "?")
    var request = request
    request.canvas = cells
    for step in try await engine.begin(request).steps() {
      #expect(step.cells.contains { $0.state == .pinned && $0.token == 300 })
    }
  }

  @Test func aBlockModelContinuesAText() async throws {
    let request = InfillRequest(prefix: "The old harbour was ", original: "", suffix: "")
    let steps = try await infiller("sdar").begin(request).steps()
    #expect(steps.last?.isLast == true)
  }

  @Test(arguments: ["llama", "qwen3"])
  func aCausalModelSearches(family: String) async throws {
    let steps = try await infiller(family).begin(request).steps()
    #expect(steps.last?.isLast == true && steps.allSatisfy { $0.search != nil })
  }
}
