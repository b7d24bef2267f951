/// Discourages a token that would repeat what stands beside it.
///
/// A token repeats where, once it is placed, some run of 1...`longestRun` tokens is followed at once
/// by the same run and the token is part of either ("was was", "of the of the"), or where it closes
/// a run of `phrase` tokens that already stands in the canvas or in the text around it. Masks end a
/// run; surplus slots are skipped. The probability of such a candidate is multiplied by `penalty`;
/// the best of the candidates after that is taken, so a token that the model is very sure of may
/// still repeat. Candidates beyond the ones a prediction lists are never taken.
public struct RepetitionGuard: Sendable, Equatable {
  public var longestRun: Int
  public var phrase: Int
  public var penalty: Float
  /// Tokens that may repeat freely: blanks, digits, rules of dashes.
  public var exempt: Set<Int>

  public init(
    longestRun: Int = 6, phrase: Int = 4, penalty: Float = 0.05, exempt: Set<Int> = []
  ) {
    precondition(longestRun >= 1 && phrase >= 2, "runs of \(longestRun), phrases of \(phrase)")
    self.longestRun = longestRun
    self.phrase = phrase
    self.penalty = penalty
    self.exempt = exempt
  }

  /// Text tokens around and in a canvas, nil where a mask stands.
  struct Line {
    var tokens: [Int?]
    /// Index in `tokens` of each slot; nil for surplus slots.
    var places: [Int?]

    init(left: [Int], canvas: Canvas, right: [Int]) {
      tokens = left
      places = []
      for slot in canvas.slots {
        switch slot.content {
        case .open:
          places.append(tokens.count)
          tokens.append(nil)
        case .token(let token):
          places.append(tokens.count)
          tokens.append(token)
        case .deleted: places.append(nil)
        }
      }
      tokens += right
    }
  }

  /// `prediction` with repeating candidates made less probable and the choice taken again, if the
  /// choice repeats; else as it was. `special` tokens (DELETE, EXPAND) never repeat.
  func revise(_ prediction: SlotPrediction, in line: Line, special: Set<Int>) -> SlotPrediction {
    guard let place = line.places[prediction.slot] else { return prediction }
    func repeated(_ token: Int) -> Bool {
      !special.contains(token) && repeats(token, at: place, in: line.tokens)
    }
    guard repeated(prediction.token) else { return prediction }
    var best = (token: prediction.token, probability: prediction.probability * penalty)
    for candidate in prediction.candidates where candidate.probability > best.probability {
      if candidate.token == prediction.token { continue }
      let probability = candidate.probability * (repeated(candidate.token) ? penalty : 1)
      if probability > best.probability { best = (candidate.token, probability) }
    }
    var revised = prediction
    revised.token = best.token
    revised.probability = best.probability
    return revised
  }

  /// Whether `token` at `place` would repeat. O(longestRun³ + tokens · phrase).
  func repeats(_ token: Int, at place: Int, in tokens: [Int?]) -> Bool {
    guard !exempt.contains(token) else { return false }
    func at(_ index: Int) -> Int? {
      index == place ? token : tokens.indices.contains(index) ? tokens[index] : nil
    }
    for run in 1...longestRun {
      for start in (place - 2 * run + 1)...place {
        let doubled = (0..<run).allSatisfy { offset in
          guard let token = at(start + offset) else { return false }
          return token == at(start + run + offset)
        }
        if doubled { return true }
      }
    }
    for start in (place - phrase + 1)...place {
      let words = (0..<phrase).compactMap { at(start + $0) }
      guard words.count == phrase, !words.allSatisfy(exempt.contains) else { continue }
      for other in tokens.indices.dropLast(phrase - 1)
      where other != start && abs(other - start) >= phrase
        && (0..<phrase).allSatisfy({ at(other + $0) == words[$0] })
      {
        return true
      }
    }
    return false
  }
}
