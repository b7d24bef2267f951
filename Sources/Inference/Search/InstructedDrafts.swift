internal import Decoding
internal import Transformers

/// Drafts that are answers in a conversation. Such a draft is followed by the end of its answer,
/// not by the text after the passage, which counts when the draft is read in place of the passage.
struct InstructedDrafts: DraftModel {
  private let drafts: CausalDrafts
  private let end: Int
  private let stops: Set<Int>

  /// - Parameters:
  ///   - end: the token that ends an answer, whose probability is read.
  ///   - stops: other tokens that end it when drawn.
  init(_ drafts: CausalDrafts, end: Int, stops: Set<Int>) {
    self.drafts = drafts
    self.end = end
    self.stops = stops
  }

  var forwardPasses: Int { drafts.forwardPasses }

  mutating func advance(_ rows: [DraftRow], _ query: DraftQuery) throws -> [DraftPrediction] {
    var query = query
    query.following = end
    return try drafts.advance(rows, query).map { prediction in
      var prediction = prediction
      if stops.contains(prediction.token) {
        prediction.following = max(prediction.following, prediction.logProbability)
      }
      return prediction
    }
  }

  mutating func extend(_ extensions: [DraftExtension]) throws -> [[Float]] {
    try drafts.extend(extensions)
  }

  mutating func read(_ readings: [DraftReading]) throws -> [[Float]] { try drafts.read(readings) }

  mutating func fork(_ source: Int, count: Int, to target: Int) {
    drafts.fork(source, count: count, to: target)
  }

  mutating func recast(_ drafts: [DraftExtension]) throws -> [[Float]] {
    try self.drafts.recast(drafts)
  }

  mutating func propose(_ canvases: [Canvas]) throws -> [[SlotPrediction]]? { nil }
}
