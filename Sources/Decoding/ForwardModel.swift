public import Transformers

/// A transformer and the head that turns states of its passes into tokens: what every generator,
/// predictor, model of drafts and scorer runs on. Confined to one engine.
///
/// All share the buffers of the head: logits and summaries are valid until the next call.
public final class ForwardModel {
  public let transformer: Transformer
  let head: LogitsHead

  public init(_ transformer: Transformer) {
    self.transformer = transformer
    head = LogitsHead(transformer)
  }

  public var configuration: ModelConfiguration { transformer.configuration }

  /// Runs a pass. `onLayer` is called before each layer; what it throws ends the pass.
  func run(_ pass: ForwardPass, onLayer: (Int) throws -> Void) throws {
    try transformer.run(pass, onLayer: onLayer)
  }

  /// The head with the logits of the given rows of the last pass in its first rows.
  func logits(rows: [Int], adapter: Adapter? = nil) -> LogitsHead {
    head.project(rows, adapter: adapter)
    return head
  }
}
