internal import Decoding
internal import DecodingPolicies
internal import Infilling
internal import Tensors
internal import Transformers

extension ModelSummary {
  init(
    _ path: String, _ configuration: ModelConfiguration, _ kernels: Kernels,
    _ format: LinearWeights.Format, _ abilities: ModelAbilities, followsInstructions: Bool = false,
    takesGuidance: Bool = true, searches: Bool = false, seesPictures: Bool = false
  ) {
    let modes = DecodingMode.allCases.filter { mode in
      switch mode {
      case .diffusion: true
      case .search: abilities.searches
      case .autoregressive, .selfSpeculation, .quadratic: abilities.modes.contains(mode)
      }
    }
    self.init(
      name: Self.name(ofFile: path), parameters: configuration.parameters,
      backend: "\(kernels.level.rawValue) \(format.rawValue), \(kernels.pool.threads) threads",
      followsInstructions: followsInstructions, takesGuidance: takesGuidance, modes: Set(modes),
      searches: searches, seesPictures: seesPictures)
  }

  /// The name of a model at `path`.
  static func name(ofFile path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// Why the model has no such mode; nil where it has.
  func refusal(of mode: DecodingMode) -> String? {
    if modes.contains(mode) { return nil }
    return mode == .search
      ? "it cannot score text from left to right, which a search needs"
      : "its weights have no \(mode.words) mode"
  }
}

extension DecodingMode {
  fileprivate var words: String {
    switch self {
    case .diffusion: "diffusion"
    case .search: "search"
    case .autoregressive: "autoregressive"
    case .selfSpeculation: "self-speculation"
    case .quadratic: "quadratic self-speculation"
    }
  }
}
