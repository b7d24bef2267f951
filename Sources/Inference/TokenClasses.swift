internal import Tokenizers

/// Tokens of a vocabulary by what decoding does with them.
struct TokenClasses {
  /// Ids without text: control tokens, and rows of the output matrix without a token.
  private(set) var silent: [Int] = []
  /// Tokens without a letter or a mark that ends something: blanks, digits, rules.
  private(set) var freelyRepeated: Set<Int> = []
  /// Tokens that end a line.
  private(set) var lineBreaks: [Int] = []
  /// Tokens with text that cannot be the inside of a word.
  private(set) var wordBeginnings: Set<Int> = []

  private static let harmless = {
    var table = [Bool](repeating: false, count: 256)
    for byte in " \t\r\n0123456789-=_*#~/|+\\".utf8 { table[Int(byte)] = true }
    return table
  }()

  private func isLetter(_ byte: UInt8) -> Bool {
    UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
  }

  /// Classes of the ids below `vocabularySize`; those of `except` are not silent.
  init(_ tokenizer: Tokenizer, vocabularySize: Int, except: [Int]) {
    let (harmless, newline) = (Self.harmless, UInt8(ascii: "\n"))
    for id in 0..<vocabularySize {
      let bytes = tokenizer.bytes(of: id)
      let isSpecial = tokenizer.isSpecial(id)
      if bytes.isEmpty || isSpecial, !except.contains(id) { silent.append(id) }
      guard let first = bytes.first else { continue }
      if harmless[Int(first)], bytes.allSatisfy({ harmless[Int($0)] }) {
        freelyRepeated.insert(id)
      }
      if bytes.contains(newline) { lineBreaks.append(id) }
      if !isSpecial, first < 0x80, !isLetter(first) { wordBeginnings.insert(id) }
    }
  }
}
