internal import Strings

/// A length of time, in seconds, as a user writes and reads it.
struct TimeSpan: Sendable, Equatable {
  var seconds: Int

  init(_ seconds: Int) { self.seconds = seconds }

  private static let units: [(names: [String], seconds: Int)] = [
    (["s", "sec", "second", "seconds"], 1),
    (["m", "min", "minute", "minutes"], 60),
    (["h", "hour", "hours"], 3600),
    (["d", "day", "days"], 86_400),
    (["w", "week", "weeks"], 7 * 86_400),
  ]

  /// A number with a unit, `10m` or `2 hours`; several of them, `1h 30m`; or `yesterday`, a day. nil for
  /// other text, and for more than a thousand years.
  init?(spelled text: String) {
    var rest = text.lowercased().filter { !$0.isWhitespace }[...]
    if rest == "yesterday" {
      self.init(86_400)
      return
    }
    guard !rest.isEmpty else { return nil }
    var total = 0
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      rest = rest.dropFirst(digits.count)
      let name = rest.prefix { $0.isLetter }
      rest = rest.dropFirst(name.count)
      guard digits.utf8.count <= 9, let number = Int(digits),
        let unit = TimeSpan.units.first(where: { $0.names.contains(String(name)) })
      else { return nil }
      total += number * unit.seconds
    }
    guard total <= 1000 * 366 * 86_400 else { return nil }
    self.init(total)
  }

  /// In the largest unit of which there are two, or in seconds: `90 s`, `5 min`, `3 h`, `2 days`.
  var words: String {
    switch seconds {
    case ..<120: "\(max(0, seconds)) s"
    case ..<(2 * 3600): "\(seconds / 60) min"
    case ..<(2 * 86_400): "\(seconds / 3600) h"
    default: (seconds / 86_400).counted("day")
    }
  }
}
