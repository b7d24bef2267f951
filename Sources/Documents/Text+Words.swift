/// Words: runs of letters and digits, of punctuation, of Han or of kana characters. An apostrophe
/// between letters is part of the word. Each motion looks at the text it passes and no more.
extension Text {
  /// The end of the next word: blanks and line ends are passed, then one run.
  public func nextWordEnd(after offset: Int) -> Int {
    var reader = ScalarReader(self, at: offset)
    while let unit = reader.peek() {
      let kind = WordClass(unit)
      if kind != .blank && kind != .newline && kind != .extending {
        return runEnd(of: kind, from: reader.offset)
      }
      _ = reader.next()
    }
    return reader.offset
  }

  /// The start of the previous word: blanks and line ends are passed, then one run.
  public func previousWordStart(before offset: Int) -> Int {
    var reader = ScalarReader(self, at: offset)
    while true {
      let end = reader.offset
      guard let unit = reader.previous() else { return 0 }
      let kind = WordClass(unit)
      if kind != .blank && kind != .newline && kind != .extending {
        return runStart(of: kind, from: end)
      }
    }
  }

  /// The word, blanks, or punctuation run at `offset`, or that ends there at the end of a line.
  /// Empty on an empty line.
  public func wordRange(at offset: Int) -> Range<Int> {
    var reader = ScalarReader(self, at: offset)
    if let unit = reader.peek(), let kind = runClass(at: unit.range.lowerBound) {
      return runStart(of: kind, from: unit.range.upperBound)..<runEnd(of: kind, from: offset)
    }
    if let unit = reader.previous(), let kind = runClass(at: unit.range.lowerBound) {
      return runStart(of: kind, from: offset)..<offset
    }
    return offset..<offset
  }

  /// The class of the run that holds the unit at `offset`; nil for a line end.
  private func runClass(at offset: Int) -> WordClass? {
    var reader = ScalarReader(self, at: offset)
    guard var unit = reader.peek() else { return nil }
    while WordClass(unit) == .extending {
      guard let before = reader.previous() else { return .punctuation }
      unit = before
    }
    let kind = WordClass(unit)
    return kind == .newline ? nil : kind
  }

  private func runEnd(of kind: WordClass, from offset: Int) -> Int {
    var reader = ScalarReader(self, at: offset)
    while let unit = reader.peek() {
      let next = WordClass(unit)
      if next != kind && next != .extending {
        var ahead = reader
        _ = ahead.next()
        let joins = kind == .word && WordClass.isApostrophe(unit) && offset < unit.range.lowerBound
        guard joins, let after = ahead.peek(), WordClass(after) == .word else { break }
      }
      _ = reader.next()
    }
    return reader.offset
  }

  private func runStart(of kind: WordClass, from offset: Int) -> Int {
    var reader = ScalarReader(self, at: offset)
    var start = offset
    while let unit = reader.previous() {
      let before = WordClass(unit)
      if before == .extending { continue }
      if before == kind {
        start = unit.range.lowerBound
        continue
      }
      guard kind == .word, start < offset, WordClass.isApostrophe(unit),
        let next = reader.previous(), WordClass(next) == .word
      else { break }
      start = next.range.lowerBound
    }
    return start
  }
}
