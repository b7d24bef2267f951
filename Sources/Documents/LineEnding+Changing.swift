extension Transaction {
  /// What makes all line ends of a text `ending`; empty where they are. O(n).
  public init(endingLinesOf text: Text, with ending: LineEnding.Prevailing) {
    let replacement: [UInt8] = ending == .lf ? [0x0A] : [0x0D, 0x0A]
    var edits: [Edit] = []
    var previous: UInt8 = 0
    var offset = 0
    text.forEachSlice(in: 0..<text.count) { slice in
      for byte in slice {
        if byte == 0x0A {
          let isCRLF = previous == 0x0D
          if isCRLF != (ending == .crlf) {
            edits.append(
              Edit(range: (isCRLF ? offset - 1 : offset)..<offset + 1, replacement: replacement))
          }
        }
        previous = byte
        offset += 1
      }
      return true
    }
    self.init(edits)
  }
}
