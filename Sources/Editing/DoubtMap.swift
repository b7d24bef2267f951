internal import Documents
public import Infilling

/// How much the model doubts the words on the screen. What it said about a sentence is kept by the
/// sentence's text: the same words are never asked about twice.
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
    /// nil for a word that is not doubted.
    public var level: Level?
  }

  /// What the model said about a word of a sentence, by its place in it.
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

  /// What was visible when `sentences` were found.
  struct View: Sendable, Equatable {
    var revision: Int
    var range: Range<Int>
  }

  /// Words of the visible text that have been read, in order.
  public internal(set) var words: [Word] = []
  /// Visible sentences, and how many of them have been read.
  public internal(set) var sentenceCount = 0
  public internal(set) var readCount = 0

  var view: View?
  var sentences: [Range<Int>] = []
  var readings: [String: [Reading]] = [:]
  var inquiry: Inquiry?
  /// Nothing is asked before the pause after typing is over.
  var isResting = false

  static let restMilliseconds = 500
  /// Sentences that are remembered before those out of sight are forgotten.
  static let mostReadings = 4000
  /// Longest sentence that is read, and how much of the text around it goes along.
  static let longestSentence = 2000
  static let bytesBefore = 400
  static let bytesBehind = 200

  public var doubtful: [Word] { words.filter { $0.level != nil } }
}
