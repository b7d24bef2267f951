internal import Checkpoints
internal import JSON
internal import Tensors
internal import Tokenizers

extension CheckRegistry {
  /// What is read from files without running a model.
  static var files: [String: CaseCheck] {
    [
      "gguf_dequantise": { item in
        guard let file = try item["file"].string else { throw GoldenMismatch("no file") }
        let gguf = try GGUFFile(path: "\(item.folder.path)/\(file)")
        for name in try item["arrays"].array?.compactMap(\.string) ?? [] {
          let tensor = name.split(separator: ".", maxSplits: 1).last.map(String.init) ?? name
          guard let found = gguf.tensors[tensor] else {
            throw GoldenMismatch("no tensor \(tensor) of a known type")
          }
          try expectClose(found.floats(), item.folder.floats(name), tolerance: 1e-6, name)
        }
      },
      "tokenizer": tokenizer,
      "tokenizer_partial": { item in
        let tokenizer = try item.folder.tokenizer()
        let ids = try item.ints("ids")
        func texts(_ key: String) throws -> [String] {
          try item[key].array?.compactMap(\.string) ?? []
        }
        let places = 0...ids.count
        try expectEqual(
          places.map { tokenizer.decode(Array(ids[..<$0])) }, texts("prefix_decodes"), "beginnings")
        try expectEqual(
          places.map { tokenizer.decode(Array(ids[$0...])) }, texts("suffix_decodes"), "ends")
        try expectEqual(ids.map { tokenizer.decode([$0]) }, texts("single_decodes"), "tokens")
      },
      "tokenizer_bytes": { item in
        let tokenizer = try item.folder.tokenizer()
        let ids = try item.ints("ids")
        try expectEqual(
          ids.flatMap(tokenizer.bytes), item.ints("bytes").map { UInt8($0) }, "bytes")
        try expectEqual(tokenizer.decode(ids), item["decode"].string ?? "", "text")
      },
      "tokenizer_byte_ids": { item in
        let tokenizer = try item.folder.tokenizer()
        for (byte, id) in try (item["byte_ids"].array ?? []).enumerated() {
          guard let id = id.int else { continue }
          try expectEqual(tokenizer.bytes(of: id), [UInt8(byte)], "token \(id)")
        }
      },
    ]
  }

  private static func tokenizer(_ item: GoldenCase) throws {
    let tokenizer = try item.folder.tokenizer()
    let text = try item["text"].string ?? ""
    let ids = try item.ints("ids")
    let plain = item.json["ids_no_added_tokens"]?.ints ?? ids
    let ordinary = item.json["ids_encode_special_as_text"]?.ints ?? ids
    try expectEqual(tokenizer.encode(text, specialTokens: true), ids, "ids")
    try expectEqual(tokenizer.encode(text), plain, "ids without added tokens")
    try expectEqual(tokenizer.encode(text, parsing: .ordinary), ordinary, "special tokens as text")
    try expectEqual(
      ids.compactMap(tokenizer.spelling), item["tokens"].array?.compactMap(\.string) ?? [],
      "spellings")
    // By bytes: equal strings may be spelled differently.
    try expectEqual(
      Array(tokenizer.decode(ids).utf8), Array((item["decode"].string ?? "").utf8), "text")
    try expectEqual(
      Array(tokenizer.decode(ids, skippingSpecial: true).utf8),
      Array((item["decode_skip_special"].string ?? "").utf8), "text without special tokens")
  }
}

extension GoldenFolder {
  /// All cases: those listed, and what a tokenizer's file lists beside them.
  var allCases: [GoldenCase] {
    var result = cases
    for (list, kind) in [("partial", "tokenizer_partial"), ("invalid_utf8", "tokenizer_bytes")] {
      for (index, value) in (json[list]?.array ?? []).enumerated() {
        result.append(GoldenCase(folder: self, value, name: "\(list).\(index)", kind: kind))
      }
    }
    if json["byte_ids"] != nil {
      result.append(
        GoldenCase(folder: self, json, name: "byte_ids", kind: "tokenizer_byte_ids"))
    }
    return result
  }
}

extension GoldenCase {
  init(folder: GoldenFolder, _ json: JSONValue, name: String, kind: String) {
    self.folder = folder
    self.json = json
    self.name = name
    self.kind = kind
  }
}
