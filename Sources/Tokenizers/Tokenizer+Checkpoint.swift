public import Checkpoints
internal import JSON
public import Strings

extension Tokenizer {
  /// The tokenizer of a checkpoint: GGUF metadata, or its `tokenizer.json`, with the
  /// special tokens that `tokenizer_config.json`, `special_tokens_map.json`, `config.json` and
  /// `generation_config.json` name.
  public init(_ checkpoint: Checkpoint) throws(FileError) {
    if let gguf = checkpoint.gguf {
      try self.init(gguf: gguf)
      return
    }
    guard let file = try checkpoint.companion("tokenizer.json") else {
      throw FileError(
        file: checkpoint.folder, expected: "tokenizer.json", found: "no such file")
    }
    try self.init(json: JSONValue.parse(file), file: file.path)
    let settings = try checkpoint.jsonCompanion("tokenizer_config.json")
    try readSpecialTokens(
      settings: settings, map: checkpoint.jsonCompanion("special_tokens_map.json"),
      configuration: checkpoint.configuration,
      generation: checkpoint.jsonCompanion("generation_config.json"))
    if leadingIDs.isEmpty, settings?["add_bos_token"]?.bool == true, let id = special.beginning {
      leadingIDs = [id]
    }
  }

  /// The same for a model whose embedding has `rows` rows. Throws where a token has none.
  public init(_ checkpoint: Checkpoint, rows: Int) throws(FileError) {
    try self.init(checkpoint)
    guard vocabulary.count > rows else { return }
    let id = (rows..<vocabulary.count).first { spelling(of: $0) != nil } ?? rows
    throw FileError(
      file: checkpoint.gguf == nil ? "\(checkpoint.folder)/tokenizer.json" : checkpoint.path,
      place: "token \((spelling(of: id) ?? "").quotedForMessage)",
      expected: "an id below \(rows), the rows of the embedding", found: "\(id)")
  }

  /// Ids of the configuration count before spellings of the tokenizer's files.
  mutating func readSpecialTokens(
    settings: JSONValue?, map: JSONValue?, configuration: JSONValue?, generation: JSONValue?
  ) {
    func ids(_ source: JSONValue?, _ key: String) -> [Int] {
      let value = source?["\(key)_token_id"]
      let list = value?.array?.compactMap(\.int) ?? [value?.int].compactMap(\.self)
      return list.filter { spelling(of: $0) != nil }
    }
    func id(_ key: String) -> Int? {
      if let id = ids(configuration, key).first { return id }
      for source in [settings, map] {
        let entry = source?["\(key)_token"]
        if let name = entry?.string ?? entry?["content"]?.string, let id = self.id(of: name) {
          return id
        }
      }
      return ids(generation, key).first
    }
    special.beginning = id("bos")
    special.end = id("eos")
    special.padding = id("pad")
    special.unknown = id("unk")
    special.mask = id("mask")
    special.stops = Set(ids(configuration, "eos") + ids(generation, "eos"))
    special.complete(from: addedTokens)
  }
}
