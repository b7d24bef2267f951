internal import Tokenizers

extension Tokenizer {
  /// Ids below `vocabularySize` that stand for no text: control tokens, and rows of the output
  /// matrix without a token; those of `except` left out.
  func silentIDs(vocabularySize: Int, except: [Int]) -> [Int] {
    (0..<vocabularySize).filter { id in
      !except.contains(id) && (isSpecial(id) || bytes(of: id).isEmpty)
    }
  }

  /// Tokens without a letter or a mark that ends something: blanks, digits, rules.
  var freelyRepeatedIDs: Set<Int> {
    let harmless = Set(" \t\r\n0123456789-=_*#~/|+\\".utf8)
    return Set(
      (0..<vocabularySize).filter { id in
        let bytes = bytes(of: id)
        return !bytes.isEmpty && bytes.allSatisfy(harmless.contains)
      })
  }

  /// Tokens below `vocabularySize` that end a line.
  func lineBreakIDs(vocabularySize: Int) -> [Int] {
    (0..<min(self.vocabularySize, vocabularySize)).filter {
      bytes(of: $0).contains(UInt8(ascii: "\n"))
    }
  }

  /// Tokens below `vocabularySize` with text that cannot be the inside of a word.
  func wordBeginnings(vocabularySize: Int) -> Set<Int> {
    Set(
      (0..<min(self.vocabularySize, vocabularySize)).filter { id in
        guard !isSpecial(id), let first = bytes(of: id).first else { return false }
        return !(first >= 0x80 || UnicodeScalar(first).properties.isAlphabetic)
      })
  }
}
