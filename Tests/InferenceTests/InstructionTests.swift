import DecodingPolicies
import Inference
import Infilling
import TestSupport
import Testing

@Suite struct InstructionTests {
  let request = InfillRequest(
    prefix: "The old harbour was ", original: "quiet in the evening", suffix: " and snow fell.\n",
    instruction: "more formal")

  func infiller(_ family: String) throws -> LocalInfiller {
    try LocalInfiller(model: SharedFiles.path("golden/open/\(family)"), threads: 2)
  }

  @Test(arguments: ["llada", "dream", "nemotron_labs_diffusion"])
  func tunedModelsTakeAnInstruction(family: String) async throws {
    let infiller = try infiller(family)
    #expect(try await infiller.prepare().followsInstructions)
    let with = try #require(try await infiller.begin(request).steps().last)
    #expect(with.isLast && !with.text.contains("<|"))
    var other = request
    other.instruction = nil
    let without = try #require(try await infiller.begin(other).steps().last)
    #expect(with.text != without.text)
  }

  /// Guidance costs a second pass a step and changes what is written; at 0 nothing.
  @Test(arguments: ["llada", "dream"], ["more formal", nil])
  func guidanceLeadsToTheInstruction(family: String, instruction: String?) async throws {
    let infiller = try infiller(family)
    var request = request
    request.instruction = instruction
    request.settings.lengthMayChange = false
    request.settings.unmasking = .steps(4, .linear)
    let plain = try await infiller.begin(request).steps()
    request.settings.guidance = 2
    let guided = try await infiller.begin(request).steps()
    #expect(guided.count == plain.count && guided.last?.isLast == true)
    #expect(guided.last?.forwardPasses == 2 * guided.count)
    #expect(guided.last?.cells != plain.last?.cells)
  }

  @Test func aModelThatWasNotTunedSaysWhatToDo() async throws {
    let model = try TemporaryModel()
    let error = await #expect(throws: InferenceError.self) {
      try await model.infiller().begin(request)
    }
    #expect(error?.description.contains("does not support instructions") == true)
    #expect(error?.description.contains("Pin words") == true)
  }

  @Test func guidanceIsRefusedWhereItMakesNoSense() async throws {
    var request = request
    request.instruction = nil
    request.settings.guidance = 1
    await #expect(throws: InferenceError.self) {
      try await TemporaryModel().infiller().begin(request)
    }
    // By a second pass every diffusion model can be guided.
    let steps = try await infiller("nemotron_labs_diffusion").begin(request).steps()
    #expect(steps.last?.isLast == true)
    #expect((steps.last?.forwardPasses ?? 0) > 2 * steps.count - 1)
  }
}
