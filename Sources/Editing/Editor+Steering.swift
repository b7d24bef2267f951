internal import Documents
internal import Infilling

// Changing what a run works on or how: each change goes on as a branch of its own, and what was
// shown before is kept.

extension Editor {
  /// Goes on from `cells`: where masks are left with the engine, else without.
  mutating func steer(_ index: Int, _ cells: [InfillCell]) {
    let cursor = fills[index].cursorSlot
    let settings = fills[index].branch.next
    if cells.contains(where: { $0.state == .open }) {
      startBranch(index, from: cells, settings: settings)
    } else {
      stop(index)
      fills[index].branch.isPlaying = false
      let request = request(for: fills[index].span, settings: settings, canvas: cells)
      fills[index].branches.append(Branch(run: newRun(), request: request, cells: cells))
      fills[index].shownBranch = fills[index].branches.count - 1
      fills[index].view = .draft
      fills[index].glow = nil
      fills[index].refresh()
    }
    fills[index].cursorSlot = min(cursor, max(0, fills[index].cells.count - 1))
  }

  /// Stops asking for steps while a person decides; what is under way is recorded.
  mutating func hold(_ index: Int) {
    if fills[index].state == .running { fills[index].branch.state = .paused }
    fills[index].branch.isPlaying = false
    fills[index].view = .draft
    fills[index].glow = nil
  }

  // MARK: Words

  /// Pins the word under the review cursor, or frees it.
  mutating func togglePin(_ index: Int) {
    let fill = fills[index]
    let slots = fill.wordSlots(at: fill.cursorSlot).filter {
      fill.cells[$0].state == .draft || fill.cells[$0].state == .pinned
    }
    guard !slots.isEmpty, fill.branch.trajectory != nil else { return note("No word to pin here") }
    let pins = slots.contains { fill.cells[$0].state != .pinned }
    var cells = fill.cells
    for slot in slots { cells[slot].state = pins ? .pinned : .draft }
    steer(index, cells)
  }

  mutating func unpinAll(_ index: Int) {
    var cells = fills[index].cells
    guard cells.contains(where: { $0.state == .pinned }) else { return note("No word is pinned") }
    for slot in cells.indices where cells[slot].state == .pinned { cells[slot].state = .draft }
    steer(index, cells)
  }

  /// Masks the word under the review cursor again.
  mutating func remask(_ index: Int) {
    let fill = fills[index]
    guard fill.branch.trajectory != nil else { return note("No word to mask here") }
    var cells = fill.cells
    for slot in fill.wordSlots(at: fill.cursorSlot) { cells[slot] = .open }
    steer(index, cells)
  }

  // MARK: The least sure words

  /// Words that could be masked again, the least sure first: a word is as sure as its least sure
  /// slot.
  private func doubtfulWords(_ index: Int) -> [Range<Int>] {
    let fill = fills[index]
    let words = fill.words.compactMap { slots -> (slots: Range<Int>, confidence: Float)? in
      let drafts = fill.cells[slots].filter { $0.state == .draft }
      guard let least = drafts.map(\.confidence).min() else { return nil }
      return (slots, least)
    }
    return words.sorted {
      ($0.confidence, $0.slots.lowerBound) < ($1.confidence, $1.slots.lowerBound)
    }
    .map(\.slots)
  }

  mutating func askForDoubtfulWords(_ index: Int) {
    let count = doubtfulWords(index).count
    guard count > 0 else { return note("No word to mask") }
    hold(index)
    ask(.remask(fills[index].id), text: "\(max(1, count / 5))")
  }

  /// Masks so many words again, the least sure.
  mutating func remaskDoubtful(_ index: Int, count: String) {
    let words = doubtfulWords(index)
    guard let count = Int(count), count > 0 else { return warn("How many? A number from 1") }
    var cells = fills[index].cells
    for slots in words.prefix(count) {
      for slot in slots where cells[slot].state == .draft { cells[slot] = .open }
    }
    steer(index, cells)
    let masked = min(count, words.count)
    note(masked == 1 ? "The least sure word again" : "The \(masked) least sure words again")
  }

