internal import DecodingPolicies

/// One slot of a canvas as a reader sees it.
public struct InfillCell: Sendable, Equatable {
  public enum State: Sendable, Equatable {
    /// Still a mask.
    case open
    /// Shows a token that a later step may still revise.
    case draft
    /// Chosen by the user: never changed.
    case pinned
    /// Predicted to be surplus: shown as nothing, removed at the end.
    case deleted
  }

  public var state: State
  /// The token's id in the engine's vocabulary; nil while open.
  public var token: Int?
  /// Text of this cell. The texts of all cells in order are the passage: a character whose bytes
  /// span several tokens belongs to the last of them. Empty while open or deleted.
  public var text: String
  /// Probability of the shown token when it was chosen, or of the best candidate while open; 0...1.
  public var confidence: Float
  /// What an engine that denoises without masks has in an open slot: shown, never part of the
  /// passage. Empty with masks.
  public var noise = ""
  /// Other tokens considered for this slot at the step that last looked at it, best first.
  public var alternatives: InfillAlternatives

  public init(
    state: State, token: Int? = nil, text: String = "", confidence: Float = 0,
    alternatives: InfillAlternatives = []
  ) {
    self.state = state
    self.token = token
    self.text = text
    self.confidence = confidence
    self.alternatives = alternatives
  }

  /// A mask that nothing is known about yet.
  public static let open = InfillCell(state: .open)
}

/// The canvas after one denoising step.
public struct InfillStep: Sendable, Equatable {
  /// 1 for the first step. Step 0, the bare canvas, is what `InfillSession.canvas` gives.
  public var index: Int
  /// The whole canvas after the step, growth included.
  public var cells: [InfillCell]
  /// Indices into `cells` whose token or state this step changed.
  public var changed: [Int]
  /// The cells that differ from before the step, for whatever reason; nil from an engine that does
  /// not compare them: any may differ.
  public var delta: CanvasDelta?
  /// Steps the schedule foresees; nil where the model's confidence decides.
  public var plannedSteps: Int?
  /// Time this step took.
  public var milliseconds: Double
  /// Forward passes since the session began, this step included.
  public var forwardPasses: Int
  /// True when no mask is left and the canvas will not change any more.
  public var isLast: Bool
  /// The progress of the search whose leading draft the cells show; nil without a search.
  public var search: SearchProgress?
  /// Of the last step of a search: the other passages it found, best first, complete.
  public var others: [[InfillCell]]
  /// What the reader must know of this step, without a full stop; nil where there is nothing unusual.
  public var notice: String?

  public init(
    index: Int, cells: [InfillCell], changed: [Int], delta: CanvasDelta? = nil,
    plannedSteps: Int? = nil, milliseconds: Double = 0, forwardPasses: Int = 0,
    isLast: Bool = false,
    search: SearchProgress? = nil, others: [[InfillCell]] = [], notice: String? = nil
  ) {
    self.index = index
    self.cells = cells
    self.changed = changed
    self.delta = delta
    self.plannedSteps = plannedSteps
    self.milliseconds = milliseconds
    self.forwardPasses = forwardPasses
    self.isLast = isLast
    self.search = search
    self.others = others
    self.notice = notice
  }

  /// Slots that still show a mask. O(cells).
  public var masksLeft: Int { cells.count { $0.state == .open } }

  /// The passage as it reads now, masks left out. O(cells).
  public var text: String { cells.map(\.text).joined() }
}
