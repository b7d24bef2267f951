internal import Decoding
internal import DecodingPolicies
internal import Transformers

extension DiffusionModel {
  /// A predictor of a canvas of `slots` slots between `prefix` and `suffix`. `policy` and `given` are
  /// what is wanted of it before the model's attention, and the block, the cache and the end of text
  /// of the configuration, are taken into account.
  ///
  /// Throws `InferenceError.refused`, with `path`, for what does not apply to the model.
  ///
  /// - Parameters:
  ///   - lengthTokens: those by which the canvas changes its length, if any.
  ///   - ends: tokens that end a text.
  func predictor(
    prefix: [Int], suffix: [Int], slots: Int, lengthTokens: LengthTokens? = nil,
    ends: some Collection<Int>, _ given: DiffusionOptions, _ policy: inout DenoisingPolicy,
    _ decoding: DecodingConfiguration, path: String
  ) throws -> DiffusionPredictor {
    var options = given
    switch traits.attention {
    case .bidirectional:
      if let length = decoding.blockLength { policy.order = .blocks(length) }
    case .blockCausal(let size):
      options.cache = .prefix
      options.blockLength = decoding.blockLength
      let size = decoding.blockLength ?? size
      policy.order = .blocks(size, before: prefix.count % size)
    case .causalContext(let size):
      options.cache = .prefix
      options.blockLength = decoding.blockLength
      let size = decoding.blockLength ?? size
      if slots > size { policy.order = .blocks(size) }
    }
    if let cache = decoding.cache { options.cache = cache }
    switch decoding.endOfText {
    case .free: break
    case .penalty(let amount): for end in ends { options.penalties[end] = amount }
    case .last: policy.deferred.formUnion(ends)
    case .never: options.banned += ends
    }
    if let reason = policy.refusal { throw InferenceError.refused(path: path, reason: reason) }
    do {
      return try DiffusionPredictor(
        self, prefix: prefix, suffix: suffix, delete: lengthTokens?.delete,
        expand: lengthTokens?.expand, options: options,
        onLayer: { _ in try Task.checkCancellation() })
    } catch let error as DiffusionError {
      throw InferenceError.refused(path: path, reason: error.description)
    }
  }
}

extension DiffusionTraits {
  /// Tokens of the block over a causal context that a model was trained on; nil for others.
  var nativeBlock: Int? { if case .causalContext(let block) = attention { block } else { nil } }
}
