internal import DecodingPolicies
internal import Inference
internal import Infilling

/// One of several ways to fill a passage.
struct FillCandidate {
  var request: InfillRequest
  var canvas: [InfillCell]
  var steps: [InfillStep] = []
  /// A search found it beside its best, without showing steps of it.
  var isFoundBesides = false
  /// The final passage.
  var cells: [InfillCell]
  /// nil if it was not scored.
  var score: CandidateScore?
  var isChosen = false

  init(_ request: InfillRequest, canvas: [InfillCell]) {
    self.request = request
    self.canvas = canvas
    cells = canvas
  }

  var text: String { cells.map(\.text).joined() }

  mutating func append(_ step: InfillStep) {
    steps.append(step)
    cells = step.cells
  }

  /// Other candidates of the same search, best first, no text twice.
  var others: [FillCandidate] {
    var texts: Set = [text]
    return (steps.last?.others ?? []).compactMap { cells in
      var other = FillCandidate(request, canvas: canvas)
      other.cells = cells
      other.isFoundBesides = true
      return texts.insert(other.text).inserted ? other : nil
    }
  }
}

/// Makes candidates for a passage and chooses the one the causal model finds most probable.
struct CandidateRanking {
  /// At least 2.
  let count: Int
  let score: ([String], InfillRequest) async throws -> [CandidateScore]

  /// All candidates, one of them chosen. With a model that searches they come from one search, and
  /// from further seeds if it finds too few; with other models they differ as
  /// `DecodingConfiguration.variations` do. A notice of the engine goes to `notify` before the first step.
  func candidates(
    for request: InfillRequest, _ infiller: any Infiller, searches: Bool,
    _ notify: (String?) -> Void
  ) async throws -> [FillCandidate] {
    var all =
      searches
      ? try await found(for: request, infiller, notify)
      : try await varied(request, infiller, notify)
    let scores = try await score(all.map(\.text), request)
    for (index, score) in scores.enumerated() where all.indices.contains(index) {
      all[index].score = score
    }
    // Of one search the first is the best: it was chosen by more than its score.
    let runs = all.indices.filter { !all[$0].isFoundBesides }
    let best = CandidateScore.best(runs.compactMap { all[$0].score })
    all[runs[best ?? 0]].isChosen = true
    return all
  }

  /// Candidates of one search, and of further ones with increasing seeds until there are enough; no
  /// text twice.
  private func found(
    for request: InfillRequest, _ infiller: any Infiller, _ notify: (String?) -> Void
  ) async throws -> [FillCandidate] {
    var all: [FillCandidate] = []
    for settings in request.settings.variations(count, slots: nil) where all.count < count {
      var request = request
      request.settings = settings
      let session = try await infiller.begin(request)
      notify(session.notice)
      var run = FillCandidate(request, canvas: session.canvas)
      while let step = try await session.next() { run.append(step) }
      let texts = Set(all.map(\.text))
      all += ([run] + run.others).filter { !texts.contains($0.text) }.prefix(count - all.count)
    }
    return all
  }

  private func varied(
    _ request: InfillRequest, _ infiller: any Infiller, _ notify: (String?) -> Void
  ) async throws -> [FillCandidate] {
    let slots = try await infiller.begin(request).canvas.count
    let requests = request.settings.variations(count, slots: slots).map { settings in
      var request = request
      request.settings = settings
      return request
    }
    let sessions = try await infiller.begin(candidates: requests)
    for session in sessions { notify(session.notice) }
    var all = zip(requests, sessions).map { FillCandidate($0, canvas: $1.canvas) }
    // In turns, for their steps may be computed together.
    var running = Array(sessions.indices)
    while !running.isEmpty {
      var left: [Int] = []
      for index in running {
        guard let step = try await sessions[index].next() else { continue }
        all[index].append(step)
        left.append(index)
      }
      running = left
    }
    return all
  }
}
