internal import Infilling

// Lists of a review: what else could stand in a slot, and the tries so far.

extension Editor {
  /// Lists what the engine considered at the review cursor: at the first slot of the word where
  /// there is anything to choose.
  mutating func listAlternatives(_ index: Int) {
    let fill = fills[index]
    let slots = fill.wordSlots(at: fill.cursorSlot)
    guard let slot = slots.first(where: { !fill.cells[$0].alternatives.isEmpty }) else {
      return note("Nothing else was considered here")
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
    var others = cells[slot].alternatives
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
      confidence: chosen.probability, alternatives: others)
    steer(index, cells)
    note("Pinned \u{201c}\(Self.shown(chosen.text))\u{201d}")
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

  /// Lists the tries with what each changes in the original.
  mutating func listBranches(_ index: Int) {
    let fill = fills[index]
    let original = String(decoding: fill.original, as: UTF8.self)
    let items = fill.branches.indices.map { number in
      let branch = fill.branches[number]
      var shown = fill
      shown.shownBranch = number
      shown.refresh()
      let diff = WordDiff(original: original, draft: shown.text)
      let masks = shown.masksLeft
      let state = masks == 0 ? "" : masks == 1 ? ", 1 mask" : ", \(masks) masks"
      return Picker.Item(
        text: "\(number + 1) " + shown.text.map { $0.isNewline ? " " : String($0) }.joined(),
        detail: "seed \(branch.seed)  +\(diff.addedCount) −\(diff.removedCount)\(state)",
        index: number)
    }
    picker = Picker(.branches(fill.id), items, selected: fill.shownBranch)
  }
}
