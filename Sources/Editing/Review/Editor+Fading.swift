// Tokens that were just revealed fade from the look of new ones to that of the draft. The fading
// lives on a timer that stops with it: nothing wakes an editor in which nothing fades.

extension Passage {
  /// Shades of the fading, and how long each is shown.
  public static let shades: UInt8 = 3
  static let shadeMilliseconds = 50
}

extension Editor {
  /// The slots that the shown step changed begin to fade; those of steps before are at least a
  /// shade on.
  mutating func kindle(_ index: Int) {
    guard !settings.reducesMotion else {
      passages[index].glow = nil
      return
    }
    let slots = passages[index].freshSlots
    var glow = (passages[index].glow ?? [:]).mapValues { max(1, $0) }
    glow = glow.filter { $0.key < passages[index].cells.count }
    for slot in slots { glow[slot] = 0 }
    let wasDark = !passages.contains { !($0.glow ?? [:]).isEmpty }
    passages[index].glow = glow
    if wasDark, !glow.isEmpty { waitForNextShade() }
  }

  private mutating func waitForNextShade() {
    emit(.wake(.fading, afterMilliseconds: Passage.shadeMilliseconds))
  }

  mutating func fade() {
    var isGlowing = false
    for index in passages.indices {
      guard let glow = passages[index].glow else { continue }
      let rest = glow.mapValues { $0 + 1 }.filter { $0.value < Passage.shades }
      passages[index].glow = rest
      isGlowing = isGlowing || !rest.isEmpty
    }
    if isGlowing { waitForNextShade() }
  }
}
