public import Infilling

/// What a span was filled with, and what it took.
public struct SpanResult: Sendable, Equatable {
  /// Why the text ends.
  public enum End: Sendable, Equatable {
    /// The passage is complete.
    case complete
    /// One of the request's stops came.
    case stop(String)
    /// It has as many tokens as were asked for.
    case length
  }

  public var text: String
  /// Its tokens, one a cell; a token cut by a stop is left out.
  public var cells: [InfillCell]
  public var end: End
  public var steps: Int
  public var forwardPasses: Int
  public var milliseconds: Double

  /// The answer that the cells of the last step make. O(bytes · stops).
  public init(
    _ span: SpanRequest, cells: [InfillCell], steps: Int, forwardPasses: Int, milliseconds: Double
  ) {
    let shown = cells.filter { $0.state != .deleted && $0.state != .open }
    var kept = Array(shown.prefix(span.maximumTokens))
    var text = kept.map(\.text).joined()
    end = kept.count < shown.count ? .length : .complete
    if let (place, stop) = Self.firstStop(in: text, of: span.stops) {
      text = String(text[..<place])
      end = .stop(stop)
      var bytes = 0
      kept = Array(
        kept.prefix { cell in
          bytes += cell.text.utf8.count
          return bytes <= text.utf8.count
        })
    }
    self.text = text
    self.cells = kept
    self.steps = steps
    self.forwardPasses = forwardPasses
    self.milliseconds = milliseconds
  }

  private static func firstStop(
    in text: String, of stops: [String]
  ) -> (String.Index, String)? {
    stops.compactMap { stop in text.firstRange(of: stop).map { ($0.lowerBound, stop) } }
      .min { $0.0 < $1.0 }
  }

  /// As OpenAI names it.
  var finishReason: String { end == .length ? "length" : "stop" }
}
