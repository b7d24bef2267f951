/// Finds the two faults of a TOML text at which the parser ends the process: a table name that
/// begins with a character that no name can have, and an array closed by a brace.
struct BracketScanner {
  /// A fault and the bytes before it.
  struct Fault: Equatable {
    var offset: Int
    var reason: String
  }

  private let bytes: [UInt8]
  private var index = 0

  init(_ text: String) {
    bytes = Array(text.utf8)
  }

  /// The first such fault; nil without one. O(text).
  mutating func firstFault() -> Fault? {
    index = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    while index < bytes.count {
      skipBlanks()
      guard take("[") else {
        if let fault = skipKeyAndValue() { return fault }
        continue
      }
      if !skipBlanks(), take("[") { skipBlanks() }
      guard index < bytes.count else { return nil }
      if !Self.beginsName(bytes[index]) {
        return Fault(
          offset: index, reason: "a table name begins with a letter, a digit or a quotation mark")
      }
      skipLine()
    }
    return nil
  }

  /// Letters, digits, `-`, `_` and quotes; `]` too, since the parser reports an empty name itself.
  private static func beginsName(_ byte: UInt8) -> Bool {
    switch Unicode.Scalar(byte) {
    case "a"..."z", "A"..."Z", "0"..."9", "-", "_", "\"", "'", "]": true
    default: false
    }
  }

  /// Steps over `count` repetitions of a character, if they are next.
  private mutating func take(_ character: Unicode.Scalar, count: Int = 1) -> Bool {
    let next = bytes[index...].prefix(count)
    guard next.count == count, next.allSatisfy({ Unicode.Scalar($0) == character }) else {
      return false
    }
    index += count
    return true
  }

  @discardableResult
  private mutating func skipBlanks() -> Bool {
    let start = index
    while take(" ") || take("\t") {}
    return index > start
  }

  private mutating func skipLine() {
    while index < bytes.count, !take("\n") { index += 1 }
  }

  /// To the line after a key and its value, which may be an array or a string of several lines.
  private mutating func skipKeyAndValue() -> Fault? {
    var open: [Unicode.Scalar] = []
    while index < bytes.count {
      let next = Unicode.Scalar(bytes[index])
      switch next {
      case "\"", "'":
        skipString(in: next)
        continue
      case "#":
        skipLine()
        if open.isEmpty { return nil }
        continue
      case "\n" where open.isEmpty:
        index += 1
        return nil
      case "[", "{": open.append(next)
      case "}" where open.last == "[":
        return Fault(offset: index, reason: "a } inside an array")
      case "]", "}": _ = open.popLast()
      default: break
      }
      index += 1
    }
    return nil
  }

  /// Steps past a string in one quote or three. In one it ends with the line at the latest; in
  /// three its last characters may be up to two quotes.
  private mutating func skipString(in quote: Unicode.Scalar) {
    let marks = take(quote, count: 3) ? 3 : 1
    if marks == 1 { index += 1 }
    while index < bytes.count, marks == 3 || Unicode.Scalar(bytes[index]) != "\n" {
      if take(quote, count: marks) {
        for _ in 1..<marks { _ = take(quote) }
        return
      }
      let isEscape = quote == "\"" && Unicode.Scalar(bytes[index]) == "\\"
      index = min(bytes.count, index + (isEscape ? 2 : 1))
    }
  }
}
