public import Checkpoints
internal import JSON
internal import RegularExpressions
public import Strings

extension Tokenizer {
  /// Builds the tokenizer of a GGUF file from its metadata `tokenizer.ggml.*`.
  public init(gguf: GGUFFile) throws(FileError) {
    let reader = GGUFTokenizerReader(metadata: gguf.metadata, file: gguf.path)
    self.init(try reader.parts())
  }
}

private struct GGUFTokenizerReader {
  let metadata: [String: GGUFValue]
  let file: String

  private func failure(_ key: String, _ expected: String) -> FileError {
    FileError(
      file: file, place: "tokenizer.ggml.\(key)", expected: expected,
      found: metadata["tokenizer.ggml.\(key)"]?.summary ?? "nothing")
  }

  private subscript(key: String) -> GGUFValue? { metadata["tokenizer.ggml.\(key)"] }

  func parts() throws(FileError) -> Tokenizer.Parts {
    guard self["model"]?.string == "gpt2" else {
      throw failure("model", "“gpt2”, byte-level BPE")
    }
    guard let tokens = self["tokens"]?.strings, 1..<1 << 30 ~= tokens.count else {
      throw failure("tokens", "a list of at least one string")
    }
    guard let merges = self["merges"]?.strings else {
      throw failure("merges", "a list of strings")
    }
    let name = self["pre"]?.string ?? "default"
    guard let pre = GGUFPreTokenizer.named(name) else {
      throw failure("pre", "one of \(GGUFPreTokenizer.names.joined(separator: ", "))")
    }
    let added = try addedTokens(tokens)
    let addedIDs = Set(added.map(\.id))
    let entries = tokens.indices.filter { !addedIDs.contains($0) }.map { (tokens[$0], $0) }
    let vocabulary = Vocabulary(
      count: tokens.count, entries: entries, added: added, verbatim: true)
    let reader = PreTokenizerReader(file: file)
    var steps: [PreTokenizer.Step] = []
    for pattern in pre.patterns { steps.append(try reader.split(pattern)) }
    let special = special(added, count: tokens.count)
    let addsBeginning = self["add_bos_token"]?.bool ?? false
    return Tokenizer.Parts(
      vocabulary: vocabulary, encoding: try encoding(merges, vocabulary),
      preTokenizer: PreTokenizer(steps: steps), normalizer: pre.composes ? .composed : .none,
      ignoresMerges: pre.ignoresMerges, unknown: nil, addedTokens: added, special: special,
      leadingIDs: addsBeginning ? [special.beginning].compactMap(\.self) : [])
  }

  /// Tokens of type 3, control, and 4, user-defined; their spelling is plain text.
  private func addedTokens(_ tokens: [String]) throws(FileError) -> [AddedToken] {
    guard self["token_type"] != nil else { return [] }
    guard let types = self["token_type"]?.integers, types.count == tokens.count else {
      throw failure("token_type", "\(tokens.count) integers")
    }
    var added: [AddedToken] = []
    for (id, type) in types.enumerated() where type == 3 || type == 4 {
      guard tokens[id].utf8.count <= 1024 else {
        throw failure("tokens", "at most 1024 bytes in token \(id)")
      }
      added.append(AddedToken(id: id, content: tokens[id], isSpecial: type == 3))
    }
    return added
  }

  private func encoding(
    _ merges: [String], _ vocabulary: Vocabulary
  ) throws(FileError) -> BytePairEncoding {
    var encoding = BytePairEncoding(capacity: merges.count)
    for (rank, text) in merges.enumerated() {
      guard let (left, right) = TokenizerFile.pair(text), !left.isEmpty, !right.isEmpty else {
        throw FileError(
          file: file, place: "tokenizer.ggml.merges[\(rank)]", expected: "two tokens and a space",
          found: JSONValue.string(text).summary)
      }
      // Converters leave merges whose tokens were made control tokens.
      guard let leftID = vocabulary.id(of: left), let rightID = vocabulary.id(of: right),
        let result = vocabulary.id(of: left + right)
      else { continue }
      encoding.add(leftID, rightID, result: result, rank: rank)
    }
    return encoding
  }

  private func special(_ added: [AddedToken], count: Int) -> SpecialTokens {
    func id(_ key: String) -> Int? {
      self["\(key)_token_id"]?.int.flatMap { 0..<count ~= $0 ? $0 : nil }
    }
    var special = SpecialTokens()
    special.beginning = id("bos")
    special.end = id("eos")
    special.padding = id("padding")
    special.unknown = id("unknown")
    special.mask = id("mask")
    special.stops = Set([special.end, id("eot"), id("eom")].compactMap(\.self))
    special.complete(from: added)
    return special
  }
}

extension SpecialTokens {
  /// Adds stops and the mask by the spellings of added tokens.
  mutating func complete(from added: [AddedToken]) {
    let control = added.filter(\.isSpecial)
    for token in control where Self.stopSpellings.contains(token.content) {
      stops.insert(token.id)
    }
    if let end { stops.insert(end) }
    guard mask == nil else { return }
    for spelling in Self.maskSpellings {
      if let token = control.first(where: { $0.content == spelling }) {
        mask = token.id
        return
      }
    }
  }
}
