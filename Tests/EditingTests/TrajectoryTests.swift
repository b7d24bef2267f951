import Editing
import Infilling
import TestSupport
import Testing

@Suite struct TrajectoryTests {
  /// Random runs with slots that change, grow and shrink: every step is rebuilt as it was sent.
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
      trajectory.append(
        InfillStep(
          index: index, cells: cells, changed: [0, 99], milliseconds: 5, forwardPasses: index))
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
