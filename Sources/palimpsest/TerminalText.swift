internal import Documents

/// What documents and models say on standard output: as it is, but where that is a terminal with
/// control characters made visible, so that nothing in a text moves the cursor or sets a title.
enum TerminalText {
  static func output(_ bytes: [UInt8]) {
    let isTerminal = Console.isTerminal(Console.standardOutput)
    Console.write(isTerminal ? visible(bytes) : bytes, to: Console.standardOutput)
  }

  /// Line ends and tabs stay.
  static func visible(_ bytes: [UInt8]) -> [UInt8] {
    let (newline, carriageReturn, tab) = (UInt8(0x0A), UInt8(0x0D), UInt8(0x09))
    let lines = bytes.split(separator: newline, omittingEmptySubsequences: false)
    var output: [UInt8] = []
    for (index, line) in lines.enumerated() {
      let isEnded = index + 1 < lines.count
      let isDouble = isEnded && line.last == carriageReturn
      let parts = (isDouble ? line.dropLast() : line)
        .split(separator: tab, omittingEmptySubsequences: false)
      for (number, part) in parts.enumerated() {
        if number > 0 { output.append(tab) }
        output += DisplayForm.visible(String(decoding: part, as: UTF8.self)).utf8
      }
      if isDouble { output.append(carriageReturn) }
      if isEnded { output.append(newline) }
    }
    return output
  }
}
