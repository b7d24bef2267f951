/// Where what was computed differs from the reference.
public struct GoldenMismatch: Error, Sendable, CustomStringConvertible {
  public var description: String

  public init(_ description: String) { self.description = description }
}

/// Throws unless `found` equals `expected`.
public func expectEqual<Value: Equatable>(
  _ found: Value, _ expected: Value, _ place: @autoclosure () -> String
) throws(GoldenMismatch) {
  guard found != expected else { return }
  throw GoldenMismatch("\(place()): expected \(expected), found \(found)")
}

/// Throws unless both have as many values and none differs by more than `tolerance` times the
/// larger of 1 and the expected magnitude.
public func expectClose(
  _ found: [Float], _ expected: [Float], tolerance: Float = 1e-4,
  _ place: @autoclosure () -> String
) throws(GoldenMismatch) {
  guard found.count == expected.count else {
    throw GoldenMismatch("\(place()): expected \(expected.count) values, found \(found.count)")
  }
  for (index, (a, b)) in zip(found, expected).enumerated()
  where !(abs(a - b) <= tolerance * max(1, abs(b))) && !(a == b) {
    throw GoldenMismatch("\(place()): expected \(b) at \(index), found \(a)")
  }
}
