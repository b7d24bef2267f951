internal import Synchronization

/// What the server has done, for `/metrics`.
public final class ServiceMetrics: Sendable {
  /// How a request ended.
  enum Outcome: Hashable {
    case status(Int)
    /// The client hung up.
    case cancelled
  }

  struct Counts: Equatable {
    var requests: [String: [String: Int]] = [:]
    var spans = 0
    var tokens = 0
    var steps = 0
    var forwardPasses = 0
    /// Requests that took at most as long as each bound, and the sums over all.
    var buckets = [Int](repeating: 0, count: ServiceMetrics.bounds.count)
    var answered = 0
    var seconds = 0.0
  }

  /// Seconds of the histogram's buckets.
  static let bounds = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120]

  private let counts = Mutex(Counts())

  public init() {}

  func note(_ endpoint: Endpoint?, _ outcome: Outcome, seconds: Double) {
    let status =
      switch outcome {
      case .status(let code): "\(code)"
      case .cancelled: "cancelled"
      }
    counts.withLock { counts in
      counts.requests[endpoint?.rawValue ?? "other", default: [:]][status, default: 0] += 1
      guard endpoint == .completions || endpoint == .infill, case .status = outcome else { return }
      counts.answered += 1
      counts.seconds += seconds
      for (index, bound) in Self.bounds.enumerated() where seconds <= bound {
        counts.buckets[index] += 1
      }
    }
  }

  func note(_ result: SpanResult) {
    counts.withLock { counts in
      counts.spans += 1
      counts.tokens += result.cells.count
      counts.steps += result.steps
      counts.forwardPasses += result.forwardPasses
    }
  }

  /// The counts and `gauges` in Prometheus's text format.
  func text(_ gauges: [Gauge]) -> String {
    let counts = counts.withLock { $0 }
    var text = ""
    func family(_ name: String, _ type: String, _ help: String, _ lines: [(String, String)]) {
      text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
      for (labels, value) in lines { text += "\(name)\(labels) \(value)\n" }
    }
    family(
      "palimpsest_requests_total", "counter", "Requests by endpoint and status.",
      counts.requests.sorted { $0.key < $1.key }.flatMap { endpoint, statuses in
        statuses.sorted { $0.key < $1.key }.map { status, count in
          (#"{endpoint="\#(endpoint)",status="\#(status)"}"#, "\(count)")
        }
      })
    for (name, help, value) in [
      ("spans", "Spans filled.", counts.spans), ("tokens", "Tokens of their texts.", counts.tokens),
      ("steps", "Steps of these spans.", counts.steps),
      ("forward_passes", "Forward passes of these spans.", counts.forwardPasses),
    ] {
      family("palimpsest_\(name)_total", "counter", help, [("", "\(value)")])
    }
    let name = "palimpsest_fill_seconds"
    text += "# HELP \(name) Time from request to answer of fills.\n# TYPE \(name) histogram\n"
    for (bound, count) in zip(Self.bounds, counts.buckets) {
      text += "\(name)_bucket{le=\"\(bound)\"} \(count)\n"
    }
    text += "\(name)_bucket{le=\"+Inf\"} \(counts.answered)\n"
    text += "\(name)_sum \(counts.seconds)\n\(name)_count \(counts.answered)\n"
    for gauge in gauges {
      family(gauge.name, "gauge", gauge.help, [("", "\(gauge.value)")])
    }
    return text
  }
}

/// A figure as it is now.
public struct Gauge: Sendable, Equatable {
  public var name: String
  public var help: String
  public var value: Int

  public init(_ name: String, _ help: String, _ value: Int) {
    self.name = name
    self.help = help
    self.value = value
  }
}
