internal import Decoding
internal import Infilling

/// Turns the steps of a search into those of its session, and counts their forward passes.
struct SearchReport {
  let edges: PassageEdges
  let text: CellText
  private var stepCount = 0
  private var forwardPasses = 0
  /// The passage as it was reported last.
  private(set) var cells: [InfillCell] = []

  init(_ edges: PassageEdges, _ text: CellText) {
    self.edges = edges
    self.text = text
  }

  /// Shows a passage that no step has led to.
  mutating func show(_ canvas: Canvas) { cells = cells(of: canvas) }

  private func cells(of canvas: Canvas) -> [InfillCell] { edges.wrapped(text.cells(canvas)) }

  /// The session's next step.
  ///
  /// - Parameters:
  ///   - canvas: the whole passage after the step.
  ///   - changed: slots of `canvas` that differ from before.
  ///   - closings: the whole passage with each closing of the search, best first. The last step
  ///     reports all but the best; others report none.
  mutating func infillStep(
    _ step: Step, _ progress: SearchProgress, canvas: Canvas, changed: [Int], plannedSteps: Int?,
    isLast: Bool, closings: [Canvas]
  ) -> InfillStep {
    stepCount += 1
    forwardPasses += step.forwardPasses
    let before = cells
    show(canvas)
    return InfillStep(
      index: stepCount, cells: cells, changed: changed,
      delta: CanvasDelta(from: before, to: cells), plannedSteps: plannedSteps,
      milliseconds: step.milliseconds, forwardPasses: forwardPasses, isLast: isLast,
      search: progress, others: isLast ? closings.dropFirst().map(cells(of:)) : [])
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
    return SearchProgress(stage: stage, drafts: policy.draftCount, alive: alive, join: best?.join)
  }
}
