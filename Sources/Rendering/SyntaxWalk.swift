internal import Editing
internal import Highlighting

/// The styles of highlighted text, for cells in the order of the document.
struct SyntaxWalk {
  private let spans: [SyntaxSpan]
  private let looks: CellLooks
  private var next = 0
  private var style: Style?

  init(_ spans: [SyntaxSpan], _ looks: CellLooks) {
    self.spans = spans
    self.looks = looks
    style = spans.first.flatMap { looks.style(of: $0.role) }
  }

  /// The style at an offset, which is not before that of the last call.
  @inline(__always)
  mutating func style(at offset: Int) -> Style? {
    guard next < spans.count else { return nil }
    if spans[next].range.upperBound <= offset { advance(to: offset) }
    return next < spans.count && spans[next].range.lowerBound <= offset ? style : nil
  }

  private mutating func advance(to offset: Int) {
    while next < spans.count, spans[next].range.upperBound <= offset { next += 1 }
    style = next < spans.count ? looks.style(of: spans[next].role) : nil
  }
}

/// Ranges that are asked about for cells in the order of the document.
struct RangeWalk {
  private let ranges: [Range<Int>]
  private var next = 0

  /// Ascending, without overlap.
  init(_ ranges: [Range<Int>]) { self.ranges = ranges }

  /// Whether an offset, which is not before that of the last call, is in one of them.
  @inline(__always)
  mutating func contains(_ offset: Int) -> Bool {
    while next < ranges.count, ranges[next].upperBound <= offset { next += 1 }
    return next < ranges.count && ranges[next].lowerBound <= offset
  }
}
