internal import Documents
public import Infilling

/// How unlikely the model finds the words on the screen. In the background every visible sentence
/// is read, the nearest to the cursor first, one at a time. What the engine answers about a
/// sentence is kept by the sentence's text: the same words are never asked about twice.
public struct DoubtMap: Sendable, Equatable {
  /// How unlikely a word is. Both are shaded and underlined; the second more.
  public enum Level: UInt8, Sendable, CaseIterable {
    case unlikely
    case veryUnlikely
  }

  /// A word that has been read.
  public struct Word: Sendable, Equatable {
    /// Bytes of the document.
    public var range: Range<Int>
    public var doubt: WordDoubt
    /// nil for a word that is likely enough.
    public var level: Level?
  }

  /// The engine's answer about a word of a sentence, by its place in it.
  struct Reading: Sendable, Equatable {
    var range: Range<Int>
    var doubt: WordDoubt
    var level: Level?
  }

  /// A sentence that the model is asked about.
  struct Inquiry: Sendable, Equatable {
    var id: InquiryID
    var sentence: String
    var words: [Range<Int>]
  }

  /// Where `sentences` were found.
  struct View: Sendable, Equatable {
    var revision: Int
    var range: Range<Int>
  }

  /// What an editor shows.
  struct Screen {
    var text: Text
    var revision: Int
    /// First to last byte on the screen.
    var range: Range<Int>
    var cursor: Int
    /// Passages and races go first.
    var isEngineBusy: Bool
  }

  enum Event {
    /// What every event of the editor ends with.
    case screen(Screen)
    /// The pause after typing is over.
    case rested
    case inquiry(InquiryID, InquiryReply)
    /// The map is not wanted any more.
    case closed
  }

  enum Action: Equatable {
    case perform(Effect)
    /// The map has to be closed.
    case fail(Message)
  }

  /// Words of the visible text that have been read, in order.
  public internal(set) var words: [Word] = []
  /// Visible sentences, and how many of them have been read.
  public internal(set) var sentenceCount = 0
  public internal(set) var readCount = 0

  /// Words below this probability are unlikely.
  let threshold: Double
  var view: View?
  var sentences: [Range<Int>] = []
  var readings: [String: [Reading]] = [:]
  var inquiry: Inquiry?
  /// Nothing is asked before the pause after typing is over.
  var isResting = false
  /// `words` is older than `readings`.
  var isOutdated = false

  static let restMilliseconds = 500
  /// Sentences that are remembered before those out of sight are forgotten.
  static let mostReadings = 4000
  /// Bytes of the longest sentence that is read, and of the text around it that goes along.
  static let longestSentence = 2000
  static let bytesBefore = 400
  static let bytesAfter = 200

  init(below threshold: Double) { self.threshold = threshold }

  public var doubtful: [Word] { words.filter { $0.level != nil } }

  /// The word that has been read and holds an offset, or ends there.
  func word(at offset: Int) -> Word? {
    words.first { $0.range.contains(offset) } ?? words.last { $0.range.upperBound == offset }
  }
}
