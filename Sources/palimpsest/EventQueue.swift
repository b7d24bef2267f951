import Editing

/// Events of the terminal that are not handled yet. They can be held back for a moment, so that a key
/// after a save finds the document saved, and one after a paste finds the text pasted.
struct EventQueue {
  private var events: [Event] = []
  private var heldUntil: ContinuousClock.Instant?

  /// When events that are held back are handled at the latest; nil when none is.
  var due: ContinuousClock.Instant? { events.isEmpty ? nil : heldUntil }

  mutating func append(_ events: [Event]) { self.events += events }

  /// Holds events back until `time` or `release`.
  mutating func hold(until time: ContinuousClock.Instant) { heldUntil = time }

  mutating func release() { heldUntil = nil }

  /// Removes and returns the first event; nil when there is none or it is held back.
  mutating func takeNext(now: ContinuousClock.Instant) -> Event? {
    if let heldUntil, heldUntil > now { return nil }
    return events.isEmpty ? nil : events.removeFirst()
  }
}
