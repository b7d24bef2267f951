/// Texts that end an answer.
struct TextStop {
  let stops: [[UInt8]]

  init(_ stops: [String]) {
    self.stops = stops.map { Array($0.utf8) }.filter { !$0.isEmpty }
  }

  /// Where the first stop begins in `bytes`, at or after `start`.
  /// O(bytes · stops).
  func first(in bytes: [UInt8], from start: Int = 0) -> Int? {
    guard !stops.isEmpty else { return nil }
    return (max(0, start)..<max(bytes.count, max(0, start))).first { place in
      stops.contains { bytes[place...].starts(with: $0) }
    }
  }

  /// Bytes of the longest stop: how far back a new one may begin.
  var longest: Int { stops.map(\.count).max() ?? 0 }
}
