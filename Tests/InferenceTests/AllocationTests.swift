import DecodingPolicies
import Infilling
import TestSupport
import Testing

@testable import Inference

/// What a step of a session takes and leaves behind is a few blocks of memory, however many slots,
/// candidates and words there are.
@Suite(.enabled(if: Allocations.areCounted, "allocations are not counted under a sanitizer"))
struct AllocationTests {
  let model: TemporaryModel

  init() throws { model = try TemporaryModel() }

  private func session(slots: Int, _ settings: DecodingConfiguration, _ model: AdapterInfillModel)
    throws
    -> BatchableSession
  {
    var request = InfillRequest(
      prefix: "The old harbour was ", original: "quiet in the evening and the light",
      suffix: " and snow fell on the stone road, under the old bell of summer.\n")
    request.settings = settings
    request.settings.slots = slots
    return try #require(
      try model.session(request.masked, beside: SeenPictures()) as? BatchableSession)
  }

  /// What `count` counts in each step of a passage after the first, which makes room, and how many
  /// texts of the step are no ASCII, for which the library takes blocks.
  private func counts(
    slots: Int, _ settings: DecodingConfiguration, _ count: (() throws -> Void) throws -> Int
  ) throws -> [(blocks: Int, texts: Int)] {
    let loaded = try AdapterInfillModel(
      ModelSource(model: model.folder, threads: 1)
    ) { _ in }
    var counts: [(blocks: Int, texts: Int)] = []
    for _ in 0..<2 {
      var session = try session(slots: slots, settings, loaded)
      var steps: [InfillStep?] = []
      steps.reserveCapacity(100)
      counts = []
      while steps.last??.isLast != true {
        let blocks = try count { steps.append(try session.next()) }
        counts.append((blocks, Self.foreignTexts(steps.last ?? nil)))
      }
    }
    return Array(counts.dropFirst())
  }

  private static func foreignTexts(_ step: InfillStep?) -> Int {
    let texts = (step?.cells ?? []).flatMap { [$0.text] + $0.alternatives.map(\.text) }
    return texts.count { !$0.utf8.allSatisfy { $0 < 0x80 } }
  }

  private static let reveals: [UnmaskingPolicy] = [.steps(6, .linear), .threshold(0.5)]

  /// Blocks that a step may take besides those for texts that are no ASCII: the release build takes
  /// four, for cells, their alternatives, changed slots and cells that differ.
  private static let few = 7

  @Test(arguments: reveals, [false, true])
  func aRecordedStepIsAFewBlocks(_ reveal: UnmaskingPolicy, lengthMayChange: Bool) throws {
    for slots in [12, 48, 96] {
      let settings = DecodingConfiguration(unmasking: reveal, lengthMayChange: lengthMayChange)
      let kept = try counts(slots: slots, settings, Allocations.countKept)
      #expect(
        kept.allSatisfy { $0.blocks <= Self.few + 2 * $0.texts }, "\(kept) with \(slots) slots")
    }
  }

  @Test(arguments: reveals, [false, true])
  func aStepTakesWhatItLeaves(_ reveal: UnmaskingPolicy, lengthMayChange: Bool) throws {
    for slots in [12, 48, 96] {
      let settings = DecodingConfiguration(unmasking: reveal, lengthMayChange: lengthMayChange)
      let taken = try counts(slots: slots, settings, Allocations.countObjects)
      #expect(
        taken.allSatisfy { $0.blocks <= Self.few + 2 * $0.texts }, "\(taken) with \(slots) slots")
    }
  }

  /// Candidates of one passage, whose steps are made together.
  @Test func aSharedStepTakesFewBlocksACandidate() throws {
    let loaded = try AdapterInfillModel(
      ModelSource(model: model.folder, threads: 1)
    ) { _ in }
    for slots in [12, 48] {
      for isWarm in [false, true] {
        var sessions = try (0..<4).map { seed in
          try session(
            slots: slots,
            DecodingConfiguration(
              unmasking: .steps(6, .linear), temperature: 0.7, seed: UInt64(seed),
              lengthMayChange: false), loaded)
        }
        for index in 0..<6 {
          var steps: [InfillStep?] = []
          let blocks = try Allocations.countObjects {
            steps = try BatchableSession.next(&sessions).map { try $0.get() }
          }
          let texts = steps.reduce(0) { $0 + Self.foreignTexts($1) }
          // Each candidate has its canvas, predictions and context besides, and there are lists of
          // candidates.
          if isWarm && index > 0 {
            #expect(blocks <= 4 * 9 + 12 + 2 * texts, "step \(index) of \(slots) slots")
          }
        }
      }
    }
  }
}
