internal import Rendering

/// Numbers of curses colour pairs by colours. Pure: the caller defines new pairs in curses.
struct PairCache {
  struct Colors: Hashable {
    var foreground: Int
    var background: Int
  }

  /// Pairs of the terminal, number 0, the default colours, among them.
  let capacity: Int
  private var numbers: [Colors: Int] = [:]
  /// A pair was asked for that no number was left for.
  private(set) var isFull = false

  init(capacity: Int) { self.capacity = max(1, capacity) }

  /// The pair for two colours (-1: the terminal's own), and whether it must be defined first. When
  /// no number is left: any pair of the same ground, else number 0.
  mutating func number(foreground: Int, background: Int) -> (pair: Int, isNew: Bool) {
    if foreground == -1, background == -1 { return (0, false) }
    let colors = Colors(foreground: foreground, background: background)
    if let known = numbers[colors] { return (known, false) }
    guard numbers.count + 1 < capacity else {
      isFull = true
      let near = numbers.filter { $0.key.background == background }.map(\.value).min()
      return (near ?? 0, false)
    }
    let fresh = numbers.count + 1
    numbers[colors] = fresh
    return (fresh, true)
  }

  /// Forgets all pairs. Cells drawn with them must be redrawn.
  mutating func reset() {
    numbers = [:]
    isFull = false
  }
}
