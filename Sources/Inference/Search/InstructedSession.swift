internal import Denoising
internal import Infilling

/// A passage being rewritten by instruction, inside the engine.
struct InstructedSession: PassageSession {
  let notice: String? = nil
  private let edges: PassageEdges
  private let text: CellText
  private var search: PassageSearch<InstructedDrafts, InstructedRules>
  private var forwardPasses = 0

  init(
    _ search: PassageSearch<InstructedDrafts, InstructedRules>, _ edges: PassageEdges,
    _ text: CellText
  ) {
    self.edges = edges
    self.search = search
    self.text = text
  }

  var cells: [InfillCell] { edges.wrapped(text.cells(search.canvas)) }

  func readAhead() throws -> Bool { false }

  mutating func next() throws -> InfillStep? {
    guard let step = try search.next() else { return nil }
    forwardPasses += step.forwardPasses
    return InfillStep(
      index: step.index, cells: cells, changed: step.changed, plannedSteps: nil,
      milliseconds: step.milliseconds, forwardPasses: forwardPasses, isLast: step.isLast,
      search: search.progress,
      others: step.isLast
        ? search.closings.dropFirst().map { edges.wrapped(text.cells($0.canvas)) } : [])
  }
}
