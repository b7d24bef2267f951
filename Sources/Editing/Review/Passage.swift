internal import Documents
public import Infilling

/// A passage being rewritten: an overlay on the untouched document. One or more candidates, each a
/// run of the engine, of which one is shown.
public struct Passage: Sendable, Equatable, Identifiable {
  /// Names a passage for as long as the editor runs.
  public struct ID: Sendable, Hashable, CustomStringConvertible {
    public let number: Int
    public init(_ number: Int) { self.number = number }
    public var description: String { "passage \(number)" }
  }

  public enum View: Sendable, Equatable {
    case draft
    case original
    /// Both, word by word.
    case differences
  }

  public let id: ID
  /// Bytes of the document that the passage replaces; follows edits outside of it.
  public internal(set) var span: Range<Int>
  let anchor: AnchoredRange.ID
  /// What was selected when it was started, and in which state of the document.
  let selectionBefore: Selection
  let revisionBefore: Int
  /// What those bytes are. They stay so until the passage is accepted.
  public let original: [UInt8]
  /// Columns the original takes on one line, which the masks share out among themselves.
  public let originalColumns: Int
  public internal(set) var candidates: [Candidate]
  /// Index of the candidate on the screen.
  public internal(set) var shownCandidate = 0
  /// Recorded steps of the shown candidate are being played.
  public internal(set) var isPlaying = false
  /// Slot the review cursor is on.
  public internal(set) var cursorSlot = 0
  /// A slot of the word at the other end of what is selected; nil where the word under the review
  /// cursor is all that is chosen.
  public internal(set) var selectionAnchor: Int?
  /// What is drawn in place of the span.
  public internal(set) var view = View.draft
  /// How many shades the slots unmasked in the last moments have faded; nil while the draft
  /// does not change, or where motion is reduced.
  var highlights: [Int: UInt8]?
  /// Text being typed into the draft.
  var writing: Writing?
  /// The temperature the user chose for this passage.
  var chosenTemperature: Double?
  /// The document's revision after a part of the draft was accepted.
  var partRevision: Int?
  /// Candidates that are to be compared.
  var ranking: Ranking?
  /// Rounds of masking what the model doubts.
  var refinement: Refinement?
  /// The candidate whose words the shown one's are compared with; nil for the original.
  var comparedCandidate: Int?
  /// The window follows the steps.
  public internal(set) var followsSteps = false
  /// It was rejected before and brought back.
  var wasRecalled = false
  /// Cells on the screen: those of the shown step, or bare masks before the engine's canvas.
  public internal(set) var cells: [InfillCell]

  init(
    id: ID, run: RunID, span: Range<Int>, anchor: AnchoredRange.ID, original: [UInt8], columns: Int,
    request: InfillRequest, selectionBefore: Selection, revisionBefore: Int
  ) {
    self.id = id
    self.span = span
    self.anchor = anchor
    self.selectionBefore = selectionBefore
    self.revisionBefore = revisionBefore
    self.original = original
    originalColumns = columns
    candidates = [Candidate(Run(run), request)]
    cells = Self.bareCells(columns: columns)
  }

  public var candidate: Candidate {
    get { candidates[shownCandidate] }
    set { candidates[shownCandidate] = newValue }
  }

  public var state: Run.State { candidate.state }

  /// Slots that the shown step changed, drawn as fresh.
  public var freshSlots: [Int] {
    guard candidate.shownStep > 0, let trajectory = candidate.trajectory else { return [] }
    return trajectory.steps[candidate.shownStep - 1].changed
  }

  /// The pinned words among masks, for another candidate; nil for masks alone.
  var pinnedCanvas: [InfillCell]? {
    guard cells.contains(where: { $0.state == .pinned }) else { return nil }
    return cells.map { $0.state == .pinned ? $0 : .open }
  }

  /// The seed of another candidate.
  var nextSeed: UInt64 { (candidates.map(\.seed).max() ?? 0) &+ 1 }

  public var masksLeft: Int { cells.count { $0.state == .open } }

  /// The passage as shown, without the white space at its ends, which belongs to the document.
  public var text: String { Self.text(of: cells) }

  static func text(of cells: [InfillCell]) -> String {
    let text = cells.map(\.text).joined()
    guard let first = text.firstIndex(where: { !$0.isWhitespace }),
      let last = text.lastIndex(where: { !$0.isWhitespace })
    else { return "" }
    return String(text[first...last])
  }

  /// The last text of the candidate that word differences are from; nil for the original.
  var comparedText: String? {
    guard let comparedCandidate, candidates.indices.contains(comparedCandidate) else { return nil }
    return candidates[comparedCandidate].lastCells.map(Self.text)
  }

  /// Columns an open slot is drawn with: the original's columns shared out over the first canvas.
  /// Slots beyond it get the mean.
  public func columns(ofOpenSlot slot: Int) -> Int {
    let slots = max(1, candidate.trajectory?.canvas.count ?? cells.count)
    guard slot < slots else { return max(1, originalColumns / slots) }
    return max(1, (slot + 1) * originalColumns / slots - slot * originalColumns / slots)
  }

  /// Rebuilds `cells` after the shown step or candidate changed.
  mutating func refresh() {
    if let trajectory = candidate.trajectory {
      cells = trajectory.cells(at: candidate.shownStep)
    } else {
      cells = candidate.request.canvas ?? Self.bareCells(columns: originalColumns)
    }
    if let writing { cells = writing.applied(to: cells) }
    cursorSlot = max(0, min(cursorSlot, cells.count - 1))
    if let anchor = selectionAnchor, anchor >= cells.count { selectionAnchor = nil }
  }

  /// Replaces every candidate: the passage replaces other bytes now.
  mutating func restart(with candidates: [Candidate], showing shown: Int) {
    self.candidates = candidates
    shownCandidate = shown
    isPlaying = false
    view = .draft
    writing = nil
    comparedCandidate = nil
    refresh()
  }

  /// An estimate of the canvas for drawing: one token per five columns.
  private static func bareCells(columns: Int) -> [InfillCell] {
    Array(repeating: .open, count: max(1, (columns + 4) / 5))
  }
}
