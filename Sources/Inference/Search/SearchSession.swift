internal import Denoising
internal import Infilling
internal import Transformers

/// A passage being filled by search, inside the engine.
struct SearchSession: PassageSession {
  let notice: String? = nil
  let isBatchable = false
  private let text: CellText
  private var search: PassageSearch<CausalDrafts, PassageRules>
  private var forwardPasses = 0

  init(_ search: PassageSearch<CausalDrafts, PassageRules>, _ text: CellText) {
    self.search = search
    self.text = text
  }

  var cells: [InfillCell] { text.cells(search.canvas) }

  func readAhead() throws -> Bool { false }

  mutating func next() throws -> InfillStep? {
    guard let step = try search.next() else { return nil }
    forwardPasses += step.forwardPasses
    return InfillStep(
      index: step.index, cells: cells, changed: step.changed, plannedSteps: nil,
      milliseconds: step.milliseconds, forwardPasses: forwardPasses, isLast: step.isLast,
      search: search.progress,
      others: step.isLast ? search.closings.dropFirst().map { text.cells($0.canvas) } : [])
  }
}

extension PassageSearch {
  var progress: SearchProgress {
    let stage: SearchProgress.Stage =
      switch stage {
      case .drafting: .drafting
      case .reading: .reading
      case .polishing, .done: .polishing
      }
    return SearchProgress(
      stage: stage, tries: policy.tries, alive: alive, join: best?.join)
  }
}
