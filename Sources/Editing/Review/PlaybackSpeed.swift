/// How fast recorded steps are played, against the time they took.
public enum PlaybackSpeed: Int, Sendable, CaseIterable {
  case quarter, half, normal, double, quadruple

  /// `0.25x` and so on.
  public var label: String {
    switch self {
    case .quarter: "0.25x"
    case .half: "0.5x"
    case .normal: "1x"
    case .double: "2x"
    case .quadruple: "4x"
    }
  }

  private var factor: Double {
    switch self {
    case .quarter: 0.25
    case .half: 0.5
    case .normal: 1
    case .double: 2
    case .quadruple: 4
    }
  }

  /// How long what took `milliseconds` is shown: never shorter than a frame, nor longer than ten
  /// seconds.
  func pace(_ milliseconds: Double) -> Int {
    guard milliseconds.isFinite else { return Self.longest }
    return Int(max(Double(Self.frame), min(milliseconds / factor, Double(Self.longest))))
  }

  private static let frame = 17
  private static let longest = 10_000

  /// The next one up or down; itself at the ends.
  func changed(faster: Bool) -> PlaybackSpeed {
    PlaybackSpeed(rawValue: rawValue + (faster ? 1 : -1)) ?? self
  }
}
