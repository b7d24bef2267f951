internal import Decoding
internal import Transformers

/// Texts encoded last, latest first: a second try at a passage computes nothing of its context.
struct PrefixCache {
  private let model: ModelConfiguration
  private let kept: Int
  private var texts: [CachedPrompt] = []

  init(_ model: ModelConfiguration, kept: Int) {
    self.model = model
    self.kept = kept
  }

  /// The longest of the recent texts that `tokens` begin with.
  func beginning(of tokens: [Int]) -> CachedPrompt? {
    texts.filter { tokens.starts(with: $0.tokens) }.max { $0.tokens.count < $1.tokens.count }
  }

  /// The text `tokens` from position 0, with as much of it encoded as one of the recent texts has, or
  /// `other`.
  mutating func text(_ tokens: [Int], orAs other: CachedPrompt? = nil) -> CachedPrompt {
    if let index = texts.firstIndex(where: { $0.tokens == tokens }) {
      texts.insert(texts.remove(at: index), at: 0)
      return texts[0]
    }
    let common = (texts + [other].compactMap(\.self)).map { text in
      (text, zip(text.tokens, tokens).prefix { $0 == $1 }.count)
    }
    let text = CachedPrompt(tokens, model: model)
    if let (source, count) = common.max(by: { $0.1 < $1.1 }), count > 0 {
      text.adopt(source, count: count)
    }
    texts = [text] + texts.prefix(kept - 1)
    return text
  }
}
