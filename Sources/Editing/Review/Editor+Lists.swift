internal import Infilling
internal import Strings

// Lists of a review: alternatives for a slot, and the candidates so far.

extension Editor {
  /// Lists what the engine considered at the review cursor: at the first slot of the word where
  /// there is anything to choose.
  mutating func listAlternatives(_ index: Int) {
    let passage = passages[index]
    let slots = passage.wordSlots(at: passage.cursorSlot)
    guard let slot = slots.first(where: { !passage.cells[$0].alternatives.isEmpty }) else {
      return show(.noAlternatives)
    }
    hold(index)
    listAlternatives(index, slot: slot)
  }

  private mutating func listAlternatives(_ index: Int, slot: Int) {
    let cell = passages[index].cells[slot]
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
    passages[index].cursorSlot = slot
    picker = Picker(
      .alternatives(passages[index].id, slot: slot), items, selected: min(1, items.count - 1))
  }

  /// Goes on to the runners-up of the next slot that has any.
  mutating func moveSlot(by step: Int) {
    guard case .alternatives(let id, let slot)? = picker?.kind,
      let index = index(of: id)
    else { return }
    var next = slot + step
    while passages[index].cells.indices.contains(next) {
      if !passages[index].cells[next].alternatives.isEmpty {
        return listAlternatives(index, slot: next)
      }
      next += step
    }
  }

  /// Pins what was chosen; what is left of the word after it is masked, for it belonged to another
  /// word.
  mutating func takeAlternative(_ index: Int, slot: Int, number: Int) {
    var cells = passages[index].cells
    guard cells.indices.contains(slot) else { return }
    if number < 0 {
      cells[slot].state = .pinned
      return steer(index, cells)
    }
    guard cells[slot].alternatives.indices.contains(number) else { return }
    let chosen = cells[slot].alternatives[number]
    var others = Array(cells[slot].alternatives)
    others.remove(at: number)
    if cells[slot].state != .open, let token = cells[slot].token {
      others.insert(
        InfillAlternative(
          token: token, text: cells[slot].text, probability: cells[slot].confidence),
        at: 0)
    }
    let rest = passages[index].wordSlots(at: slot).filter { $0 > slot && cells[$0].state == .draft }
    for slot in rest { cells[slot] = .open }
    cells[slot] = InfillCell(
      state: chosen.text.isEmpty ? .deleted : .pinned, token: chosen.token, text: chosen.text,
      confidence: chosen.probability, alternatives: InfillAlternatives(others))
    let run = passages[index].candidate.id
    steer(index, cells)
    show(.pinned(Self.shown(chosen.text)))
    makeAgree(index, with: slot, from: run)
  }

  /// Blanks and line ends made visible.
  private static func shown(_ text: String) -> String {
    if text.isEmpty { return "(nothing)" }
    let words = text.drop { $0 == " " }
    return words.isEmpty ? "(blank)" : words.map { $0.isNewline ? "↵" : String($0) }.joined()
  }

  private static func percent(_ probability: Float) -> String {
    "\(Int((max(0, min(1, probability)) * 100).rounded())) %"
  }

  // MARK: Candidates

  /// Lists the candidates with what each changes in the original, the likeliest first where they
  /// were compared.
  mutating func listCandidates(_ index: Int) {
    let order = likeliestFirst(passages[index])
    let shown = passages[index].shownCandidate
    picker = Picker(
      .candidates(passages[index].id), candidateItems(of: passages[index]),
      selected: order.firstIndex(of: shown) ?? 0)
    picker?.candidateBefore = shown
  }

  /// Candidates by score; those without one follow in their order.
  private func likeliestFirst(_ passage: Passage) -> [Int] {
    passage.candidates.indices.sorted {
      let (a, b) = (passage.candidates[$0].score?.value, passage.candidates[$1].score?.value)
      switch (a, b) {
      case (let a?, let b?): return a != b ? a > b : $0 < $1
      case (nil, nil): return $0 < $1
      default: return a != nil
      }
    }
  }

  private func candidateItems(of passage: Passage) -> [Picker.Item] {
    let original = String(decoding: passage.original, as: UTF8.self)
    let best = passage.candidates.compactMap { $0.score?.value }.max() ?? 0
    return likeliestFirst(passage).enumerated().map { place, number in
      let candidate = passage.candidates[number]
      let cells = (number == passage.shownCandidate ? passage.cells : candidate.cells) ?? []
      let text = cells.map { $0.state == .open ? "░" : $0.text }.joined()
      let diff = WordDiff(original: original, draft: Passage.text(of: cells))
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

  /// How far a score is behind the best: `best`, `−3.2`.
  private static func behind(_ best: Double, _ score: CandidateScore) -> String {
    if score.value == best { return "best" }
    guard score.value.isFinite, best.isFinite else { return "−∞" }
    return "−\(min(best - score.value, 1e6).fixed(1))"
  }

  /// Shows the candidate selected in the list.
  mutating func previewSelected() {
    guard case .candidates(let id)? = picker?.kind, let picker,
      picker.items.indices.contains(picker.selected),
      let passage = index(of: id)
    else { return }
    show(candidate: picker.items[picker.selected].index, of: passage)
  }

  /// Shows word by word how the selected candidate differs from the one shown before the list was
  /// opened, or no more.
  mutating func compareSelected(_ id: Passage.ID) {
    guard let passage = index(of: id) else { return }
    if passages[passage].view == .differences {
      passages[passage].view = .draft
      passages[passage].comparedCandidate = nil
    } else {
      passages[passage].view = .differences
      passages[passage].comparedCandidate = picker?.candidateBefore
    }
  }

  /// Updates the list of candidates, the same one selected.
  mutating func refreshCandidateList() {
    guard case .candidates(let id)? = picker?.kind, var list = picker,
      let passage = passages.first(where: { $0.id == id })
    else { return }
    let selected =
      list.items.indices.contains(list.selected) ? list.items[list.selected].index : 0
    list.items = candidateItems(of: passage)
    list.selected = list.items.firstIndex { $0.index == selected } ?? 0
    picker = list
  }
}
