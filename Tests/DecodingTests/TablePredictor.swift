import Decoding
import Tensors

/// A predictor that reads its answers from a function of (canvas, slot).
struct TablePredictor: MaskPredictor {
  var canvasTokens = CanvasTokens(mask: 0, delete: 1, expand: 2)
  var answer: (Canvas, Int) -> [TokenCandidate]
  var queries: [PredictionQuery] = []

  init(_ answer: @escaping (Canvas, Int) -> [TokenCandidate]) {
    self.answer = answer
  }

  mutating func predict(_ canvas: Canvas, _ query: PredictionQuery) throws -> Prediction {
    queries.append(query)
    let slots = query.slots.map { slot in
      let all = answer(canvas, slot).filter {
        ($0.token != 1 || query.allowsDelete) && ($0.token != 2 || query.allowsExpand)
      }
      return SlotPrediction(
        slot: slot, token: all[0].token, probability: all[0].probability,
        candidates: TokenCandidates(all))
    }
    return Prediction(slots: slots, forwardPasses: 1)
  }
}

/// A small seeded generator; the seed is printed by the test that uses it.
struct Generator: RandomNumberGenerator {
  var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 1
    return CounterRandom.bits(seed: state, slot: 0, token: 0)
  }
}
