import DecodingPolicies
import Foundation
import Inference
import Infilling
import Tensors
import TestSupport
import Testing

/// Passages written from the left, through the session the editor uses.
@Suite struct ModeTests {
  let model: TemporaryModel
  let request = InfillRequest(
    prefix: "The old harbour was ", original: "quiet in the evening and the light was old",
    suffix: " and snow fell.\n")

  init() throws { model = try TemporaryModel() }

  func steps(
    _ mode: DecodingMode, _ request: InfillRequest, _ infiller: LocalInfiller
  ) async throws -> [InfillStep] {
    var request = request
    request.settings.mode = mode
    return try await infiller.begin(request).steps()
  }

  @Test func aCausalBaseHasAllModesButOne() async throws {
    let summary = try await model.infiller().prepare()
    #expect(summary.modes == [.diffusion, .search, .autoregressive, .selfSpeculation])
    #expect(!summary.followsInstructions)
  }

  @Test func autoregressionWritesATokenAStep() async throws {
    let steps = try await steps(.autoregressive, request, model.infiller())
    let last = try #require(steps.last)
    #expect(steps.count == last.cells.count && last.cells.count == 9)
    for (index, step) in steps.enumerated() {
      #expect(step.index == index + 1 && step.changed == [index])
      #expect(step.masksLeft == steps.count - index - 1 && step.isLast == (index == 8))
      #expect(step.plannedSteps == 9 && step.forwardPasses == index + 1)
    }
    #expect(!last.text.contains("\n") && !last.text.hasPrefix(" "))
  }

  /// Drafts are drawn as they come; what stays is what token by token would write.
  @Test(arguments: [0, 0.7])
  func selfSpeculationWritesTheSameText(temperature: Double) async throws {
    var request = request
    request.settings.temperature = temperature
    request.settings.seed = 4
    request.settings.slots = 24
    let infiller = try model.infiller()
    let one = try await steps(.autoregressive, request, infiller)
    let many = try await steps(.selfSpeculation, request, infiller)
    #expect(one.last?.text == many.last?.text)
    #expect(many.dropLast().allSatisfy { !$0.isLast } && many.last?.isLast == true)
    #expect(many.allSatisfy { $0.cells.count == 24 && $0.plannedSteps == nil })
    var before = Array(repeating: InfillCell.open, count: 24)
    for step in many {
      for index in step.cells.indices where !step.changed.contains(index) {
        #expect(step.cells[index].token == before[index].token)
      }
      before = step.cells
    }
  }

  @Test func whatStandsFirstIsKept() async throws {
    let infiller = try model.infiller()
    let whole = try await steps(.autoregressive, request, infiller)
    var branch = request
    branch.canvas = whole[3].cells
    let rest = try await steps(.autoregressive, branch, infiller)
    #expect(rest.count == whole.count - 4 && rest.last?.text == whole.last?.text)
  }

  @Test func textAtTheBeginningOfADocument() async throws {
    var request = request
    request.prefix = ""
    for mode in DecodingMode.allCases where mode != .quadratic {
      #expect(try await steps(mode, request, model.infiller()).last?.isLast == true)
    }
  }

  @Test func cancelledStepsCanBeAskedAgain() async throws {
    var request = request
    request.settings.mode = .selfSpeculation
    let session = try await model.infiller().begin(request)
    var steps: [InfillStep] = []
    while true {
      let task = Task {
        unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
        return try await session.next()
      }
      await #expect(throws: CancellationError.self) { try await task.value }
      guard let step = try await session.next() else { break }
      steps.append(step)
    }
    let whole = try await self.steps(.selfSpeculation, request, model.infiller())
    #expect(steps.last?.text == whole.last?.text)
  }

