// Tokens that were just unmasked fade from the look of new ones to that of the draft. The fading
// lives on a timer that stops with it: nothing wakes an editor in which nothing fades.

extension Passage {
  /// Shades of the fading, and how long each is shown.
  public static let shades: UInt8 = 3
  static let shadeMilliseconds = 50
}

extension Editor {
  /// The slots that the shown step changed begin to fade; those of steps before are at least a
  /// shade on.
  mutating func highlight(_ index: Int) {
    guard !settings.reducesMotion, !shared.isAway else {
      passages[index].highlights = nil
      return
    }
    let slots = passages[index].freshSlots
    var highlights = (passages[index].highlights ?? [:]).mapValues { max(1, $0) }
    highlights = highlights.filter { $0.key < passages[index].cells.count }
    for slot in slots { highlights[slot] = 0 }
    let wasStill = !passages.contains { !($0.highlights ?? [:]).isEmpty }
    passages[index].highlights = highlights
    if wasStill, !highlights.isEmpty { waitForNextShade() }
  }

  private mutating func waitForNextShade() {
    emit(.wake(.fading, afterMilliseconds: Passage.shadeMilliseconds))
  }

  /// Nothing fades while nobody looks. Other programs may have been at the files meanwhile.
  mutating func receiveFocus(_ isHere: Bool) {
    shared.isAway = !isHere
    if isHere { emit(.lookAtFiles) }
  }

  mutating func fade() {
    guard !shared.isAway else {
      for index in passages.indices { passages[index].highlights = nil }
      return
    }
    var isFading = false
    for index in passages.indices {
      guard let highlights = passages[index].highlights else { continue }
      let rest = highlights.mapValues { $0 + 1 }.filter { $0.value < Passage.shades }
      passages[index].highlights = rest
      isFading = isFading || !rest.isEmpty
    }
    if isFading { waitForNextShade() }
  }
}
