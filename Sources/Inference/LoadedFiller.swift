internal import Checkpoints
internal import Infilling
internal import Transformers

/// A model that an engine has loaded to fill passages.
enum LoadedFiller {
  /// A causal base with an adapter that makes it fill holes.
  case hole(LoadedModel)
  /// A diffusion model.
  case sequence(LoadedSequenceModel)
  /// A causal model alone.
  case causal(LoadedCausalModel)

  /// Opens and packs the model. `progress` is called with 0...1 and may throw to end it.
  init(
    _ source: ModelSource, decoding: DecodingOptions = DecodingOptions(),
    progress: (Double) throws -> Void
  ) throws {
    let checkpoint = try Checkpoint.open(try ModelLibrary.path(of: source.model))
    let (_, configuration) = try ModelFamily.identify(checkpoint)
    if configuration.diffusion != nil, source.adapter == nil {
      self = .sequence(
        try LoadedSequenceModel(checkpoint, source, decoding: decoding, progress: progress))
    } else if try source.adapterPath(for: checkpoint) != nil {
      self = .hole(
        try LoadedModel(checkpoint, configuration, source, decoding: decoding, progress: progress))
    } else {
      self = .causal(
        try LoadedCausalModel(
          checkpoint, configuration, source, decoding: decoding, progress: progress))
    }
  }

  var summary: ModelSummary {
    switch self {
    case .hole(let model): model.summary
    case .sequence(let model): model.summary
    case .causal(let model): model.summary
    }
  }

  /// Scores of `texts` in place of a request's passage. Throws for models that do not read from
  /// left to right.
  func scores(of texts: [String], for request: InfillRequest) throws -> [CandidateScore] {
    switch self {
    case .hole(let model): try model.scores(of: texts, for: request)
    case .sequence(let model): try model.scores(of: texts, for: request)
    case .causal(let model): try model.scores(of: texts, for: request)
    }
  }

  func doubtRun(_ request: DoubtRequest) throws -> DoubtRun {
    switch self {
    case .hole(let model): model.doubtRun(request)
    case .sequence(let model): try model.doubtRun(request)
    case .causal(let model): try model.doubtRun(request)
    }
  }

  func session(_ request: InfillRequest) throws -> any PassageSession {
    switch self {
    case .hole(let model): try model.session(request)
    case .sequence(let model): try model.session(request)
    case .causal(let model): try model.session(request)
    }
  }
}