  @Test func triModeModelsHaveAllModes() async throws {
    let infiller = try LocalInfiller(
      model: SharedFiles.path("golden/open/nemotron_labs_diffusion"), threads: 2)
    #expect(try await infiller.prepare().modes == Set(DecodingMode.allCases))
    let one = try await steps(.autoregressive, request, infiller)
    let many = try await steps(.selfSpeculation, request, infiller)
    #expect(one.last?.text == many.last?.text && one.last?.isLast == true)
  }

  /// A model of both kinds keeps its decoder; a search is there for the asking.
  @Test func triModeModelsSearchOnRequest() async throws {
    let infiller = try LocalInfiller(
      model: SharedFiles.path("golden/open/nemotron_labs_diffusion"), threads: 2)
    #expect(try await infiller.prepare().searches == false)
    let own = try await steps(.diffusion, request, infiller)
    #expect(own.allSatisfy { $0.search == nil })
    let found = try await steps(.search, request, infiller)
    #expect(found.last?.isLast == true && found.allSatisfy { $0.search != nil })
    let again = try await steps(.search, request, infiller)
    #expect(found.last?.text == again.last?.text)
  }

  /// Drafts behind the verified words reach beyond the passage; it keeps its length, and the text is
  /// that of token by token.
  @Test(arguments: [1, 5, 9, 24])
  func quadraticSpeculationWritesTheSameText(slots: Int) async throws {
    let infiller = try LocalInfiller(
      model: SharedFiles.path("golden/open/nemotron_labs_diffusion"), threads: 2, weights: .f32)
    var request = request
    request.settings.slots = slots
    let one = try await steps(.autoregressive, request, infiller)
    let many = try await steps(.quadratic, request, infiller)
    #expect(one.last?.text == many.last?.text && many.count <= one.count)
    #expect(many.allSatisfy { $0.cells.count == slots })
    #expect(many.dropLast().allSatisfy { !$0.isLast } && many.last?.isLast == true)
  }

  @Test func quadraticSpeculationNeedsBothModes() async throws {
    let error = await #expect(throws: InferenceError.self) {
      try await steps(.quadratic, request, model.infiller())
    }
    #expect(error?.description.contains("no quadratic self-speculation mode") == true)
  }

  /// A causal model needs no adapter to write from the left, nor to search.
  @Test func aCausalModelAloneSearches() async throws {
    let whole = try await steps(.autoregressive, request, model.infiller())
    try FileManager.default.removeItem(atPath: model.folder + "/adapter.safetensors")
    let infiller = try model.infiller()
    let summary = try await infiller.prepare()
    #expect(summary.modes == [.diffusion, .search, .autoregressive, .selfSpeculation])
    #expect(summary.searches)
    let one = try await steps(.autoregressive, request, infiller)
    let many = try await steps(.selfSpeculation, request, infiller)
    #expect(one.last?.isLast == true && one.count == whole.count)
    #expect(one.last?.text == many.last?.text)
    let found = try #require(try await steps(.diffusion, request, infiller).last)
    #expect(found.isLast && found.search != nil && !found.text.isEmpty)
    #expect(try await steps(.search, request, infiller).last?.text == found.text)
    var masks = request
    masks.settings.confidence = .margin
    let error = await #expect(throws: InferenceError.self) {
      try await infiller.begin(masks)
    }
    #expect(error?.description.contains("fills no masks") == true)
    let scores = try await infiller.scores(of: ["quiet", "old"], for: request)
    #expect(scores.count == 2)
  }

  @Test(arguments: ["llada", "dream"])
  func modelsOfFullAttentionHaveOne(family: String) async throws {
    let infiller = try LocalInfiller(model: SharedFiles.path("golden/open/\(family)"), threads: 2)
    #expect(try await infiller.prepare().modes == [.diffusion])
    for (mode, reason) in [
      (DecodingMode.autoregressive, "no autoregressive mode"), (.search, "cannot score text"),
    ] {
      let error = await #expect(throws: InferenceError.self) {
        try await steps(mode, request, infiller)
      }
      #expect(error?.description.contains(reason) == true)
    }
  }
}
