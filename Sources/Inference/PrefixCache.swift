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

  /// The text `tokens` from position 0, with as much of it encoded as one of the recent texts has.
  mutating func text(_ tokens: [Int]) -> CachedPrompt {
    if let index = texts.firstIndex(where: { $0.tokens == tokens }) {
      texts.insert(texts.remove(at: index), at: 0)
      return texts[0]
    }
    let common = texts.map { text in
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
