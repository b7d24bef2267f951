internal import Infilling

/// One passage, written by every mode of the model side by side. The document and its passages are
/// untouched until a lane is taken.
public struct Race: Sendable, Equatable {
  public let span: Range<Int>
  /// Text of the document right before and after the passage, on its lines.
  public let before: String
  public let after: String
  public internal(set) var lanes: [Lane]
  /// Index of the lane that Enter takes.
  public internal(set) var selected = 0
  /// What the lanes of earlier rounds, with other seeds, have made.
  var earlier: [Candidate] = []
  /// Whether the lanes have been compared.
  var judgement = Judgement.open
  /// What is known about the model; nil while nothing is.
  var model: ModelSummary?
  /// The passage as the engine is asked about texts in its place.
  let scoring: InfillRequest

  enum Judgement: Sendable, Equatable {
    case open
    /// The engine was asked how well these lanes read.
    case asked(InquiryID, lanes: [Int])
    /// It has answered, or nothing could be asked.
    case done
  }

  /// Lanes that ended, the fastest first.
  public var ranking: [Int] {
    lanes.indices.filter { lanes[$0].isFinished }
      .sorted { (lanes[$0].milliseconds, $0) < (lanes[$1].milliseconds, $1) }
  }

  /// No lane has anything left to do.
  public var isOver: Bool {
    lanes.allSatisfy { $0.absence != nil || $0.isFinished || $0.failure != nil }
  }

  /// Engine time up to which every lane that still runs is known.
  public var clock: Double {
    let running = lanes.filter(\.isRunning).map(\.milliseconds).min()
    return running ?? lanes.map(\.milliseconds).max() ?? 0
  }

  /// The result of the finished race: which lane took the least time, and which made what leads on
  /// best to the text after the passage, as the model reads it. nil before that is known, and where
  /// fewer than two lanes got to the end.
  public var verdict: String? {
    guard isOver, judgement == .done, ranking.count > 1 else { return nil }
    let first = lanes[ranking[0]].name
    guard let best = bestJoined.map({ lanes[$0].name }) else { return "\(first) was the quickest" }
    return best == first
      ? "\(first) was the quickest and joins best"
      : "\(first) was the quickest, \(best) joins best"
  }

  /// The lane after which the text that follows is likeliest, the first among equals.
  private var bestJoined: Int? {
    lanes.indices.filter { lanes[$0].join != nil }
      .min { (lanes[$0].join ?? 0, $0) < (lanes[$1].join ?? 0, $1) }
  }
}
