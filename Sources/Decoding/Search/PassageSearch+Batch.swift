extension PassageSearch where Model: BatchDraftModel {
  /// Whether the next step is one pass over drafts that have begun, which others may share.
  public var sharesNextStep: Bool {
    guard stage == .drafting, policy.stride == 1, policy.steps == nil else { return false }
    return alive > 0 && drafts.allSatisfy { !$0.isAlive || !$0.tokens.isEmpty }
  }

  /// The next step of each of several searches, their drafts advanced in one pass; each takes as long
  /// as all of them. After an error that is thrown all are as they were.
  ///
  /// - Precondition: each shares its next step.
  public static func next(
    _ searches: inout [PassageSearch]
  ) throws -> [Result<Step?, any Error>] {
    let starts = searches.map { $0.now() }
    let passes = searches.map(\.model.forwardPasses)
    let questions = searches.map { $0.draftQuestion() }
    let answers = try Model.advance(questions)
    return searches.indices.map { index in
      answers[index].flatMap { predictions in
        Result {
          try searches[index].take(predictions, of: questions[index].rows)
          searches[index].spent += searches[index].now() - starts[index]
          return searches[index].step(
            searches[index].model.forwardPasses - passes[index], since: starts[index])
        }
      }
    }
  }
}
