internal import RegularExpressions

/// Byte-level byte-pair encoding as Hugging Face `tokenizers` defines it: text is normalised, cut
/// by the file's patterns, and the bytes of every piece are merged by rank.
public struct Tokenizer: Sendable {
  let vocabulary: Vocabulary
  let encoding: BytePairEncoding
  let preTokenizer: PreTokenizer
  let normalizer: Normalizer
  /// A piece that is a token as a whole is not merged.
  let ignoresMerges: Bool
  /// The token of each byte, or -1: bytes without one are left out, or are the unknown token.
  let byteTokens: [Int32]
  let unknown: UnknownToken?
  let addedTokens: [AddedToken]
  private let matchers: [AddedTokenMatcher]
  private let specialIDs: Set<Int>

  public internal(set) var special: SpecialTokens
  /// What the file puts before a text when it adds special tokens; usually nothing or one id.
  public internal(set) var leadingIDs: [Int]

  struct UnknownToken: Sendable {
    var id: Int32
    /// A run of unknown bytes is one token.
    var isFused: Bool
  }

  /// What a file reader hands over.
  struct Parts {
    var vocabulary: Vocabulary
    var encoding: BytePairEncoding
    var preTokenizer: PreTokenizer
    var normalizer: Normalizer
    var ignoresMerges: Bool
    var unknown: UnknownToken?
    var addedTokens: [AddedToken]
    var special = SpecialTokens()
    var leadingIDs: [Int] = []
  }

  init(_ parts: Parts) {
    vocabulary = parts.vocabulary
    encoding = parts.encoding
    preTokenizer = parts.preTokenizer
    normalizer = parts.normalizer
    ignoresMerges = parts.ignoresMerges
    unknown = parts.unknown
    addedTokens = parts.addedTokens
    byteTokens = ByteAlphabet.characters.map { character in
      Int32(parts.vocabulary.id(of: String(character)) ?? -1)
    }
    matchers = [
      AddedTokenMatcher(parts.addedTokens.filter { !$0.isNormalized }),
      AddedTokenMatcher(parts.addedTokens.filter(\.isNormalized)),
    ]
    specialIDs = Set(parts.addedTokens.filter(\.isSpecial).map(\.id))
    special = parts.special
    leadingIDs = parts.leadingIDs
  }

  /// One more than the largest id. Rows of a model's head beyond it have no token.
  public var vocabularySize: Int { vocabulary.count }

  /// The id of a token as the file spells it (`Ġthe`, `<|im_end|>`), or nil.
  public func id(of token: String) -> Int? {
    addedTokens.first { $0.content == token }?.id ?? vocabulary.id(of: token)
  }

  /// The token as the file spells it; nil for an id without one.
  public func spelling(of id: Int) -> String? {
    guard vocabulary.spellings.indices.contains(id), !vocabulary.spellings[id].isEmpty else {
      return nil
    }
    return vocabulary.spellings[id]
  }

  /// Whether the file marks `id` as a control token.
  public func isSpecial(_ id: Int) -> Bool { specialIDs.contains(id) }

  /// All ids the file marks as control tokens.
  public var specialTokenIDs: Set<Int> { specialIDs }

  /// The bytes of token `id`; none for an id without a token.
  public func bytes(of id: Int) -> [UInt8] { Array(vocabulary.bytes(of: id)) }

  /// The ids of `text`. A document is encoded without added tokens, so that nothing in it is taken
  /// for a control token; a prompt with them. Nothing is put before or after. O(n log n).
  public func encode(_ text: String, specialTokens: Bool = false) -> [Int] {
    encode(text, parsing: specialTokens ? .all : .none)
  }

  /// The ids of `text`, with the added tokens of `parsing` found in it.
  public func encode(_ text: String, parsing: AddedTokenParsing) -> [Int] {
    let bytes = Array(text.utf8)
    var ids: [Int] = []
    for part in matchers[0].split(bytes, 0..<bytes.count, parsing: parsing) {
      switch part {
      case .token(let id): ids.append(id)
      case .text(let range): encode(bytes, range, parsing, into: &ids)
      }
    }
    return ids
  }

  /// Normalises a stretch of text and finds the added tokens of normalised text in it.
  private func encode(
    _ bytes: [UInt8], _ range: Range<Int>, _ parsing: AddedTokenParsing, into ids: inout [Int]
  ) {
    let normalized = normalizer.apply(bytes, range)
    let bytes = normalized ?? bytes
    let range = normalized.map { 0..<$0.count } ?? range
    for part in matchers[1].split(bytes, range, parsing: parsing) {
      switch part {
      case .token(let id): ids.append(id)
      case .text(let range): encode(bytes, range, into: &ids)
      }
    }
  }

  private func encode(_ bytes: [UInt8], _ range: Range<Int>, into ids: inout [Int]) {
    var bytes = bytes
    var pieces = [range]
    preTokenizer.split(&bytes, &pieces)
    var symbols: [Int32] = []
    for piece in pieces {
      if ignoresMerges,
        let id = vocabulary.id(of: ByteAlphabet.spelling(of: bytes[piece]))
      {
        ids.append(id)
        continue
      }
      symbols.removeAll(keepingCapacity: true)
      for byte in bytes[piece] { appendSymbol(byte, to: &symbols) }
      encoding.merge(&symbols, into: &ids)
    }
  }

  private func appendSymbol(_ byte: UInt8, to symbols: inout [Int32]) {
    let token = byteTokens[Int(byte)]
    if token >= 0 {
      symbols.append(token)
    } else if let unknown, !(unknown.isFused && symbols.last == unknown.id) {
      symbols.append(unknown.id)
    }
  }

  /// The text of a single token, as by `decode`.
  public func text(of id: Int) -> String {
    String(decoding: vocabulary.bytes(of: id), as: UTF8.self)
  }

  /// The text of `ids`. Bytes that are no UTF-8 become U+FFFD, one for each maximal invalid part.
  public func decode(_ ids: [Int], skippingSpecial: Bool = false) -> String {
    var bytes: [UInt8] = []
    for id in ids where !(skippingSpecial && isSpecial(id)) { bytes += vocabulary.bytes(of: id) }
    return String(decoding: bytes, as: UTF8.self)
  }
}