  // MARK: Settings of a run

  mutating func askForTemperature(_ index: Int) {
    let fill = fills[index]
    ask(.temperature(fill.id), text: Self.decimal(fill.branch.next.temperature))
  }

  mutating func askForReveal(_ index: Int) {
    let fill = fills[index]
    switch fill.branch.next.reveal {
    case .steps(let count, _): ask(.reveal(fill.id), text: "\(count)")
    case .threshold(let threshold): ask(.reveal(fill.id), text: Self.decimal(threshold))
    case .budget(let milliseconds): ask(.reveal(fill.id), text: "\(milliseconds)ms")
    }
  }

  /// `0.7`.
  mutating func setTemperature(_ index: Int, _ text: String) {
    guard let value = Double(text), (0...10).contains(value) else {
      return warn("A temperature is a number from 0 to 10")
    }
    fills[index].chosenTemperature = value
    tune(index) { $0.temperature = value }
  }

  /// `12` steps, with a decimal point or as `80%` a threshold, or `500ms`.
  mutating func setReveal(_ index: Int, _ text: String) {
    if text.hasSuffix("ms"), let time = Int(text.dropLast(2)), (1...3_600_000).contains(time) {
      return tune(index) { $0.reveal = .budget(milliseconds: time) }
    }
    if let steps = Int(text), (1...10_000).contains(steps) {
      return tune(index) { settings in
        if case .steps(_, let schedule) = settings.reveal {
          settings.reveal = .steps(steps, schedule)
        } else {
          settings.reveal = .steps(steps, .linear)
        }
      }
    }
    let isPercent = text.hasSuffix("%")
    guard let number = Double(isPercent ? String(text.dropLast()) : text) else {
      return warn("Steps such as 12, a probability such as 0.8, or a time such as 500ms")
    }
    let threshold = isPercent ? number / 100 : number
    guard threshold > 0, threshold <= 1, isPercent || text.contains(".") else {
      return warn("Steps are 1 to 10000, a probability is above 0 and at most 1")
    }
    tune(index) { $0.reveal = .threshold(threshold) }
  }

  /// A run goes on with other settings at once, from what is shown; a paused one when it is resumed;
  /// without masks the next try begins with them.
  private mutating func tune(_ index: Int, _ change: (inout InfillSettings) -> Void) {
    var next = fills[index].branch.next
    change(&next)
    fills[index].branch.next = next
    let what = Self.words(for: next)
    guard fills[index].masksLeft > 0 else { return note("For the next try: \(what)") }
    switch fills[index].state {
    case .running, .masked:
      let hasBegun = fills[index].branch.trajectory != nil
      let canvas = hasBegun ? fills[index].cells : fills[index].branch.request.canvas
      startBranch(index, from: canvas, settings: next)
      note("Goes on with \(what)")
    case .paused:
      if fills[index].branch.hasSession {
        emit(.cancelFill(fills[index].branch.run, dropping: true))
        fills[index].branch.sessionIsGone()
      }
      note("Space goes on with \(what)")
    case .settled, .failed: note("For the next try: \(what)")
    }
  }

  /// `temperature 0.7, 12 steps`.
  private static func words(for settings: InfillSettings) -> String {
    "temperature \(decimal(settings.temperature)), \(words(for: settings.reveal))"
  }

  static func words(for reveal: InfillSettings.Reveal) -> String {
    switch reveal {
    case .steps(let count, _): count == 1 ? "1 step" : "\(count) steps"
    case .threshold(let threshold): "all above \(Int((threshold * 100).rounded())) %"
    case .budget(let milliseconds): "within \(milliseconds) ms"
    }
  }

  /// At most two decimals, none where they are zero.
  static func decimal(_ value: Double) -> String {
    let hundredths = Int((value * 100).rounded())
    var text = "\(hundredths / 100).\(hundredths % 100 / 10)\(hundredths % 10)"
    while text.last == "0" { text.removeLast() }
    if text.last == "." { text.removeLast() }
    return text
  }
}
