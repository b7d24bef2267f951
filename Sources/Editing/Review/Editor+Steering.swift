internal import DecodingPolicies
internal import Documents
internal import Infilling
internal import Strings

// Changing what a run works on or how: each change becomes a new candidate, and what was
// shown before is kept.

extension Editor {
  /// Goes on from `cells`: where masks are left with the engine, else without.
  mutating func steer(_ index: Int, _ cells: [InfillCell]) {
    let cursor = passages[index].cursorSlot
    passages[index].selectionAnchor = nil
    let settings = passages[index].candidate.next
    if cells.contains(where: { $0.state == .open }) {
      startCandidate(index, from: cells, settings: settings)
    } else {
      continueShown(index, from: cells, settings: settings) { Candidate($0, $1, cells: cells) }
    }
    passages[index].cursorSlot = min(cursor, max(0, passages[index].cells.count - 1))
  }

  /// Stops asking for steps while a person decides; what is under way is recorded.
  mutating func hold(_ index: Int) {
    passages[index].candidate.run.pause()
    passages[index].isPlaying = false
    passages[index].view = .draft
    passages[index].highlights = nil
  }

  // MARK: Words

  /// Pins the chosen words, or frees them where all are pinned.
  mutating func togglePin(_ index: Int) {
    let passage = passages[index]
    let slots = passage.chosenSlots.filter {
      passage.cells[$0].state == .draft || passage.cells[$0].state == .pinned
    }
    guard !slots.isEmpty, passage.candidate.trajectory != nil else { return show(.noWordToPin) }
    let pins = slots.contains { passage.cells[$0].state != .pinned }
    var cells = passage.cells
    for slot in slots { cells[slot].state = pins ? .pinned : .draft }
    steer(index, cells)
  }

  mutating func unpinAll(_ index: Int) {
    var cells = passages[index].cells
    guard cells.contains(where: { $0.state == .pinned }) else { return show(.nothingPinned) }
    for slot in cells.indices where cells[slot].state == .pinned { cells[slot].state = .draft }
    steer(index, cells)
  }

  /// Masks the chosen words again.
  mutating func remask(_ index: Int) {
    let passage = passages[index]
    guard passage.candidate.trajectory != nil else { return show(.noWordToMask) }
    var cells = passage.cells
    for slot in passage.chosenSlots { cells[slot] = .open }
    steer(index, cells)
  }

  // MARK: The least sure words

  mutating func askForDoubtfulWords(_ index: Int) {
    let count = passages[index].leastCertainWords.count
    guard count > 0 else { return show(.noWordToMask) }
    hold(index)
    ask(
      about: index, "Mask how many of the least certain words: ", text: "\(max(1, count / 5))"
    ) { $0.remaskDoubtful($1, count: $2) }
  }

  /// Masks the `count` least certain words again.
  mutating func remaskDoubtful(_ index: Int, count: String) -> Message? {
    let words = passages[index].leastCertainWords
    guard let count = Int(count), count > 0 else { return .numberExpected(1...Int.max) }
    var cells = passages[index].cells
    for slots in words.prefix(count) {
      for slot in slots where cells[slot].state == .draft { cells[slot] = .open }
    }
    steer(index, cells)
    show(.remasked(min(count, words.count)))
    return nil
  }

  mutating func toggleFollowing(_ index: Int) {
    passages[index].followsSteps.toggle()
    show(.following(passages[index].followsSteps))
  }

  // MARK: Settings of a run

  mutating func askForTemperature(_ index: Int) {
    let passage = passages[index]
    ask(
      about: index, "Temperature, 0 for the policy's own: ",
      text: Self.decimal(passage.candidate.next.temperature)
    ) { $0.setTemperature($1, $2) }
  }

