import Editing
import Infilling
import TestSupport
import Testing

@Suite struct TrajectoryTests {
  /// Random runs with slots that change, grow and shrink: every step is rebuilt as it was sent,
  /// whether it has a delta, none, or a wrong one.
  @Test(arguments: 0..<50)
  func rebuildsEveryStep(_ seed: Int) {
    var random = RandomSource(seed: UInt64(seed))
    var cells = Array(repeating: InfillCell.open, count: random.below(12))
    var trajectory = Trajectory(canvas: cells)
    var states = [cells]
    for index in 1...20 {
      for slot in cells.indices where random.below(3) == 0 {
        cells[slot] = InfillCell(state: .draft, token: index, text: "t\(random.below(100))")
      }
      if random.below(4) == 0 { cells.insert(.open, at: random.below(cells.count + 1)) }
      if random.below(5) == 0, !cells.isEmpty { cells.remove(at: random.below(cells.count)) }
      let deltas = [
        nil, CanvasDelta(from: states[index - 1], to: cells), CanvasDelta(updated: [99]),
        CanvasDelta(replacing: 99, with: 1),
      ]
      trajectory.append(
        InfillStep(
          index: index, cells: cells, changed: [0, 99], delta: deltas[random.below(deltas.count)],
          milliseconds: 5, forwardPasses: index))
      states.append(cells)
    }
    #expect(trajectory.end == 20)
    for step in 0...20 {
      #expect(trajectory.cells(at: step) == states[step], "seed \(seed), step \(step)")
    }
    #expect(trajectory.meanMilliseconds == 5)
    #expect(trajectory.steps.allSatisfy { $0.changed.allSatisfy { $0 < 30 } })
    #expect(!trajectory.isSearch)
  }

  /// What a delta names is kept; the rest of the canvas is not compared.
  @Test func keepsTheCellsOfADelta() {
    let canvas = Array(repeating: InfillCell.open, count: 4)
    var cells = canvas
    cells[2] = InfillCell(state: .draft, token: 1, text: "a")
    let delta = CanvasDelta(from: canvas, to: cells)
    #expect(delta == CanvasDelta(updated: [2]))
    var trajectory = Trajectory(canvas: canvas)
    trajectory.append(InfillStep(index: 1, cells: cells, changed: [2], delta: delta))
    #expect(trajectory.steps[0].delta == delta)
    cells.insert(.open, at: 1)
    let grown = CanvasDelta(from: trajectory.cells(at: 1), to: cells)
    #expect(grown.inserted.count == 1 && grown.removed.isEmpty && grown.updated.isEmpty)
  }

  @Test func keepsHowASearchStood() {
    let states = [
      SearchProgress(stage: .drafting, drafts: 4, alive: 4),
      SearchProgress(stage: .drafting, drafts: 4, alive: 1),
      SearchProgress(stage: .polishing, drafts: 4, alive: 0, join: 1.5),
    ]
    var trajectory = Trajectory(canvas: [.open])
    #expect(!trajectory.isSearch)
    for (index, state) in states.enumerated() {
      trajectory.append(
        InfillStep(
          index: index + 1, cells: [], changed: [], milliseconds: 10, forwardPasses: index,
          search: state))
    }
    #expect(trajectory.isSearch && trajectory.steps.map(\.search) == states)
    #expect(trajectory.milliseconds(ofFirst: 2) == 20 && trajectory.totalMilliseconds == 30)
  }
}
