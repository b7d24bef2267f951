internal import Documents

/// Texts of earlier sessions that are offered one after another.
struct RecoveryQueue: Sendable {
  private var waiting: [Recovery] = []
  /// Of this series, those that were offered included.
  private var count = 0

  mutating func add(_ recoveries: [Recovery]) {
    waiting += recoveries
    count += recoveries.count
  }

  /// The next one that differs from `text`, nil at the end of the series, and the IDs of those before it,
  /// which do not.
  mutating func next(beside text: Text) -> (offer: Recovering?, equal: [String]) {
    var equal: [String] = []
    while !waiting.isEmpty {
      let next = waiting.removeFirst()
      let diff = RecoveryDiff(from: text, to: next.text)
      if diff.rows > 0, text != next.text {
        let number = count - waiting.count
        return (Recovering(recovery: next, diff: diff, number: number, count: count), equal)
      }
      equal.append(next.id)
    }
    count = 0
    return (nil, equal)
  }
}
