import Editing

/// The timers of all documents that are set.
struct Timers {
  private struct Key: Hashable {
    var document: DocumentID
    var timer: Timer
  }

  private var times: [Key: ContinuousClock.Instant] = [:]

  /// When the next timer ends; nil without one. O(timers).
  var due: ContinuousClock.Instant? { times.values.min() }

  /// Sets a timer of a document, in place of the same one if it is set.
  mutating func set(_ timer: Timer, of document: DocumentID, to time: ContinuousClock.Instant) {
    times[Key(document: document, timer: timer)] = time
  }

  /// Removes the timers of a document.
  mutating func removeAll(of document: DocumentID) {
    times = times.filter { $0.key.document != document }
  }

  /// Removes and returns the timer that ended first; nil when none has ended. O(timers).
  mutating func takeNext(now: ContinuousClock.Instant) -> (document: DocumentID, timer: Timer)? {
    guard let first = times.min(by: { $0.value < $1.value }), first.value <= now else { return nil }
    times[first.key] = nil
    return (first.key.document, first.key.timer)
  }
}
