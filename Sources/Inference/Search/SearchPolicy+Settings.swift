internal import Denoising
internal import Infilling

extension SearchPolicy {
  /// Levels of quality: how many drafts, how often they begin again, how far what follows is read,
  /// how often words are polished.
  private static let levels: [(tries: Int, passes: Int, ahead: Int, rounds: Int)] = [
    (4, 0, 12, 0), (8, 0, 24, 0), (12, 30, 28, 1), (20, 100, 40, 4), (32, 300, 64, 12),
  ]

  private mutating func use(level: Int) {
    let level = Self.levels[level - 1]
    (tries, passes, lookahead, rounds) = (level.tries, level.passes, level.ahead, level.rounds)
  }

  /// The policy that settings ask for, for a passage of `length` tokens.
  init(_ settings: InfillSettings, length: Int) {
    self.init(seed: settings.seed)
    if settings.temperature > 0 { temperature = settings.temperature }
    switch settings.reveal {
    case .threshold(let threshold):
      // What a threshold asks for in care.
      let levels = InfillSettings.Reveal.qualities
      use(
        level: levels.first { .quality($0) == settings.reveal }
          ?? levels.last { InfillSettings.Reveal.quality($0).threshold ?? 0 <= threshold } ?? 1)
    case .steps(let count, _):
      use(level: count < 12 ? 1 : count < 32 ? 2 : count < 120 ? 3 : count < 300 ? 4 : 5)
      let passes = max(self.passes, length + length / 2) + 8 + 2 * rounds
      stride = (passes + count - 1) / count
      steps = count
    case .budget(let milliseconds):
      use(
        level: milliseconds < 250
          ? 1 : milliseconds < 500 ? 2 : milliseconds < 2000 ? 3 : milliseconds < 5000 ? 4 : 5)
      budget = Double(milliseconds)
    }
  }
}
