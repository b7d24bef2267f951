public import Documents

/// One row of the text area.
public struct VisualRow: Sendable, Equatable {
  public enum Kind: Sendable, Equatable {
    case text
    /// Kept empty so that the text below a shrinking passage does not move.
    case reserved
    /// Below the end of the document.
    case beyondEnd
  }

  public var kind = Kind.text
  /// Document line the row begins in, from 0; nil below the end.
  public var line: Int?
  /// What the row begins with.
  public enum Beginning: Sendable, Equatable {
    /// A line of the document.
    case line
    /// What of the row above had no room there.
    case wrapped
    /// A line of a draft, which is none of the document yet.
    case draftLine
  }

  public var beginning = Beginning.line
  /// Continues the line of the row above, by wrapping or inside a passage.
  public var isContinuation: Bool { beginning != .line }
  /// Bytes of the document the row covers; a passage's bytes count as covered by its first row.
  public var range = 0..<0
  public var cells: [VisualCell] = []
  /// A passage with a pinned word touches the row.
  public var hasPinned = false
}

/// One grapheme cluster on a row.
public struct VisualCell: Sendable, Equatable {
  public enum Role: Sendable, Equatable {
    case text
    /// A visible symbol in place of a control character or of bytes that are not UTF-8.
    case control
    /// Blanks of a tab, as many as it is wide.
    case tab
    /// The end of a line, one blank, present only while it is selected.
    case lineEnd
    /// An open slot; the confidence is that of its best candidate.
    case mask(confidence: Float)
    /// Chosen by the step that is shown, or a moment ago: `age` shades of `Passage.shades` ago.
    case fresh(confidence: Float, age: UInt8 = 0)
    /// Chosen before, and still open to revision.
    case draft(confidence: Float)
    /// Chosen by the user.
    case pinned
    /// Part of a passage that will not change any more, or of the original shown in its place.
    case settled
    /// Words of the original that the draft does without, and words it has instead, where both
    /// are shown.
    case removed
    case added

    var isMask: Bool { if case .mask = self { true } else { false } }
  }

  // Kept small and without references, for a large screen has thousands, rebuilt for every
  // frame.

  /// What to draw, `width` columns wide, but for tabs.
  public var glyph: Glyph
  /// Byte of the document where the cluster starts; for a passage's cells the start of its span.
  public var offset: Int
  private var length: Int32
  private var storedColumn: Int32
  private var storedPassage: Int32
  private var storedSlot: Int32
  public var role: Role
  private var storedWidth: UInt8
  public var isSelected: Bool
  /// Inside a match of the search.
  public var isMatch: Bool
  /// The review cursor is on it.
  public var isUnderReview: Bool
  /// How much the model doubts the word it belongs to.
  public var doubt: DoubtMap.Level?

  /// What is drawn.
  public var text: String {
    role == .tab ? String(repeating: " ", count: width) : glyph.text
  }

  public var width: Int {
    get { Int(storedWidth) }
    set { storedWidth = UInt8(clamping: newValue) }
  }

  /// First column of the cell in the text area.
  public var column: Int {
    get { Int(storedColumn) }
    set { storedColumn = Int32(clamping: newValue) }
  }

  /// Byte after the cluster; for a passage's cells the start of its span, but its end for the
  /// last.
  public var end: Int { offset + Int(length) }

  public var passage: Passage.ID? { storedPassage < 0 ? nil : Passage.ID(Int(storedPassage)) }

  /// Slot of the passage, for the review cursor and the list of runners-up.
  public var slot: Int? { storedSlot < 0 ? nil : Int(storedSlot) }

  /// Text of the document without any mark.
  public var isPlain: Bool {
    guard case .text = role else { return false }
    return storedPassage < 0 && !isSelected && !isMatch && doubt == nil
  }

  public init(
    _ display: DisplayForm, column: Int = 0, offset: Int, end: Int, role: Role = .text,
    isSelected: Bool = false, isMatch: Bool = false, passage: Passage.ID? = nil, slot: Int? = nil,
    isUnderReview: Bool = false
  ) {
    glyph = display.glyph
    self.offset = offset
    length = Int32(clamping: end - offset)
    storedColumn = Int32(clamping: column)
    storedPassage = passage.map { Int32(clamping: $0.number) } ?? -1
    storedSlot = slot.map { Int32(clamping: $0) } ?? -1
    self.role = role
    storedWidth = UInt8(clamping: display.width)
    self.isSelected = isSelected
    self.isMatch = isMatch
    self.isUnderReview = isUnderReview
  }
}
