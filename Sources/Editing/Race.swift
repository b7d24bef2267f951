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
    /// The engine has been asked for it.
    var isAsked = false

    /// `diffusion` and so on, as people say it.
    public var name: String {
      switch mode {
      case .diffusion: "diffusion"
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

    /// Slots that are decided, 0...1.
    public var progress: Double {
      if isFinished { return 1 }
      guard fill.branch.trajectory != nil, !fill.cells.isEmpty else { return 0 }
      return Double(fill.cells.count - fill.masksLeft) / Double(fill.cells.count)
    }

    public var isFinished: Bool { fill.state == .settled }

    var isRunning: Bool { fill.state == .running }

    /// What it has made, as a try of the passage; nil before the first step.
    var result: Branch? {
      guard fill.branch.lastStep > 0 else { return nil }
      var branch = fill.branch
      branch.remark = name
      return branch
    }

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

  /// What the finished race says: the lane with the fewest passes a token. nil before the end, and
  /// where fewer than two lanes got there.
  public var verdict: String? {
    let finished = lanes.filter { $0.isFinished && $0.forwardPasses > 0 }
    guard isOver, finished.count > 1,
      let best = finished.max(by: { $0.tokensPerForward < $1.tokensPerForward })
    else { return nil }
    return "\(best.name) wrote the most a pass"
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
