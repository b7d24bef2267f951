public import Infilling

/// The content of the status line, as values; the view lays it out.
public struct StatusLine: Sendable, Equatable {
  /// Last component of the path, or "untitled".
  public var fileName: String
  public var isDirty: Bool
  public var isReadOnly: Bool
  /// The document is only looked at.
  public var isView: Bool
  /// Unsaved edits would not survive a crash.
  public var isUnkept: Bool
  /// How much of a save is done, 0...1.
  public var saving: Double?
  /// How much of a search is done, 0...1; what is found is being replaced where `isReplacing`.
  public var searching: Double?
  public var isReplacing: Bool
  /// What other programs have done to the file.
  public var disk: DiskState
  /// Another process has the file open.
  public var isOpenElsewhere: Bool
  /// Both from 1. Columns count grapheme clusters.
  public var line: Int
  public var column: Int
  /// nil until they are counted.
  public var lineCount: Int?
  /// The encoding of the file, where it is not UTF-8; and its line ends, where not all are LF.
  public var encoding: String?
  public var lineEnds: String?
  /// Words of the document, where they are to be shown.
  public var words: Int?
  public var mode: Mode
  /// The passage under review, or the one the cursor is in.
  public var passage: PassageStatus?
  /// The doubt map, while it is shown and nothing is under review.
  public var doubts: DoubtStatus?
  /// How far the race is, in words.
  public var race: String?
  /// Pictures that the model is shown with a passage here.
  public var pictures: [PictureGlance]
  /// Passages that keep running while something else has the keys, those of other documents
  /// included.
  public var backgroundPassages: Int
  /// The other open documents.
  public var surroundings: Surroundings
  public var model: ModelStatus
  /// What fills passages. Where it sends text is always shown.
  public var engine: EngineChoice
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
