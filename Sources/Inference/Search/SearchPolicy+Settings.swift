internal import Decoding
internal import DecodingPolicies
internal import Infilling

extension SearchPolicy {
  /// The effort of a level of quality.
  private struct Level {
    /// Drafts, and the number of them that see the text after the passage.
    var draftCount: Int
    var foresight = 0
    /// Tokens that redrafts may draft.
    var effort = 0
    /// Drafts of a long passage, where these neither begin again nor are polished.
    var longDraftCount: Int?
    /// Tokens after the passage that its best closings are read with.
    var ahead = 6
    /// Rounds of polishing, words exchanged for trial in each, and canvases that ask for them.
    var rounds = 0
    var exchanges = 0
    var probes = 0
  }

  private static let levels = [
    Level(draftCount: 4),
    Level(draftCount: 8),
    Level(
      draftCount: 12, effort: 280, longDraftCount: 20, ahead: 12, rounds: 1, exchanges: 4, probes: 1
    ),
    Level(
      draftCount: 20, foresight: 8, effort: 700, ahead: 16, rounds: 4, exchanges: 8, probes: 2),
    Level(
      draftCount: 32, foresight: 12, effort: 3000, ahead: 32, rounds: 12, exchanges: 8, probes: 4),
  ]

  /// Tokens of a short passage at most, and of one that is not long.
  private static let (short, medium) = (12, 24)

  /// A short passage costs little: it is redrafted and polished more often, and one or two words,
  /// whose drafts are often alike, get up to three times as many drafts. Two sentences gain more by
  /// new drafts than, for the same time, by redrafts and one round of polishing.
  private mutating func use(level: Int, length: Int) {
    let level = Self.levels[level - 1]
    let share = max(1, min(3, 8 / max(1, length)))
    draftCount = level.draftCount * share
    closings *= min(2, share)
    foresight = level.foresight * share
    effort = level.effort
    lookahead = level.ahead
    rounds = level.rounds
    exchanges = level.exchanges
    probes = level.probes
    // Deep polishing asks for every word.
    doubt = rounds > 1 ? 0 : 0.5
    if length <= Self.short {
      effort += effort / 2
      exchanges *= 2
      probes *= 2
    } else if length > Self.medium, let longDraftCount = level.longDraftCount {
      draftCount = longDraftCount
      closings = 14
      effort = 0
      rounds = 0
    }
  }

  /// The policy that settings ask for, for a passage of `length` tokens.
  init(_ settings: DecodingConfiguration, length: Int) {
    self.init(seed: settings.seed)
    if settings.temperature > 0 { temperature = settings.temperature }
    use(level: Self.level(settings.unmasking), length: length)
    switch settings.unmasking {
    case .steps(let count, _):
      let passes = length + length / 2 + effort / draftCount + 8 + 2 * rounds
      stride = (passes + count - 1) / count
      steps = count
    case .budget(let milliseconds): budget = milliseconds
    default: break
    }
  }

  /// The level of quality, 1 to 5, that settings ask for.
  static func level(_ unmasking: UnmaskingPolicy) -> Int {
    switch unmasking {
    case .threshold(let threshold, _):
      // The level of a threshold.
      let levels = UnmaskingPolicy.qualities
      return levels.first { .quality($0) == unmasking }
        ?? levels.last { UnmaskingPolicy.quality($0).threshold ?? 0 <= threshold } ?? 1
    case .steps(let count, _):
      return count < 12 ? 1 : count < 32 ? 2 : count < 120 ? 3 : count < 300 ? 4 : 5
    case .budget(let milliseconds):
      return milliseconds < 250
        ? 1 : milliseconds < 500 ? 2 : milliseconds < 2000 ? 3 : milliseconds < 5000 ? 4 : 5
    // Not an effort: such a policy is not searched with.
    default: return 3
    }
  }
}
