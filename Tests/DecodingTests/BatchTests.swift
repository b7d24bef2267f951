import DecodingPolicies
import Testing

@testable import Decoding

/// Denoisers that ask together.
@Suite struct BatchTests {
  /// Fills slot s of a canvas of n with the token 10 · n + s, and notes how it was asked.
  final class Model {
    var calls: [Int] = []
    var fails = false
  }

  struct Failure: Error {}

  struct Predictor: BatchPredictor {
    let model: Model
    var canvasTokens: CanvasTokens { CanvasTokens(mask: 0) }

    mutating func predict(_ canvas: Canvas, _ query: PredictionQuery) throws -> Prediction {
      try Self.predict([BatchQuestion(predictor: self, canvas: canvas, query: query)])[0]
    }

    static func predict(_ questions: [BatchQuestion<Predictor>]) throws -> [Prediction] {
      guard let model = questions.first?.predictor.model else { return [] }
      if model.fails { throw Failure() }
      model.calls.append(questions.count)
      return questions.map { question in
        Prediction(
          slots: question.query.slots.map {
            SlotPrediction(
              slot: $0, token: 10 * question.canvas.count + $0, probability: 1 / Float($0 + 2))
          }, forwardPasses: 1)
      }
    }
  }

  func denoisers(_ model: Model) -> [Denoiser<Predictor>] {
    [3, 1, 5].map {
      Denoiser(
        Predictor(model: model), canvas: Canvas(masks: $0),
        policy: DenoisingPolicy(unmasking: .steps($0, .linear), lengthMayChange: false))
    }
  }

  @Test func togetherTheyMakeTheStepsTheyMakeAlone() throws {
    let model = Model()
    var all = denoisers(model)
    var together: [[Step]] = [[], [], []]
    while true {
      let steps = try Denoiser.next(&all)
      if steps.allSatisfy({ $0 == nil }) { break }
      for (index, step) in steps.enumerated() { if let step { together[index].append(step) } }
    }
    #expect(model.calls == [3, 2, 2, 1, 1])
    for (index, denoiser) in denoisers(model).enumerated() {
      var denoiser = denoiser
      var alone: [Step] = []
      while let step = try denoiser.next() { alone.append(step) }
      #expect(together[index] == alone)
    }
  }

  @Test func afterAnErrorNothingHasHappened() throws {
    let model = Model()
    var all = denoisers(model)
    _ = try Denoiser.next(&all)
    let before = all.map(\.canvas)
    model.fails = true
    #expect(throws: Failure.self) { try Denoiser.next(&all) }
    #expect(all.map(\.canvas) == before)
    model.fails = false
    #expect(try Denoiser.next(&all)[0]?.index == 2)
  }
}
