/// When a refused request is repeated.
public struct RetryPolicy: Sendable, Equatable {
  /// Requests after the first.
  public static let mostRetries = 2
  /// Milliseconds before the first repetition where the server names no time; doubled each time.
  static let firstDelay = 500

  /// Whether a status may be gone by the next request.
  public static func mayPass(_ status: Int) -> Bool {
    [408, 425, 429, 500, 502, 503, 504].contains(status)
  }

  /// Milliseconds to wait before repetition `attempt`, from 1: what the server asked for and up to a
  /// quarter more, so that clients which were refused together do not come back together. Without a
  /// wish of the server between half and all of the doubled delay.
  ///
  /// - Parameter random: 0..<1.
  public static func delay(attempt: Int, asked: Int?, random: Double) -> Int {
    if let asked { return asked + Int(Double(min(asked, 60_000)) * random / 4) }
    let delay = firstDelay << min(attempt - 1, 6)
    return delay / 2 + Int(Double(delay / 2) * random)
  }

  /// Milliseconds that a reply asks to wait: `Retry-After` in seconds or as a date, which is compared
  /// with the reply's own `Date`; nil without one that can be read. At most a day.
  public static func wish(of response: HTTPResponse) -> Int? {
    guard let text = response.field("Retry-After") else { return nil }
    if let seconds = Double(text), seconds.isFinite {
      return Int(max(0, min(seconds, 86_400)) * 1000)
    }
    guard let until = HTTPDate.seconds(text),
      let now = response.field("Date").flatMap(HTTPDate.seconds)
    else { return nil }
    return max(0, min(until - now, 86_400)) * 1000
  }
}

/// Dates of HTTP in their one form of today (RFC 9110, 5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`.
enum HTTPDate {
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// Seconds since 1970; nil for a text in another form.
  static func seconds(_ text: String) -> Int? {
    let parts = text.split(separator: " ")
    guard parts.count == 6, parts[5] == "GMT", let day = Int(parts[1]),
      let month = months.firstIndex(of: String(parts[2])), let year = Int(parts[3]),
      (1970...9999).contains(year), (1...31).contains(day)
    else { return nil }
    let time = parts[4].split(separator: ":").compactMap { Int($0) }
    guard time.count == 3, zip(time, [24, 60, 61]).allSatisfy({ (0..<$1).contains($0) }) else {
      return nil
    }
    return (days(year, month + 1, day) * 24 + time[0]) * 3600 + time[1] * 60 + time[2]
  }

  /// Days from 1970-01-01 to a date of the Gregorian calendar (Hinnant's `days_from_civil`).
  private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}
