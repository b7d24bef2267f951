public import Decoding
public import Infilling
public import Tokenizers
internal import Transformers

/// A loaded base with its adapter, for work outside of an engine: evaluation, inspection. Confined
/// to the thread that uses it.
public struct ModelParts {
  public let adapterModel: AdapterModel
  public let tokenizer: Tokenizer
  /// How the engine has its passages predicted.
  public let options: AdapterOptions
  public let summary: ModelSummary
  private let loaded: AdapterInfillModel

  /// Opens, checks and packs the model. `progress` is called with 0...1 and may throw to end it.
  public init(_ source: ModelSource, progress: (Double) throws -> Void = { _ in }) throws {
    loaded = try AdapterInfillModel(source, progress: progress)
    adapterModel = loaded.adapterModel
    tokenizer = loaded.tokenizer
    options = loaded.options
    summary = loaded.summary
  }

  /// Fills a passage by search, or begins to: takes at most `steps` steps. `ready` is called before
  /// the first, once the text before the passage was read.
  public func search(
    _ request: InfillRequest, steps: Int = .max, ready: () -> Void
  ) throws {
    var session = try loaded.searchSession(request)
    while try session.readAhead() {}
    ready()
    for _ in 0..<steps {
      guard try session.next() != nil else { return }
    }
  }
}
