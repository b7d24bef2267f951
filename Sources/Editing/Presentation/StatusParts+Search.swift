public import Infilling
internal import Strings

// The progress of a search. Its steps are not counted against a plan, for there is none, and its
// masks not at all: the leader changes, and words become masks again.

extension PassageStatus {
  /// The latest step of a search in progress is on the screen.
  var showsSearchUnderWay: Bool { isSearch && state.isRunning && step == lastStep }

  /// The stage in the place of the label, where that would only read `rewriting`.
  var stage: String? {
    guard showsSearchUnderWay, let search, label == Self.running else { return nil }
    return search.stage.rawValue
  }

  /// The label of one run under way.
  static let running = "rewriting"
}

extension SearchProgress {
  /// `12/16` while drafts grow.
  var draftsAlive: String? { stage == .drafting ? "\(alive)/\(drafts)" : nil }

  /// `drafting 12/16`, `polishing`.
  public var words: String { draftsAlive.map { "\(stage.rawValue) \($0)" } ?? stage.rawValue }
}

extension StatusLine {
  /// `drafting 12/16 · join 1.9 · 34 passes · 0.4 s` as parts, the first word left out where it is
  /// the label.
  static func searchParts(of passage: PassageStatus) -> [StatusPart] {
    var facts: [(text: String, rank: Int)] = []
    if let search = passage.search {
      if passage.stage != nil {
        if let drafts = search.draftsAlive { facts.append((drafts, 3)) }
      } else if passage.state != .ended || passage.step < passage.lastStep {
        facts.append((search.words, 3))
      }
      if let join = search.join { facts.append(("join \(tenths(Double(join)))", 4)) }
    }
    facts.append((passage.forwardPasses.counted("pass", "passes"), 9))
    facts.append((seconds(passage.milliseconds), 7))
    return facts.enumerated().map { place, fact in
      let end = place == facts.count - 1 ? " " : ""
      return StatusPart((place == 0 ? " " : " · ") + fact.text + end, rank: fact.rank)
    }
  }

  /// `40 ms`, `0.4 s`, `12 s`.
  private static func seconds(_ milliseconds: Double) -> String {
    guard milliseconds.isFinite, (0..<1e9).contains(milliseconds) else { return "– s" }
    if milliseconds < 95 { return "\(milliseconds.fixed(0)) ms" }
    return milliseconds < 9_950
      ? "\(tenths(milliseconds / 1000)) s" : "\((milliseconds / 1000).fixed(0)) s"
  }

  private static func tenths(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e6 else { return "–" }
    return value.fixed(1).replacing("-", with: "−")
  }
}
