internal import Infilling

// Lists of a review: what else could stand in a slot, and the tries so far.

extension Editor {
  /// Lists what the engine considered at the review cursor: at the first slot of the word where
  /// there is anything to choose.
  mutating func listAlternatives(_ index: Int) {
    let fill = fills[index]
    let slots = fill.wordSlots(at: fill.cursorSlot)
    guard let slot = slots.first(where: { !fill.cells[$0].alternatives.isEmpty }) else {
      return show(.noAlternatives)
    }
    hold(index)
    listAlternatives(index, slot: slot)
  }

  private mutating func listAlternatives(_ index: Int, slot: Int) {
    let cell = fills[index].cells[slot]
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
    fills[index].cursorSlot = slot
    picker = Picker(
      .alternatives(fills[index].id, slot: slot), items, selected: min(1, items.count - 1))
  }

  /// Goes on to the runners-up of the next slot that has any.
  mutating func moveSlot(by step: Int) {
    guard case .alternatives(let id, let slot)? = picker?.kind,
      let index = fills.firstIndex(where: { $0.id == id })
    else { return }
    var next = slot + step
    while fills[index].cells.indices.contains(next) {
      if !fills[index].cells[next].alternatives.isEmpty {
        return listAlternatives(index, slot: next)
      }
      next += step
    }
  }

  /// Pins what was chosen; what is left of the word behind it is masked, for it belonged to another
  /// word.
  mutating func takeAlternative(_ index: Int, slot: Int, number: Int) {
    var cells = fills[index].cells
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
    let rest = fills[index].wordSlots(at: slot).filter { $0 > slot && cells[$0].state == .draft }
    for slot in rest { cells[slot] = .open }
    cells[slot] = InfillCell(
      state: chosen.text.isEmpty ? .deleted : .pinned, token: chosen.token, text: chosen.text,
      confidence: chosen.probability, alternatives: InfillAlternatives(others))
    steer(index, cells)
    show(.pinned(Self.shown(chosen.text)))
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

  // MARK: Tries

  /// Lists the tries with what each changes in the original, the likeliest first where they were
  /// compared.
  mutating func listBranches(_ index: Int) {
    let order = likeliestFirst(fills[index])
    let shown = fills[index].shownBranch
    picker = Picker(
      .branches(fills[index].id), branchItems(of: fills[index]),
      selected: order.firstIndex(of: shown) ?? 0)
    picker?.branchBefore = shown
  }

  /// Branches by score, those without one behind in their order.
  private func likeliestFirst(_ fill: Fill) -> [Int] {
    fill.branches.indices.sorted {
      let (a, b) = (fill.branches[$0].score?.value, fill.branches[$1].score?.value)
      switch (a, b) {
      case (let a?, let b?): return a != b ? a > b : $0 < $1
      case (nil, nil): return $0 < $1
      default: return a != nil
      }
    }
  }

  private func branchItems(of fill: Fill) -> [Picker.Item] {
    let original = String(decoding: fill.original, as: UTF8.self)
    let best = fill.branches.compactMap { $0.score?.value }.max() ?? 0
    return likeliestFirst(fill).enumerated().map { place, number in
      let branch = fill.branches[number]
      let cells = (number == fill.shownBranch ? fill.cells : branch.cells) ?? []
      let text = cells.map { $0.state == .open ? "░" : $0.text }.joined()
      let diff = WordDiff(original: original, draft: Fill.text(of: cells))
      var details =
        branch.score.map { [Self.behind(best, $0), "#\(number + 1)"] } ?? []
      details.append(branch.remark ?? "seed \(branch.seed)")
      details.append("+\(diff.addedCount) −\(diff.removedCount)")
      var detail = details.joined(separator: "  ")
      if case .failed = branch.state { detail += ", failed" }
      switch cells.count(where: { $0.state == .open }) {
      case 0: break
      case 1: detail += ", 1 mask"
      case let masks: detail += ", \(masks) masks"
      }
      return Picker.Item(
        text: "\(place + 1) "
          + text.drop(while: \.isWhitespace).map { $0.isNewline ? " " : String($0) }.joined(),
        detail: detail, index: number, isScored: branch.score != nil)
    }
  }

  /// How far a score is behind the best: `best`, `−3.2`.
  private static func behind(_ best: Double, _ score: CandidateScore) -> String {
    if score.value == best { return "best" }
    guard score.value.isFinite, best.isFinite else { return "−∞" }
    let tenths = Int((min(best - score.value, 1e6) * 10).rounded())
    return "−\(tenths / 10).\(tenths % 10)"
  }

  /// Shows the try that the list of tries has selected.
  mutating func previewSelected() {
    guard case .branches(let id)? = picker?.kind, let picker,
      picker.items.indices.contains(picker.selected),
      let fill = fills.firstIndex(where: { $0.id == id })
    else { return }
    show(branch: picker.items[picker.selected].index, of: fill)
  }

  /// Shows word by word how the selected try differs from the one shown before the list was opened,
  /// or no more.
  mutating func compareSelected(_ id: Fill.ID) {
    guard let fill = fills.firstIndex(where: { $0.id == id }) else { return }
    if fills[fill].view == .differences {
      fills[fill].view = .draft
      fills[fill].comparedBranch = nil
    } else {
      fills[fill].view = .differences
      fills[fill].comparedBranch = picker?.branchBefore
    }
  }

  /// Keeps the list of tries up to date while they change, the same one selected.
  mutating func refreshBranchList() {
    guard case .branches(let id)? = picker?.kind, var list = picker,
      let fill = fills.first(where: { $0.id == id })
    else { return }
    let selected =
      list.items.indices.contains(list.selected) ? list.items[list.selected].index : 0
    list.items = branchItems(of: fill)
    list.selected = list.items.firstIndex { $0.index == selected } ?? 0
    picker = list
  }
}
