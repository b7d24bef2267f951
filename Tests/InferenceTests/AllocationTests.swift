import Infilling
import TestSupport
import Testing

@testable import Inference

/// What a step of a session leaves behind is a few blocks of memory, however many slots, candidates
/// and words there are.
@Suite(.enabled(if: Allocations.areCounted)) struct AllocationTests {
  let model: TemporaryModel

  init() throws { model = try TemporaryModel() }

  /// Blocks that each step of a passage leaves, the step itself included.
  private func kept(slots: Int, _ settings: InfillSettings) throws -> [Int] {
    let loaded = try LoadedModel(ModelSource(model: model.folder, threads: 1)) { _ in }
    var request = InfillRequest(
      prefix: "The old harbour was ", original: "quiet in the evening and the light",
      suffix: " and snow fell on the stone road, under the old bell of summer.\n")
    request.settings = settings
    request.settings.slots = slots
    var counts: [Int] = []
    // The first run makes room.
    for run in 0..<2 {
      var sessions = [try loaded.session(request)]
      var steps: [InfillStep?] = []
      steps.reserveCapacity(100)
      while steps.last??.isLast != true {
        let count = try Allocations.countKept {
          steps.append(try EngineSession.next(&sessions)[0])
        }
        if run == 1 { counts.append(count) }
      }
    }
    return counts
  }

  @Test(arguments: [false, true])
  func aRecordedStepIsAFewBlocks(lengthMayChange: Bool) throws {
    for slots in [12, 48] {
      let settings = InfillSettings(reveal: .steps(6, .linear), lengthMayChange: lengthMayChange)
      let kept = try kept(slots: slots, settings)
      #expect(kept.count == 6)
      // Cells, their alternatives, changed slots; now and then room for more settled tokens.
      #expect(kept.allSatisfy { $0 <= 8 }, "\(kept) with \(slots) slots")
    }
  }
}
