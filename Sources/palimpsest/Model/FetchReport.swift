internal import Commands
internal import Documents

/// The output of `model fetch`: lines, and on a terminal a progress bar.
struct FetchReport: Sendable {
  var isTerminal: Bool
  var columns: Int
  var write: @Sendable (String) -> Void

  /// Reports to standard error.
  static var standard: FetchReport {
    let descriptor = Console.standardError
    return FetchReport(
      isTerminal: Console.isTerminal(descriptor), columns: Console.size(descriptor)?.columns ?? 80,
      write: { Console.draw($0, on: descriptor) })
  }

  func line(_ text: String) {
    write(isTerminal ? "\r\u{1B}[K\(DisplayForm.harmless(text))\n" : "\(text)\n")
  }

  /// Redraws the bar on a terminal.
  func progress(_ title: String, done: Int, of total: Int) {
    guard isTerminal else { return }
    write("\r\u{1B}[K" + Self.bar(title, done: done, of: total, columns: columns))
  }

  func clear() {
    if isTerminal { write("\r\u{1B}[K") }
  }

  /// One line of at most `columns` - 1 cells: title, bar, megabytes.
  static func bar(_ title: String, done: Int, of total: Int, columns: Int) -> String {
    let done = min(max(done, 0), total)
    let numbers = "\(megabytes(done)) of \(megabytes(total)) MB"
    let width = min(40, columns - 1 - title.count - numbers.count - 4)
    guard width >= 4 else { return String("\(title) \(numbers)".prefix(max(0, columns - 1))) }
    let full = total == 0 ? width : done * width / total
    let bar = String(repeating: "█", count: full) + String(repeating: "░", count: width - full)
    return "\(title)  \(bar)  \(numbers)"
  }

  static func megabytes(_ bytes: Int) -> String { "\((bytes + 500_000) / 1_000_000)" }
}
