import Editing

/// Steps of the engine that are not shown yet, in the order of their arrival.
struct StepQueue {
  private typealias Entry = (run: RunID, reply: RunReply, due: ContinuousClock.Instant)

  /// How long steps are handed over before the loop looks for keys again.
  static let slice = Duration.milliseconds(2)

  private var entries: [Entry] = []

  /// When the next step is due; nil without one. O(steps).
  var due: ContinuousClock.Instant? { entries.lazy.map(\.due).min() }

  /// Adds a step that is due at `due`, or with the last step of its run if that is later: the steps of a
  /// run stay in order. O(steps).
  mutating func append(_ reply: RunReply, of run: RunID, due: ContinuousClock.Instant) {
    let last = entries.last { $0.run == run }?.due
    entries.append((run, reply, max(due, last ?? due)))
  }

  /// Hands over the steps that are due, one after another, until none is left or `slice` has passed.
  /// Returns whether there were any; at least one is handed over if one is due.
  ///
  /// - Parameter now: reads the clock.
  mutating func release(
    now: @autoclosure () -> ContinuousClock.Instant, to take: (RunID, RunReply) -> Void
  ) -> Bool {
    var time = now()
    let end = time + Self.slice
    var hasReleased = false
    while let index = entries.firstIndex(where: { $0.due <= time }) {
      let entry = entries.remove(at: index)
      take(entry.run, entry.reply)
      hasReleased = true
      time = now()
      if time >= end { break }
    }
    return hasReleased
  }
}
