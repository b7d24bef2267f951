internal import Infilling
internal import Strings

// A passage as lists to choose from: what was considered for a slot, and its candidates.

extension Passage {
  /// What a slot shows, with the number −1, and what else was considered there, by its number.
  func alternativeItems(of slot: Int) -> [Picker.Item] {
    let cell = cells[slot]
    var items: [Picker.Item] = []
    if cell.state != .open {
      items.append(
        Picker.Item(
          text: Self.shown(cell.text), detail: Self.percent(cell.confidence), index: -1))
    }
    for (number, alternative) in cell.alternatives.enumerated() {
      items.append(
        Picker.Item(
          text: Self.shown(alternative.text), detail: Self.percent(alternative.probability),
          index: number))
    }
    return items
  }

  /// Indices of the candidates by score; those without one follow in their order.
  var likeliestFirst: [Int] {
    candidates.indices.sorted {
      let (a, b) = (candidates[$0].score?.value, candidates[$1].score?.value)
      switch (a, b) {
      case (let a?, let b?): return a != b ? a > b : $0 < $1
      case (nil, nil): return $0 < $1
      default: return a != nil
      }
    }
  }

  /// The candidates, the likeliest first, with what each changes in the original.
  var candidateItems: [Picker.Item] {
    let original = String(decoding: original, as: UTF8.self)
    let best = candidates.compactMap { $0.score?.value }.max() ?? 0
    return likeliestFirst.enumerated().map { place, number in
      let candidate = candidates[number]
      let cells = (number == shownCandidate ? self.cells : candidate.cells) ?? []
      let text = cells.map { $0.state == .open ? "░" : $0.text }.joined()
      let diff = WordDiff(original: original, draft: Self.text(of: cells))
      var details =
        candidate.score.map { [Self.behind(best, $0), "#\(number + 1)"] } ?? []
      details.append(candidate.label ?? "seed \(candidate.seed)")
      details.append("+\(diff.addedCount) −\(diff.removedCount)")
      var detail = details.joined(separator: "  ")
      if case .failed = candidate.state { detail += ", failed" }
      let masks = cells.count { $0.state == .open }
      if masks > 0 { detail += ", \(masks.counted("mask"))" }
      return Picker.Item(
        text: "\(place + 1) "
          + text.drop(while: \.isWhitespace).map { $0.isNewline ? " " : String($0) }.joined(),
        detail: detail, index: number, isScored: candidate.score != nil)
    }
  }

  /// Blanks and line ends made visible.
  static func shown(_ text: String) -> String {
    if text.isEmpty { return "(nothing)" }
    let words = text.drop { $0 == " " }
    return words.isEmpty ? "(blank)" : words.map { $0.isNewline ? "↵" : String($0) }.joined()
  }

  private static func percent(_ probability: Float) -> String {
    "\(Int((max(0, min(1, probability)) * 100).rounded())) %"
  }

  /// How far a score is below the best: `best`, `−3.2`.
  private static func behind(_ best: Double, _ score: CandidateScore) -> String {
    if score.value == best { return "best" }
    guard score.value.isFinite, best.isFinite else { return "−∞" }
    return "−\(min(best - score.value, 1e6).fixed(1))"
  }
}
