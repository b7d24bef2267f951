// Try this: put the cursor in the comment above `greeting(at:)` and press Alt-Enter, or select the
// text of one of the greetings, between its quotes, and rewrite that.

/// Says hello in a way that suits the hour.
struct Greeter {
  var name: String

  /// Hours of the day from 0 to 23, in the listener's own time.
  enum PartOfDay: CaseIterable {
    case night, morning, afternoon, evening

    init(hour: Int) {
      switch hour {
      case 5..<12: self = .morning
      case 12..<18: self = .afternoon
      case 18..<23: self = .evening
      default: self = .night
      }
    }
  }

  /// Returns a short greeting for the given hour. The name is always part of the sentence, and the
  /// sentence always ends with a full stop.
  func greeting(at hour: Int) -> String {
    switch PartOfDay(hour: hour) {
    case .night: "You should be asleep, \(name)."
    case .morning: "Good morning, \(name). I hope you slept well."
    case .afternoon: "Good afternoon, \(name). Have you had lunch?"
    case .evening: "Good evening, \(name). It was a long day."
    }
  }
}

let greeter = Greeter(name: "Clara")
for hour in stride(from: 0, to: 24, by: 6) {
  print(greeter.greeting(at: hour))
}
