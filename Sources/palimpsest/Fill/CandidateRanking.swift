internal import Inference
internal import Infilling

/// One of several ways to fill a passage.
struct FillCandidate {
  var request: InfillRequest
  var canvas: [InfillCell]
  var notice: String?
  var steps: [InfillStep] = []
  var score = CandidateScore(passage: .none)
  var isChosen = false

  var text: String { (steps.last?.cells ?? canvas).map(\.text).joined() }
}

/// Makes candidates for a passage and chooses the one the causal model finds most probable.
struct CandidateRanking {
  /// At least 2.
  let count: Int
  let score: ([String], InfillRequest) async throws -> [CandidateScore]

  /// All candidates, one of them chosen. They differ as `InfillSettings.variations` do.
  func candidates(for request: InfillRequest, _ infiller: any Infiller) async throws
    -> [FillCandidate]
  {
    let slots = try await infiller.begin(request).canvas.count
    let requests = request.settings.variations(count, slots: slots).map { settings in
      var request = request
      request.settings = settings
      return request
    }
    let sessions = try await infiller.begin(candidates: requests)
    var all = zip(requests, sessions).map {
      FillCandidate(request: $0, canvas: $1.canvas, notice: $1.notice)
    }
    // In turns, for their steps may be computed together.
    var running = Array(sessions.indices)
    while !running.isEmpty {
      var left: [Int] = []
      for index in running {
        guard let step = try await sessions[index].next() else { continue }
        all[index].steps.append(step)
        left.append(index)
      }
      running = left
    }
    let scores = try await score(all.map(\.text), request)
    for (index, score) in scores.enumerated() { all[index].score = score }
    if let best = CandidateScore.best(scores) { all[best].isChosen = true }
    return all
  }
}
