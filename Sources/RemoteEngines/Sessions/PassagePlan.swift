internal import DecodingPolicies
internal import Infilling

/// A passage as a text engine fills it: words that are kept, and gaps that are filled one after the
/// other, each with all that stands around it in view.
struct PassagePlan: Sendable, Equatable {
  enum Piece: Sendable, Equatable {
    case kept([InfillCell])
    /// So many masks.
    case gap(Int)
  }

  private(set) var pieces: [Piece]
  private let request: InfillRequest

  /// Where the request has no canvas, all of the passage is one gap.
  init(_ request: InfillRequest) {
    self.request = request
    guard let canvas = request.canvas else {
      let words = request.original.words.count
      pieces = [.gap(max(1, request.settings.slots ?? (words == 0 ? 8 : words)))]
      return
    }
    pieces = []
    for var cell in canvas where cell.state != .deleted {
      // A token is one of whichever engine chose it.
      cell.token = nil
      switch (pieces.last, cell.state == .open) {
      case (.gap(let count)?, true): pieces[pieces.count - 1] = .gap(count + 1)
      case (_, true): pieces.append(.gap(1))
      case (.kept(let cells)?, false): pieces[pieces.count - 1] = .kept(cells + [cell])
      case (_, false): pieces.append(.kept([cell]))
      }
    }
  }

  /// Whether nothing of the passage is kept.
  var isWhole: Bool { pieces.count == 1 && firstGap == 0 }

  /// Index of the first gap; nil where all is filled.
  var firstGap: Int? { pieces.firstIndex { if case .gap = $0 { true } else { false } } }

  /// The cells with `written` in the first gap, followed by as many masks as are left of it; by none
  /// once it is `closed`, or where open cells are among those written.
  func cells(writing written: [InfillCell] = [], closed: Bool = false) -> [InfillCell] {
    let gap = firstGap
    return pieces.indices.flatMap { index -> [InfillCell] in
      switch pieces[index] {
      case .kept(let cells): return cells
      case .gap(let count) where index == gap:
        let isShown = closed || written.contains { $0.state == .open }
        let open = isShown ? 0 : max(1, count - written.count)
        return written + Array(repeating: .open, count: open)
      case .gap(let count): return Array(repeating: .open, count: count)
      }
    }
  }

  /// Makes the first gap what was written into it.
  mutating func close(with written: [InfillCell]) {
    if let gap = firstGap { pieces[gap] = .kept(written) }
  }

  /// The first gap as a request to an engine, after `written` of it. Traps where there is none.
  func gap(after written: String, before: Int, after: Int) -> Gap {
    guard let index = firstGap, case .gap(let slots) = pieces[index] else {
      preconditionFailure("all is filled")
    }
    let staysWithinLine =
      !request.original.isEmpty && !request.original.contains(where: \.isNewline)
    return Gap(
      prefix: request.prefix + Self.text(pieces[..<index]) + written,
      original: isWhole && written.isEmpty ? request.original : "",
      suffix: Self.text(pieces[(index + 1)...]) + request.suffix,
      instruction: request.instruction, settings: request.settings, before: before, after: after,
      slots: slots, staysWithinLine: staysWithinLine)
  }

  private static func text(_ pieces: ArraySlice<Piece>) -> String {
    pieces.map { if case .kept(let cells) = $0 { cells.map(\.text).joined() } else { "" } }.joined()
  }
}
