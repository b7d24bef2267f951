internal import DecodingPolicies
public import Infilling

/// What the status line shows of a passage.
public struct PassageStatus: Sendable, Equatable {
  public let passage: Passage
  /// The state in a word or two: `loading model…`, `rewriting`, `paused`.
  public let label: String
  /// The passage has the keys.
  let hasKeys: Bool
  /// The settings of the next candidate are those of a user who has chosen nothing.
  let defaults: DecodingConfiguration
  /// The passage is part of a recording.
  let isReplay: Bool
  /// A confidence is a probability; else it says nothing.
  let knowsProbabilities: Bool

  private var candidate: Candidate { passage.candidate }
  private var trajectory: Trajectory? { passage.candidate.trajectory }

  /// The shown step; nil for the bare canvas.
  private var shown: Trajectory.Step? { step > 0 ? trajectory?.steps[step - 1] : nil }

  public var state: Run.State { passage.state }

  /// Number of the step on the screen, of the last one recorded, and how many are expected.
  public var step: Int { candidate.shownStep }
  public var lastStep: Int { candidate.lastStep }
  public var plannedSteps: Int? { candidate.plannedSteps }

  /// Mean over the recorded steps; 0 before the first.
  public var millisecondsPerStep: Double { trajectory?.meanMilliseconds ?? 0 }

  /// Up to the shown step.
  public var forwardPasses: Int { shown?.forwardPasses ?? 0 }

  /// Time of all recorded steps; of a search, of those up to the shown one.
  public var milliseconds: Double {
    guard let trajectory else { return 0 }
    return isSearch ? trajectory.milliseconds(ofFirst: step) : trajectory.totalMilliseconds
  }

  /// Whether the steps are those of a search.
  public var isSearch: Bool { trajectory?.isSearch ?? false }

  /// How the search stood at the shown step.
  public var search: SearchProgress? { shown?.search }

  /// Slots filled by all recorded steps for each forward pass; nil before the first.
  public var tokensPerPass: Double? { trajectory?.tokensPerPass }

  /// Number of the candidate on the screen, from 1, and how many there are.
  public var candidateNumber: Int { passage.shownCandidate + 1 }
  public var candidateCount: Int { passage.candidates.count }

  /// Number of the candidate whose words the draft's are compared with, from 1; nil for the
  /// original.
  public var comparedCandidate: Int? { passage.comparedCandidate.map { $0 + 1 } }

  /// nil where words become masks again, so that the number of masks measures no progress.
  public var masksLeft: Int? {
    trajectory?.masksOnlyFall == false ? nil : passage.masksLeft
  }

  public var instruction: String? { candidate.request.instruction }

  /// Least probability of a slot of the word at the review cursor, while nothing moves.
  public var confidence: Float? {
    guard state.isPaused || state == .ended, !passage.isPlaying, passage.view == .draft, hasKeys,
      knowsProbabilities
    else { return nil }
    return passage.cells[passage.wordSlots(at: passage.cursorSlot)]
      .filter { $0.state == .draft }.map(\.confidence).min()
  }

  /// How the next candidate is denoised, where that differs from the defaults.
  public var temperature: String? { changed(\.temperature).map(Editor.decimal) }
  public var guidance: String? { changed(\.guidance).map(Editor.decimal) }
  public var unmasking: String? { changed(\.unmasking)?.words }

  /// The level of quality of the next candidate, where it has one.
  public var quality: Int? { isReplay ? nil : candidate.next.unmasking.quality }

  private func changed<Value: Equatable>(
    _ setting: KeyPath<DecodingConfiguration, Value>
  ) -> Value? {
    let value = candidate.next[keyPath: setting]
    return value == defaults[keyPath: setting] ? nil : value
  }
}
