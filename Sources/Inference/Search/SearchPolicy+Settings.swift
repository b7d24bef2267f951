internal import Denoising
internal import Infilling

extension SearchPolicy {
  /// The policy that settings ask for.
  init(_ settings: InfillSettings) {
    self.init(seed: settings.seed)
    if settings.temperature > 0 { temperature = settings.temperature }
  }
}
