import Checkpoints
import JSON
import TestSupport
import Testing
import Tokenizers

/// Ids and texts of Hugging Face `tokenizers` for the same files.
@Suite struct EncodingTests {
  @Test(arguments: GoldenTokenizers.folders)
  func idsAndTextsAgree(_ folder: String) throws {
    let golden = try GoldenTokenizers.json(folder + "/golden.json")
    let tokenizer = try GoldenTokenizers.tokenizer(folder)
    let cases = try #require(golden["cases"]?.array)
    for entry in cases {
      let text = try #require(entry["text"]?.string)
      let ids = try #require(entry["ids"]).ints
      #expect(tokenizer.encode(text, specialTokens: true) == ids, "\(text.debugDescription)")
      let plain = entry["ids_no_added_tokens"]?.ints ?? ids
      #expect(tokenizer.encode(text) == plain, "\(text.debugDescription)")
      let ordinary = entry["ids_encode_special_as_text"]?.ints ?? ids
      #expect(tokenizer.encode(text, parsing: .ordinary) == ordinary, "\(text.debugDescription)")
      let spellings = entry["tokens"]?.array?.compactMap(\.string)
      #expect(ids.compactMap(tokenizer.spelling) == spellings)
      let decoded = tokenizer.decode(ids)
      #expect(Array(decoded.utf8) == Array(try #require(entry["decode"]?.string).utf8))
      let visible = tokenizer.decode(ids, skippingSpecial: true)
      #expect(Array(visible.utf8) == Array(try #require(entry["decode_skip_special"]?.string).utf8))
      #expect(tokenizer.texts(of: ids).joined() == decoded)
      #expect(tokenizer.texts(of: ids, skippingSpecial: true).joined() == visible)
    }
  }

  @Test(arguments: GoldenTokenizers.folders)
  func partsOfCharactersDecodeAlike(_ folder: String) throws {
    let golden = try GoldenTokenizers.json(folder + "/golden.json")
    let tokenizer = try GoldenTokenizers.tokenizer(folder)
    for entry in try #require(golden["partial"]?.array) {
      let ids = try #require(entry["ids"]).ints
      func texts(_ key: String) -> [String] { entry[key]?.array?.compactMap(\.string) ?? [] }
      #expect(
        (0...ids.count).map { tokenizer.decode(Array(ids[..<$0])) } == texts("prefix_decodes"))
      #expect(
        (0...ids.count).map { tokenizer.decode(Array(ids[$0...])) } == texts("suffix_decodes"))
      #expect(ids.map { tokenizer.decode([$0]) } == texts("single_decodes"))
      for end in 0...ids.count {
        let part = Array(ids[..<end])
        #expect(tokenizer.texts(of: part).joined() == tokenizer.decode(part))
        var decoder = PieceDecoder()
        let streamed = part.map { decoder.append(tokenizer.bytes(of: $0)) }.joined()
        #expect(streamed + decoder.finish() == tokenizer.decode(part))
      }
    }
    for entry in try #require(golden["invalid_utf8"]?.array) {
      let ids = try #require(entry["ids"]).ints
      #expect(ids.flatMap(tokenizer.bytes) == entry["bytes"]?.ints.map { UInt8($0) })
      #expect(tokenizer.decode(ids) == entry["decode"]?.string)
      #expect(tokenizer.texts(of: ids).joined() == entry["decode"]?.string)
    }
  }

  @Test(arguments: GoldenTokenizers.folders)
  func bytesHaveTheirTokens(_ folder: String) throws {
    let golden = try GoldenTokenizers.json(folder + "/golden.json")
    let tokenizer = try GoldenTokenizers.tokenizer(folder)
    let byteIDs = try #require(golden["byte_ids"]?.array)
    for (byte, id) in byteIDs.enumerated() {
      guard let id = id.int else { continue }
      #expect(tokenizer.bytes(of: id) == [UInt8(byte)])
    }
    for (text, ids) in zip(
      golden["meta"]?["zebra"]?.object?.keys ?? [], golden["meta"]?["zebra"]?.object?.values ?? [])
    {
      #expect(tokenizer.encode(text) == ids.ints)
    }
  }

  @Test(arguments: GoldenTokenizers.families)
  func everyFamilyLoads(_ folder: String) throws {
    let tokenizer = try Tokenizer(Checkpoint.open(folder))
    let configuration = try GoldenTokenizers.json(folder + "/config.json")
    let text = "A 42nd draft — naïve, 日本語.\n\tlet x = 1"
    #expect(tokenizer.decode(tokenizer.encode(text)) == text)
    #expect(tokenizer.special.mask == configuration["mask_token_id"]?.int)
    if let end = configuration["eos_token_id"]?.int {
      #expect(tokenizer.special.end == end)
      #expect(tokenizer.special.stops.contains(end))
    }
    #expect(tokenizer.leadingIDs.isEmpty)
  }

  @Test(
    .enabled(if: SharedFiles.baseModel != nil, "needs the default model: palimpsest model fetch"),
    arguments: GoldenTokenizers.folders.filter { $0.hasSuffix("/smollm2") })
  func theBaseModelsMetadataGivesTheSameIDs(_ folder: String) throws {
    let golden = try GoldenTokenizers.json(folder + "/golden.json")
    let path = try #require(SharedFiles.baseModel)
    let tokenizer = try Tokenizer(Checkpoint.open(path))
    #expect(tokenizer.vocabularySize == 49152)
    #expect(tokenizer.special.beginning == 1)
    #expect(tokenizer.special.end == 2)
    #expect(tokenizer.special.stops == [0, 2])
    #expect(tokenizer.specialTokenIDs == Set(0...16))
    #expect(tokenizer.leadingIDs.isEmpty)
    for entry in try #require(golden["cases"]?.array) {
      let text = try #require(entry["text"]?.string)
      let ids = try #require(entry["ids"]).ints
      #expect(tokenizer.encode(text, specialTokens: true) == ids, "\(text.debugDescription)")
      #expect(tokenizer.encode(text) == entry["ids_no_added_tokens"]?.ints ?? ids)
      #expect(tokenizer.decode(ids) == entry["decode"]?.string)
    }
  }
}
