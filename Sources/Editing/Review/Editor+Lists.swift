internal import Infilling

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
    let items = passages[index].alternativeItems(of: slot)
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
    show(.pinned(Passage.shown(chosen.text)))
    makeAgree(index, with: slot, from: run)
  }

  // MARK: Candidates

  /// Lists the candidates with what each changes in the original, the likeliest first where they
  /// were compared.
  mutating func listCandidates(_ index: Int) {
    let order = passages[index].likeliestFirst
    let shown = passages[index].shownCandidate
    picker = Picker(
      .candidates(passages[index].id), passages[index].candidateItems,
      selected: order.firstIndex(of: shown) ?? 0)
    picker?.candidateBefore = shown
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
    list.items = passage.candidateItems
    list.selected = list.items.firstIndex { $0.index == selected } ?? 0
    picker = list
  }
}
