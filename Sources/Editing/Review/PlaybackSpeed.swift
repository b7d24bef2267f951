/// How fast recorded steps are played, against the time they took.
public enum PlaybackSpeed: Int, Sendable, CaseIterable {
  /// Each twice as fast as the one before.
  case quarter, half, normal, double, quadruple

  /// `0.25x` and so on.
  public var label: String { Editor.decimal(factor) + "x" }

  private var factor: Double { Double(1 << rawValue) / 4 }

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
