internal import Documents
public import Infilling

/// One passage, written by every mode of the model side by side. The document and its fills are
/// untouched until a lane is taken.
public struct Race: Sendable, Equatable {
  /// One mode and what it makes of the passage.
  public struct Lane: Sendable, Equatable {
    public let mode: InfillSettings.Mode
    /// The run: a fill that the editor does not list.
    public internal(set) var fill: Fill
    /// Why this model cannot run it.
    public internal(set) var absence: String?
    /// Its diffusion mode is a search among drafts.
    var isSearch = false

    /// The run that the lane shows.
    var id: RunID { fill.branches[0].id }

    /// `diffusion` and so on, as people say it.
    public var name: String {
      switch mode {
      case .diffusion: isSearch ? "search" : "diffusion"
      case .autoregressive: "left to right"
      case .selfSpeculation: "self-speculation"
      case .quadratic: "quadratic self-speculation"
      }
    }

    /// Engine time of its steps.
    public var milliseconds: Double {
      fill.branch.trajectory?.steps.reduce(0) { $0 + $1.milliseconds } ?? 0
    }

    public var forwardPasses: Int { fill.branch.trajectory?.steps.last?.forwardPasses ?? 0 }

    /// Tokens written so far.
    public var tokens: Int { fill.cells.count { $0.state == .draft || $0.state == .pinned } }

    public var tokensPerForward: Double {
      forwardPasses == 0 ? 0 : Double(tokens) / Double(forwardPasses)
    }

    /// How well what it made reads; nil before the race is over, and where the model cannot tell.
    var score: CandidateScore?

    /// −ln p a token of the text after the passage, the lower the better; nil where that is not
    /// known or there is none.
    public var join: Double? {
      guard let following = score?.following, following.tokens > 0 else { return nil }
      return -following.perToken
    }

    /// What a search under way is doing.
    public var stage: String? {
      guard isRunning else { return nil }
      return fill.branch.trajectory?.steps.last?.search?.words
    }

    /// Slots that are decided, 0...1; nil for a search under way, whose end is not known.
    public var progress: Double? {
      if isFinished { return 1 }
      guard let trajectory = fill.branch.trajectory, !fill.cells.isEmpty else { return 0 }
      if trajectory.isSearch { return nil }
      return Double(fill.cells.count - fill.masksLeft) / Double(fill.cells.count)
    }

    public var isFinished: Bool { fill.state == .ended }

    var isRunning: Bool { fill.state.isRunning }

    /// What it has made, as a try of the passage; nil before the first step.
    var result: Branch? {
      guard fill.branch.lastStep > 0 else { return nil }
      var branch = fill.branch
      branch.remark = name
      return branch
    }

    /// What else its search has found.
    var siblings: ArraySlice<Branch> { fill.branches.dropFirst() }

    /// One line; nil unless the engine failed.
    public var failure: String? {
      if case .failed(let reason) = fill.state { reason } else { nil }
    }
  }

  public let span: Range<Int>
  /// Text of the document right before and behind the passage, on its lines.
  public let before: String
  public let after: String
  public internal(set) var lanes: [Lane]
  /// Index of the lane that Enter takes.
  public internal(set) var selected = 0
  /// What the lanes of earlier rounds, with other seeds, have made.
  var earlier: [Branch] = []
  /// The question to the engine how well the lanes read, and those it is about.
  var inquiry: InquiryID?
  var asked: [Int] = []
  /// The question was answered, or nothing could be asked.
  var isJudged = false

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

  /// What the finished race says: which lane took the least time, and which made what leads on best
  /// to the text after the passage, as the model reads it. nil before that is known, and where fewer
  /// than two lanes got to the end.
  public var verdict: String? {
    guard isOver, isJudged, ranking.count > 1 else { return nil }
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

  // MARK: On the screen

  static let columnsSideBySide = 150

  /// Where a lane is on a screen of `columns` with `rows` rows above the status line: one lane below
  /// the other, or side by side where there is room. The title takes the first row.
  public func place(
    of lane: Int, columns: Int, rows: Int
  ) -> (columns: Range<Int>, rows: Range<Int>) {
    let first = min(rows, rows > 3 * 4 ? 2 : 1)
    if columns >= Self.columnsSideBySide {
      let width = columns / lanes.count
      return (lane * width..<(lane + 1) * width - 1, first..<rows)
    }
    let height = max(1, (rows - first) / lanes.count)
    let top = min(rows, first + lane * height)
    return (0..<columns, top..<min(rows, top + height))
  }

  func lane(atColumn column: Int, row: Int, columns: Int, rows: Int) -> Int? {
    lanes.indices.first { lane in
      let place = place(of: lane, columns: columns, rows: rows)
      return place.columns.contains(column) && place.rows.contains(row)
    }
  }

  /// A lane's text between its neighbours, wrapped at `columns`.
  public func rows(of lane: Int, columns: Int) -> [VisualRow] {
    var builder = RowBuilder(limit: columns, tabWidth: 4, line: 0, start: 0, isContinuation: false)
    let fill = lanes[lane].fill
    for cluster in Clusters(before) { builder.add(cluster, .text, at: 0, fill: nil) }
    for piece in fill.draft().pieces {
      builder.add(piece.cluster, piece.role, at: 0, fill: fill.id, slot: piece.slot)
    }
    for cluster in Clusters(after) { builder.add(cluster, .text, at: 0, fill: nil) }
    return builder.finish()
  }
}
