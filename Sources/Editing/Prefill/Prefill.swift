internal import Infilling

/// The text around a selection is read while the engine has nothing else to do: the first step after
/// the key then has only the passage to run.
struct Prefill: Sendable, Equatable {
  /// A selection that could be filled as it is.
  struct Place: Sendable, Equatable {
    var span: Range<Int>
    var revision: Int
  }

  enum Event {
    /// What could be filled now; nil where nothing is selected or the engine has work.
    case selection(Place?)
    /// The selection has rested: this is what filling it would ask for.
    case rested(InfillRequest)
  }

  static let restMilliseconds = 150

  private(set) var place: Place?
  /// Whether the selection has rested, and the engine been asked.
  private var isAsked = false

  mutating func handle(_ event: Event) -> [Effect] {
    switch event {
    case .selection(let present):
      guard present != place else { return [] }
      let withdrawal: [Effect] = isAsked ? [.readAhead(nil)] : []
      place = present
      isAsked = false
      guard present != nil else { return withdrawal }
      return withdrawal + [.wake(.reading, afterMilliseconds: Self.restMilliseconds)]
    case .rested(let request):
      guard place != nil, !isAsked else { return [] }
      isAsked = true
      return [.readAhead(request)]
    }
  }
}
