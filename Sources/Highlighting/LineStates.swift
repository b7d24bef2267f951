/// The states at the starts of a text's lines, as far as they are known.
///
/// After an edit they are computed from the edited lines on, until one agrees with the state that the
/// line had before: from there on they are still right.
public struct LineStates: Sendable {
  private var states: [Highlighter.State] = [.initial]
  /// How many of the states hold, from the first.
  public private(set) var known = 1
  /// From this line on the others would hold if the one before them led to them.
  private var comparable = 1

  public init() {}

  /// The state at the start of a line, counted from 0; nil while it is not known.
  public func state(atLine line: Int) -> Highlighter.State? {
    line < known ? states[line] : nil
  }

  /// Lines `lines` of the text before became `count` lines, at least one each. O(lines of the text).
  public mutating func replace(lines: ClosedRange<Int>, with count: Int) {
    guard lines.lowerBound + 1 < states.count else { return }
    // The state at the first line's start comes from the lines before it.
    let first = lines.lowerBound + 1
    let last = min(lines.upperBound + 1, states.count)
    states.replaceSubrange(
      min(first, last)..<last, with: repeatElement(.initial, count: count - 1))
    let end = lines.lowerBound + count
    comparable =
      comparable > lines.upperBound ? max(end, comparable + count - lines.count) : end
    known = min(known, first)
    if states.count < known { known = states.count }
  }

  /// Computes states up to that at the start of `line`, looking at about `budget` bytes. Returns
  /// whether that one is known. `bytes` returns those of a line, nil after the last.
  public mutating func advance(
    to line: Int, budget: Int, _ highlighter: inout Highlighter, _ bytes: (Int) -> [UInt8]?
  ) -> Bool {
    var left = budget
    while known <= line {
      guard left > 0, let next = bytes(known - 1) else { return false }
      left -= next.count + 16
      let state = highlighter.end(of: next, from: states[known - 1])
      if known < states.count {
        if known >= comparable, states[known] == state {
          known = states.count
          comparable = known
          continue
        }
        if states[known] != state {
          states[known] = state
          // The next one followed from the old state.
          comparable = max(comparable, known + 1)
        }
      } else {
        states.append(state)
      }
      known += 1
    }
    return true
  }
}
