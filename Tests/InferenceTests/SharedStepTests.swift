import Inference
import Tensors
import Testing

@testable import Decoding
@testable import Transformers

/// Tries that stand at the same slots share a pass and its logits.
@Suite struct SharedStepTests {
  let folder: TemporaryModel
  let model: AdapterModel
  let prefix: CachedPrompt
  let suffix: CachedPrompt

  init() throws {
    folder = try TemporaryModel()
    model = try ModelParts(ModelSource(model: folder.folder, threads: 2)).adapterModel
    let configuration = model.transformer.configuration
    prefix = CachedPrompt([40, 41, 42, 43, 44], model: configuration)
    suffix = CachedPrompt([50, 51, 52], firstPosition: 11, after: prefix, model: configuration)
  }

  func question(
    _ canvas: Canvas, _ choice: TokenChoice, baseWeight: Float = 0.5
  ) -> BatchQuestion<AdapterPredictor> {
    BatchQuestion(
      predictor: AdapterPredictor(
        model, prefix: prefix, sharing: suffix, options: AdapterOptions(baseWeight: baseWeight)),
      canvas: canvas,
      query: PredictionQuery(
        slots: canvas.maskedSlots, choice: choice, allowsDelete: true, allowsExpand: true))
  }

  @Test func equalCanvasesAreComputedOnce() throws {
    let open = Canvas(masks: 6)
    var other = open
    other.place(.token(60), at: 3, confidence: 1, candidates: [])
    let questions = [
      question(open, .greedy), question(open, .sampled(temperature: 0.8, seed: 1)),
      question(other, .greedy), question(open, .sampled(temperature: 0.8, seed: 2)),
      question(open, .greedy, baseWeight: 0.25),
    ]
    let together = try AdapterPredictor.predict(questions)
    // Three kinds of questions, of 6, 5 and 6 slots, and a row of the base for each.
    for row in 0..<model.head.states.rows { model.head.states[row, 0] = 1234 }
    #expect(try AdapterPredictor.predict(questions).map(\.slots) == together.map(\.slots))
    #expect((0..<model.head.states.rows).count { model.head.states[$0, 0] != 1234 } == 20)
    for (question, answer) in zip(questions, together) {
      let alone = try AdapterPredictor.predict([question])[0]
      #expect(answer.slots.map(\.slot) == alone.slots.map(\.slot))
      #expect(answer.slots.map(\.token) == alone.slots.map(\.token))
      for (a, b) in zip(answer.slots, alone.slots) {
        #expect(abs(a.probability - b.probability) < 1e-3)
      }
    }
    let drawn = together.map { $0.slots.map(\.token) }
    #expect(drawn[1] != drawn[0] && drawn[1] != drawn[3])
  }
}
