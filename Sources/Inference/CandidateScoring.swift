internal import Decoding
public import Infilling
internal import Tokenizers
internal import Transformers

extension LocalInfiller {
  /// Scores of `texts` in place of the request's passage, in their order. Reads the text before
  /// once, the candidates side by side.
  public func scores(of texts: [String], for request: InfillRequest) async throws
    -> [CandidateScore]
  {
    try await engine.scores(of: texts, for: request)
  }
}

extension InfillModel {
  /// Scores of `texts` in place of a request's passage, beside its pictures. Throws for a model that
  /// does not read from left to right.
  func scores(
    of texts: [String], for request: InfillRequest, beside pictures: SeenPictures
  ) throws -> [CandidateScore] {
    try checkReading()
    let passages = PassageText.candidates(texts, for: request, tokenizer, configuration)
    let lead =
      pictures.pictures.isEmpty
      ? [] : try conversation(request.instruction, for: request.original, beside: pictures)
    defer { withExtendedLifetime(pictures) {} }
    return try CandidateScore.of(
      passages, after: leftContext(lead + passages.prefix), forwardModel)
  }
}

extension CandidateScore {
  fileprivate static func of(
    _ passages: PassageText.Candidates, after before: CachedPrompt, _ model: ForwardModel
  ) throws -> [CandidateScore] {
    let scorer = CausalScorer(model, after: before) { _ in try Task.checkCancellation() }
    let values = try scorer.logProbabilities(passages.texts.map { $0.passage + $0.following })
    return zip(passages.texts, values).map { text, values in
      CandidateScore(
        passage: Part(values[..<text.passage.count]),
        following: Part(values[text.passage.count...]))
    }
  }
}

extension CandidateScore.Part {
  fileprivate init(_ values: ArraySlice<Float>) {
    self.init(logProbability: values.reduce(0) { $0 + Double($1) }, tokens: values.count)
  }
}

extension PassageText {
  /// Tokens of the text before a passage, and of each candidate with the start of the text after
  /// it.
  fileprivate typealias Candidates = (
    prefix: [Int], texts: [(passage: [Int], following: ArraySlice<Int>)]
  )

  /// Tokens of the text after a passage that are scored with it.
  private static let joined = 32

  fileprivate static func candidates(
    _ texts: [String], for request: InfillRequest, _ tokenizer: Tokenizer,
    _ model: ModelConfiguration
  ) -> Candidates {
    var prefix: [Int] = []
    let window = Window(model, slots: slotLimit(model) / 2)
    let tokens = texts.map { text in
      var request = request
      request.original = text
      let passage = PassageText(request, tokenizer: tokenizer, window: window)
      prefix = passage.prefix
      return (passage.original, passage.suffix.prefix(joined))
    }
    return (prefix, tokens)
  }
}
