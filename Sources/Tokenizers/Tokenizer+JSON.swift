internal import Checkpoints
public import JSON
internal import RegularExpressions
public import Strings

extension Tokenizer {
  /// Reads a `tokenizer.json` of Hugging Face `tokenizers` with a byte-level BPE model.
  ///
  /// - Parameter file: the file's name in errors.
  public init(json: JSONValue, file: String = "tokenizer.json") throws(FileError) {
    self.init(try TokenizerFile(json: json, file: file).parts())
  }
}

/// Reads the fields of a `tokenizer.json`.
struct TokenizerFile {
  let json: JSONValue
  let file: String

  func failure(_ place: String, _ expected: String, _ found: JSONValue?) -> FileError {
    FileError(
      file: file, place: place, expected: expected, found: found?.summary ?? "nothing")
  }

  func parts() throws(FileError) -> Tokenizer.Parts {
    guard let model = json["model"], model.object != nil else {
      throw failure("model", "an object", json["model"])
    }
    if let type = model["type"], type != "BPE" { throw failure("model.type", "BPE", type) }
    for field in ["continuing_subword_prefix", "end_of_word_suffix"] {
      if let value = model[field], !value.isNull, value != "" {
        throw failure("model.\(field)", "none in a byte-level model", value)
      }
    }
    let entries = try entries(model)
    let added = try addedTokens(limit: idLimit(entries.count))
    guard !entries.isEmpty else {
      throw failure("model.vocab", "at least one token", model["vocab"])
    }
    let largest = max(entries.map(\.id).max() ?? -1, added.map(\.id).max() ?? -1)
    let vocabulary = Vocabulary(
      count: largest + 1, entries: entries, added: added, verbatim: false)
    let steps = try PreTokenizerReader(file: file).read(json["pre_tokenizer"])
    let leading = leadingIDs().filter { $0 <= largest }
    return Tokenizer.Parts(
      vocabulary: vocabulary, encoding: try merges(model, vocabulary),
      preTokenizer: PreTokenizer(steps: steps),
      normalizer: try normalizer(json["normalizer"], depth: 0),
      ignoresMerges: model["ignore_merges"]?.bool ?? false,
      unknown: try unknown(model, vocabulary), addedTokens: added, leadingIDs: leading)
  }

  /// Ids may leave gaps, though not out of proportion to what the file holds.
  private func idLimit(_ entries: Int) -> Int { min(4 * entries + 65536, 1 << 30) }

  private func entries(_ model: JSONValue) throws(FileError) -> [(spelling: String, id: Int)] {
    guard let object = model["vocab"]?.object else {
      throw failure("model.vocab", "an object", model["vocab"])
    }
    let limit = idLimit(object.count)
    var entries: [(spelling: String, id: Int)] = []
    entries.reserveCapacity(object.count)
    for (spelling, value) in zip(object.keys, object.values) {
      guard case .integer(let id) = value, 0..<limit ~= id else {
        throw failure(
          "model.vocab \(spelling.quotedForMessage)", "an id from 0 below \(limit)", value)
      }
      entries.append((spelling, id))
    }
    return entries
  }

  private func addedTokens(limit: Int) throws(FileError) -> [AddedToken] {
    guard let value = json["added_tokens"], !value.isNull else { return [] }
    guard let list = value.array else { throw failure("added_tokens", "a list", value) }
    var tokens: [AddedToken] = []
    for (index, entry) in list.enumerated() {
      let place = "added_tokens[\(index)]"
      guard let id = entry["id"]?.int, 0..<(limit + list.count) ~= id else {
        throw failure("\(place).id", "an id from 0 below \(limit + list.count)", entry["id"])
      }
      guard let content = entry["content"]?.string, content.utf8.count <= 1024 else {
        throw failure("\(place).content", "at most 1024 bytes of text", entry["content"])
      }
      let isSpecial = entry["special"]?.bool ?? false
      tokens.append(
        AddedToken(
          id: id, content: content, isSpecial: isSpecial,
          singleWord: entry["single_word"]?.bool ?? false,
          stripsLeft: entry["lstrip"]?.bool ?? false,
          stripsRight: entry["rstrip"]?.bool ?? false,
          isNormalized: entry["normalized"]?.bool ?? !isSpecial))
    }
    return tokens
  }

  private func merges(
    _ model: JSONValue, _ vocabulary: Vocabulary
  ) throws(FileError) -> BytePairEncoding {
    guard let list = model["merges"]?.array else {
      throw failure("model.merges", "a list", model["merges"])
    }
    var encoding = BytePairEncoding(capacity: list.count)
    for (rank, entry) in list.enumerated() {
      guard let (left, right) = Self.pair(entry), !left.isEmpty, !right.isEmpty else {
        throw failure("model.merges[\(rank)]", "“a b” or two strings, not empty", entry)
      }
      guard let leftID = vocabulary.id(of: left), let rightID = vocabulary.id(of: right),
        let result = vocabulary.id(of: left + right)
      else {
        throw failure("model.merges[\(rank)]", "tokens of the vocabulary", entry)
      }
      encoding.add(leftID, rightID, result: result, rank: rank)
    }
    return encoding
  }

  /// Both ways of writing a merge: `"a b"` and `["a", "b"]`.
  static func pair(_ entry: JSONValue) -> (String, String)? {
    if let text = entry.string { return pair(text) }
    guard let list = entry.array, list.count == 2, let left = list[0].string,
      let right = list[1].string
    else { return nil }
    return (left, right)
  }

  static func pair(_ text: String) -> (String, String)? {
    let utf8 = text.utf8
    guard let space = utf8.firstIndex(of: 0x20) else { return nil }
    let rest = utf8[utf8.index(after: space)...]
    guard !rest.contains(0x20), let left = String(utf8[..<space]), let right = String(rest) else {
      return nil
    }
    return (left, right)
  }

  private func unknown(
    _ model: JSONValue, _ vocabulary: Vocabulary
  ) throws(FileError) -> Tokenizer.UnknownToken? {
    guard let value = model["unk_token"], !value.isNull else { return nil }
    guard let spelling = value.string, let id = vocabulary.id(of: spelling) else {
      throw failure("model.unk_token", "a token of the vocabulary", value)
    }
    return Tokenizer.UnknownToken(
      id: Int32(id), isFused: model["fuse_unk"]?.bool ?? false)
  }

  private func normalizer(
    _ value: JSONValue?, depth: Int
  ) throws(FileError) -> Normalizer {
    guard let value, !value.isNull else { return .none }
    if value["type"] == "NFC" { return .composed }
    guard value["type"] == "Sequence", let list = value["normalizers"]?.array, depth < 4 else {
      throw failure("normalizer.type", "NFC, Sequence or null", value["type"] ?? value)
    }
    var result = Normalizer.none
    for entry in list {
      if try normalizer(entry, depth: depth + 1) == .composed { result = .composed }
    }
    return result
  }

  /// The special tokens before the text in the template of a post-processor.
  private func leadingIDs() -> [Int] {
    var processors = [json["post_processor"]].compactMap(\.self)
    if let list = json["post_processor"]?["processors"]?.array { processors += list }
    for processor in processors where processor["type"] == "TemplateProcessing" {
      guard let single = processor["single"]?.array else { continue }
      let names = single.prefix { $0["SpecialToken"] != nil }
        .compactMap { $0["SpecialToken"]?["id"]?.string }
      return names.flatMap { name in
        processor["special_tokens"]?[name]?["ids"]?.array?.compactMap(\.int) ?? []
      }.filter { $0 >= 0 }
    }
    return []
  }
}