  mutating func askForUnmasking(_ index: Int) {
    let unmasking = passages[index].candidate.next.unmasking
    let present =
      unmasking.quality.map { "q\($0)" }
      ?? {
        switch unmasking {
        case .steps(let count, _): "\(count)"
        case .threshold(let threshold, _): Self.decimal(threshold)
        case .budget(let milliseconds): "\(Int(milliseconds))ms"
        default: ""
        }
      }()
    ask(about: index, "Steps, 0.8, 500ms or quality 3: ", text: present) { $0.setUnmasking($1, $2) }
  }

  /// `0.7`.
  mutating func setTemperature(_ index: Int, _ text: String) -> Message? {
    guard let value = Double(text), (0...10).contains(value) else { return .temperatureExpected }
    passages[index].chosenTemperature = value
    tune(index) { $0.temperature = value }
    return nil
  }

  /// What `UnmaskingPolicy` can be spelled as: steps, a threshold, a time, a quality.
  mutating func setUnmasking(_ index: Int, _ text: String) -> Message? {
    var schedule = Schedule.linear
    if case .steps(_, let present) = passages[index].candidate.next.unmasking { schedule = present }
    guard let unmasking = UnmaskingPolicy(spelled: text, schedule: schedule) else {
      return .unmaskingExpected
    }
    tune(index) { $0.unmasking = unmasking }
    return nil
  }

  /// A level up or down; from a number of steps or a time to the middle.
  mutating func changeQuality(_ index: Int, by levels: Int) {
    let qualities = UnmaskingPolicy.qualities
    let present = passages[index].candidate.next.unmasking.quality
    let next = present.map { $0 + levels } ?? (qualities.lowerBound + qualities.upperBound) / 2
    guard qualities.contains(next) else { return show(.qualityLimit(isHighest: levels > 0)) }
    tune(index) { $0.unmasking = .quality(next) }
  }

  /// A run continues with other settings at once, from what is shown, a search from its beginning;
  /// a paused one when it is resumed; without masks the next candidate uses them.
  mutating func tune(_ index: Int, _ change: (inout DecodingConfiguration) -> Void) {
    var next = passages[index].candidate.next
    change(&next)
    passages[index].candidate.next = next
    let what = Self.words(for: next)
    guard passages[index].masksLeft > 0 else { return show(.forNextCandidate(what)) }
    switch passages[index].state {
    case .idle, .opening, .running:
      let candidate = passages[index].candidate
      let hasBegun = candidate.trajectory != nil
      let isSearch = candidate.trajectory?.isSearch ?? false
      startCandidate(
        index, from: hasBegun && !isSearch ? passages[index].cells : candidate.request.canvas,
        settings: next)
      // Nothing has come of a run that has not begun.
      if !hasBegun { forget(candidate.id, of: index) }
      show(.continues(isSearch: isSearch, with: what))
    case .paused, .dropped:
      drive(index, passages[index].shownCandidate) { $0.drop() }
      show(.resumesWith(what))
    case .ended, .failed: show(.forNextCandidate(what))
    }
  }

  private mutating func forget(_ run: RunID, of index: Int) {
    let shown = passages[index].candidate.id
    passages[index].candidates.removeAll { $0.id == run }
    passages[index].shownCandidate = passages[index].candidates.firstIndex { $0.id == shown } ?? 0
  }

  /// `temperature 0.7, 12 steps`; 0 is the policy's own and goes without saying.
  private static func words(for settings: DecodingConfiguration) -> String {
    var parts = [settings.unmasking.words]
    if settings.temperature > 0 {
      parts.insert("temperature \(decimal(settings.temperature))", at: 0)
    }
    if settings.guidance > 0 { parts.append("guidance \(decimal(settings.guidance))") }
    return parts.joined(separator: ", ")
  }

  /// At most two decimals, none where they are zero.
  static func decimal(_ value: Double) -> String {
    var text = value.fixed(2)
    while text.last == "0" { text.removeLast() }
    if text.last == "." { text.removeLast() }
    return text
  }
}
