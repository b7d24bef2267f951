// Tokens that were just revealed fade from the look of new ones to that of the draft. The fading
// lives on a timer that stops with it: nothing wakes an editor in which nothing fades.

extension Fill {
  /// Shades of the fading, and how long each is shown.
  public static let shades: UInt8 = 3
  static let shadeMilliseconds = 50
}

extension Editor {
  /// The slots that the shown step changed begin to fade; those of steps before are at least a
  /// shade on.
  mutating func kindle(_ index: Int) {
    guard !settings.reducesMotion else {
      fills[index].glow = nil
      return
    }
    let slots = fills[index].freshSlots
    var glow = (fills[index].glow ?? [:]).mapValues { max(1, $0) }
    glow = glow.filter { $0.key < fills[index].cells.count }
    for slot in slots { glow[slot] = 0 }
    let wasDark = !fills.contains { !($0.glow ?? [:]).isEmpty }
    fills[index].glow = glow
    if wasDark, !glow.isEmpty { waitForNextShade() }
  }

  private mutating func waitForNextShade() {
    emit(.wake(.fading, afterMilliseconds: Fill.shadeMilliseconds))
  }

  mutating func fade() {
    var isGlowing = false
    for index in fills.indices {
      guard let glow = fills[index].glow else { continue }
      let rest = glow.mapValues { $0 + 1 }.filter { $0.value < Fill.shades }
      fills[index].glow = rest
      isGlowing = isGlowing || !rest.isEmpty
    }
    if isGlowing { waitForNextShade() }
  }
}
