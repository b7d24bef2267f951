public import Infilling

/// The content of the status line, as values; the view lays it out.
public struct StatusLine: Sendable, Equatable {
  /// Last component of the path, or "untitled".
  public var fileName: String
  public var isDirty: Bool
  public var isReadOnly: Bool
  /// Unsaved edits would not survive a crash.
  public var isUnkept: Bool
  /// How much of a save is done, 0...1.
  public var saving: Double?
  /// How much of a search is done, 0...1; what is found is being replaced where `isReplacing`.
  public var searching: Double?
  public var isReplacing: Bool
  /// Another process has the file open.
  public var isOpenElsewhere: Bool
  /// Both from 1. Columns count grapheme clusters.
  public var line: Int
  public var column: Int
  /// nil until they are counted.
  public var lineCount: Int?
  public var mode: Mode
  /// The passage under review, or the one the cursor is in.
  public var passage: PassageStatus?
  /// The doubt map, while it is shown and nothing is under review.
  public var doubts: DoubtStatus?
  /// How far the race is, in words.
  public var race: String?
  /// Passages that keep running while something else has the keys.
  public var backgroundPassages: Int
  public var model: ModelStatus
  /// Keys of the present mode, the most useful first.
  public var hints: [KeyHint]

  /// As many hints, from the first, as fit in `columns` when written `key action` two blanks
  /// apart. Counts characters, which for key names are columns.
  public func hints(fitting columns: Int) -> [KeyHint] {
    var room = columns
    var fitting: [KeyHint] = []
    for hint in hints {
      let width = hint.key.count + 1 + hint.action.count + (fitting.isEmpty ? 0 : 2)
      guard width <= room else { break }
      room -= width
      fitting.append(hint)
    }
    return fitting
  }
}

public struct KeyHint: Sendable, Equatable {
  public var key: String
  public var action: String
}

/// The state of a passage.
public struct PassageStatus: Sendable, Equatable {
  public var id: Passage.ID
  public var state: Run.State
  /// The state in a word or two: `loading model…`, `running`, `paused`.
  public var label: String
  /// Step on the screen, the last one recorded, and how many are expected.
  public var step: Int
  public var lastStep: Int
  public var plannedSteps: Int?
  /// Mean over the recorded steps; 0 before the first.
  public var millisecondsPerStep: Double
  /// Up to the shown step.
  public var forwardPasses: Int
  /// Time of all recorded steps; of a search, of those up to the shown one.
  public var milliseconds: Double
  /// Whether the steps are those of a search, and how it stood at the shown one.
  public var isSearch: Bool
  public var search: SearchProgress?
  /// Slots filled by all recorded steps for each forward pass; nil before the first.
  public var tokensPerPass: Double?
  /// The candidate whose words the draft's are compared with, from 1; nil for the original.
  public var comparedCandidate: Int?
  /// The candidate's instruction.
  public var instruction: String?
  /// nil where masks come back, so that their number tells nothing.
  public var masksLeft: Int?
  public var slots: Int
  /// From 1.
  public var candidate: Int
  public var candidates: Int
  public var seed: UInt64
  public var view: Passage.View
  public var isPlaying: Bool
  /// Of the word at the review cursor, while nothing moves.
  public var confidence: Float?
  /// How the next candidate is denoised, where that differs from the settings.
  public var temperature: String?
  public var guidance: String?
  public var reveal: String?
  /// The level of quality of the next candidate, where it has one.
  public var quality: Int?
}

/// The state of the doubt map.
public struct DoubtStatus: Sendable, Equatable {
  /// Doubtful words of the visible text.
  public var doubtful: Int
  /// Sentences of it that have been read, and all.
  public var read: Int
  public var sentences: Int
  /// How likely the word at the cursor is, where it has been read.
  public var probability: String?
}
