internal import Decoding
internal import Infilling
internal import Strings
internal import Tokenizers
internal import Transformers

/// A request in tokens, and the facts needed to turn tokens back into its text.
struct PassageText {
  /// Tokens of the context, at most a window of each side.
  var prefix: [Int]
  var suffix: [Int]
  /// Tokens of the old passage.
  var original: [Int]
  /// Whether the blank at the start of the passage's first token is not part of the passage: the
  /// text before it ends with that blank, or the passage begins a line.
  var dropsLeadingBlank: Bool
  /// The text before the passage ends with a blank, which is encoded in the first token of the
  /// passage.
  var beginsWithBlank = false
  /// The end of the passage that is encoded with the suffix: the mark that ends its sentence, which
  /// is kept so that the model sees where the sentence must end, or blanks.
  var tail: String

  /// Tokens of context. The adapter was trained on windows of 512 tokens in total.
  struct Window {
    var prefix = 512
    var suffix = 192
    /// A window begins at a multiple of this many tokens, so that typing before the passage keeps
    /// most of the cached text.
    var step = 128
  }

  /// Encodes prefix and suffix apart from the passage, without special tokens. A token includes the
  /// blank before its word, so a blank at the end of the prefix goes into the passage, and one at
  /// the end of the passage into the suffix.
  init(_ request: InfillRequest, tokenizer: Tokenizer, window: Window) {
    var prefix = request.prefix
    var original = request.original
    var suffix = request.suffix
    dropsLeadingBlank = false
    if prefix.hasSuffix(" ") {
      prefix.removeLast()
      original = " " + original
      dropsLeadingBlank = true
      beginsWithBlank = true
    } else if prefix.isEmpty || prefix.hasSuffix("\n") {
      dropsLeadingBlank = !(original.first?.isWhitespace ?? false)
    }
    tail = ""
    let visible = original.drop { $0 == " " }
    if visible.hasSuffix(" "), !suffix.isEmpty, !(suffix.first?.isWhitespace ?? true) {
      tail = " "
    } else if suffix.first?.isWhitespace ?? true {
      tail = Self.sentenceEnd(visible)
    }
    original.removeLast(tail.count)
    suffix = tail + suffix
    self.prefix = window.end(of: prefix, tokenizer)
    self.suffix = window.beginning(of: suffix, tokenizer)
    self.original = tokenizer.encode(original)
  }

  /// The marks at the end of a text that end its sentence, closing quotes and brackets included;
  /// empty without a mark, or without text before it.
  private static func sentenceEnd(_ text: Substring) -> String {
    let marks = text.reversed().prefix { ".!?…\"'”’)»".contains($0) }
    guard marks.contains(where: ".!?…".contains), marks.count < text.count else { return "" }
    return String(marks.reversed())
  }
}

extension PassageText {
  /// The most slots a canvas may begin with. It may grow to nearly four times as many while its
  /// positions must stay within the context.
  static func slotLimit(_ model: ModelConfiguration) -> Int {
    min(512, max(1, model.contextLength / 8))
  }
}

extension PassageText.Window {
  /// Windows of context for a canvas of `slots` slots, where pictures take `taken` tokens.
  init(_ model: ModelConfiguration, slots: Int, taken: Int = 0) {
    self.init()
    let room = max(8, model.contextLength - taken - 4 * slots)
    step = min(step, max(1, room / 8))
    prefix = min(prefix, room * 2 / 3)
    suffix = min(suffix, room / 3)
  }
}

extension PassageText.Window {
  /// The last tokens of a text, at most `prefix` of them. Only 16 bytes for each are encoded; a
  /// token is rarely longer.
  func end(of text: String, _ tokenizer: Tokenizer) -> [Int] {
    let tokens = tokenizer.encode(Self.end(of: text, bytes: 16 * (prefix + step)))
    let start = (max(0, tokens.count - prefix) + step - 1) / step * step
    return Array(tokens[min(start, tokens.count)...])
  }

  /// The first tokens of a text, at most `suffix` of them.
  func beginning(of text: String, _ tokenizer: Tokenizer) -> [Int] {
    Array(tokenizer.encode(Self.beginning(of: text, bytes: 16 * suffix)).prefix(suffix))
  }

  /// The last `bytes` bytes or so, cut at a character.
  private static func end(of text: String, bytes: Int) -> String {
    guard text.utf8.count > bytes else { return text }
    let start = text.utf8.index(text.endIndex, offsetBy: -bytes)
    return String(text[text.unicodeScalars.index(after: scalar(text, at: start))...])
  }

  private static func beginning(of text: String, bytes: Int) -> String {
    guard text.utf8.count > bytes else { return text }
    return String(text[..<scalar(text, at: text.utf8.index(text.startIndex, offsetBy: bytes))])
  }

  /// The beginning of the scalar at `index`.
  private static func scalar(_ text: String, at index: String.Index) -> String.Index {
    var index = index
    while index > text.startIndex, text.utf8[index].isUTF8Continuation {
      text.utf8.formIndex(before: &index)
    }
    return index
  }
}
