internal import Tensors

/// Discourages a token that would repeat the text next to it.
///
/// A token repeats where, once it is placed, some run of 1...`longestRun` tokens is followed at
/// once by the same run and the token is part of either ("was was", "of the of the"), or where it
/// closes a run of `phrase` tokens that the canvas or the text around it already has. Masks end a
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

  /// Text tokens around and in a canvas, nil for a mask.
  struct Line {
    private(set) var tokens: [Int?] = []
    /// Index in `tokens` of each slot; nil for surplus slots.
    private(set) var places: [Int?] = []

    /// Makes this the line of a canvas, in memory that is kept.
    mutating func set(left: [Int], canvas: Canvas, right: [Int]) {
      tokens.removeAll(keepingCapacity: true)
      places.removeAll(keepingCapacity: true)
      tokens.reserveCapacity(left.count + canvas.count + right.count)
      places.reserveCapacity(canvas.count)
      for token in left { tokens.append(token) }
      for slot in canvas.slots {
        switch slot.content {
        case .masked:
          places.append(tokens.count)
          tokens.append(nil)
        case .token(let token):
          places.append(tokens.count)
          tokens.append(token)
        case .deleted: places.append(nil)
        }
      }
      for token in right { tokens.append(token) }
    }

    /// Puts `content` into a slot that was open.
    mutating func place(_ content: Canvas.Content, at slot: Int) {
      guard let place = places[slot] else { return }
      switch content {
      case .masked: break
      case .token(let token): tokens[place] = token
      case .deleted:
        tokens.remove(at: place)
        places[slot] = nil
        for later in places.indices.dropFirst(slot + 1) {
          if let place = places[later] { places[later] = place - 1 }
        }
      }
    }
  }

  /// `prediction` with repeating candidates made less probable and the choice taken again, if the
  /// choice repeats; nil if it does not. DELETE and EXPAND never repeat.
  func revise(_ prediction: SlotPrediction, in line: Line, _ special: CanvasTokens)
    -> SlotPrediction?
  {
    guard let place = line.places[prediction.slot] else { return nil }
    func repeated(_ token: Int) -> Bool {
      !special.changesLength(token) && repeats(token, at: place, in: line.tokens)
    }
    guard repeated(prediction.token) else { return nil }
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
    func isExempt(_ token: Int?) -> Bool {
      if let token { exempt.contains(token) } else { true }
    }
    /// Whether the same `count` tokens follow both places.
    func agree(_ a: Int, _ b: Int, count: Int) -> Bool {
      for offset in 0..<count {
        guard let token = at(a + offset), token == at(b + offset) else { return false }
      }
      return true
    }
    for run in 1...longestRun {
      for start in (place - 2 * run + 1)...place where agree(start, start + run, count: run) {
        return true
      }
    }
    for start in (place - phrase + 1)...place {
      if (start..<start + phrase).allSatisfy({ isExempt(at($0)) }) { continue }
      for other in tokens.indices.dropLast(phrase - 1)
      where abs(other - start) >= phrase && agree(start, other, count: phrase) {
        return true
      }
    }
    return false
  }
}
