internal import Inference
internal import Infilling

/// One of several ways to fill a passage.
struct FillCandidate {
  var request: InfillRequest
  var canvas: [InfillCell]
  var steps: [InfillStep] = []
  var score = CandidateScore(logProbability: 0, tokens: 0)
  var isChosen = false

  var text: String { (steps.last?.cells ?? canvas).map(\.text).joined() }
}

/// Makes candidates for a passage and chooses the one the causal model finds most probable.
struct CandidateRanking {
  /// At least 2.
  let count: Int
  let score: ([String], InfillRequest) async throws -> [CandidateScore]

  /// Share of the first candidate's slots that the others begin with at temperature 0, where seeds
  /// change nothing.
  private static let lengths = [1, 0.75, 1.25, 0.6, 1.5, 0.9, 1.1, 0.5, 1.75, 2]

  /// All candidates, one of them chosen. Above temperature 0 they differ by seed, counted up from
  /// the request's; at 0 by the number of slots they begin with.
  func candidates(for request: InfillRequest, _ infiller: any Infiller) async throws
    -> [FillCandidate]
  {
    var all: [FillCandidate] = []
    for number in 0..<count {
      var request = request
      if let first = all.first {
        if request.settings.temperature > 0 {
          request.settings.seed &+= UInt64(number)
        } else {
          guard number < Self.lengths.count else { break }
          let slots = Int((Double(first.canvas.count) * Self.lengths[number]).rounded())
          request.settings.slots = max(1, slots)
        }
      }
      if all.contains(where: { $0.request.settings == request.settings }) { continue }
      let session = try await infiller.begin(request)
      var candidate = FillCandidate(request: request, canvas: session.canvas)
      while let step = try await session.next() { candidate.steps.append(step) }
      all.append(candidate)
    }
    let scores = try await score(all.map(\.text), request)
    for (index, score) in scores.enumerated() { all[index].score = score }
    if let best = CandidateScore.best(scores) { all[best].isChosen = true }
    return all
  }
}
