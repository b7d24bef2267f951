internal import Decoding
internal import Infilling

/// A passage being rewritten by instruction, inside the engine.
struct InstructedSession: PassageSession {
  /// Tokens of the longest passage that is rewritten at once.
  static let longestPassage = 512

  let notice: String? = nil
  private var search: PassageSearch<InstructedDrafts, InstructedRules>
  private var report: SearchReport

  init(
    _ search: PassageSearch<InstructedDrafts, InstructedRules>, _ edges: PassageEdges,
    _ text: CellText
  ) {
    self.search = search
    report = SearchReport(edges, text)
    report.show(search.canvas)
  }

  var cells: [InfillCell] { report.cells }

  func readAhead() throws -> Bool { false }

  mutating func next() throws -> InfillStep? {
    guard let step = try search.next() else { return nil }
    return report.infillStep(
      step, search.progress, canvas: search.canvas, changed: step.changed, plannedSteps: nil,
      isLast: step.isLast, closings: step.isLast ? search.closings.map(\.canvas) : [])
  }
}
