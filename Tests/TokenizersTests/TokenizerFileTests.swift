import Checkpoints
import JSON
import Strings
import Testing
import Tokenizers

/// Small files, each with one thing to look at. The vocabulary is a...e, space, digits and merges.
struct TokenizerFileTests {
  static let vocabulary = ["a", "b", "c", "Ġ", "ab", "Ġa", "abc", "1", "2", "12", "<u>", "é", "-"]

  static func file(
    preTokenizer: String =
      #"{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true}"#,
    merges: String = #"["a b","Ġ a",["ab","c"],"1 2"]"#, added: String = "[]",
    normalizer: String = "null", model: String = ""
  ) -> String {
    let entries = vocabulary.enumerated().map { #""\#($1)":\#($0)"# }.joined(separator: ",")
    return
      #"{"added_tokens":\#(added),"normalizer":\#(normalizer),"pre_tokenizer":\#(preTokenizer),"#
      + #""model":{"type":"BPE",\#(model)"vocab":{\#(entries)},"merges":\#(merges)}}"#
  }

  private func tokenizer(_ text: String) throws -> Tokenizer {
    try Tokenizer(json: JSONValue.parse(Array(text.utf8), file: "t"), file: "t")
  }

  private func spellings(_ tokenizer: Tokenizer, _ text: String, special: Bool = true) -> [String] {
    tokenizer.encode(text, specialTokens: special).compactMap(tokenizer.spelling)
  }

  @Test func mergesAreReadInBothForms() throws {
    #expect(spellings(try tokenizer(Self.file()), "abc ab a12") == ["abc", "Ġ", "ab", "Ġa", "12"])
  }

  @Test func bytesWithoutTokensAreLeftOutOrUnknown() throws {
    #expect(spellings(try tokenizer(Self.file()), "azb") == ["ab"])
    let unknown = try tokenizer(Self.file(model: #""unk_token":"<u>","#))
    #expect(spellings(unknown, "azzb") == ["a", "<u>", "<u>", "b"])
    let fused = try tokenizer(Self.file(model: #""unk_token":"<u>","fuse_unk":true,"#))
    #expect(spellings(fused, "azzb") == ["a", "<u>", "b"])
  }

  @Test func aSpaceIsPutBefore() throws {
    let file = Self.file(
      preTokenizer: #"{"type":"ByteLevel","add_prefix_space":true,"use_regex":true}"#)
    #expect(spellings(try tokenizer(file), "a a") == ["Ġa", "Ġa"])
  }

  @Test(arguments: [
    ("Isolated", false, ["a", "-", "-", "b"]), ("Removed", false, ["a", "b"]),
    ("MergedWithPrevious", false, ["a-", "-", "b"]),
    ("MergedWithNext", false, ["a", "-", "-b"]), ("Contiguous", false, ["a", "--", "b"]),
    ("Removed", true, ["-", "-"]),
  ])
  func splitsBehave(_ behavior: String, _ inverted: Bool, _ pieces: [String]) throws {
    let file = Self.file(
      preTokenizer:
        #"{"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"String":"-"},"#
        + #""behavior":"\#(behavior)","invert":\#(inverted)},{"type":"ByteLevel","#
        + #""add_prefix_space":true,"use_regex":false}]}"#)
    // The space before every piece shows where pieces begin.
    let text = try tokenizer(file).decode(tokenizer(file).encode("a--b"))
    #expect(text.split(separator: " ").map(String.init) == pieces)
  }

  @Test func digitsSplitAloneOrTogether() throws {
    func file(_ individual: Bool) -> String {
      Self.file(
        preTokenizer: #"{"type":"Sequence","pretokenizers":[{"type":"Digits","#
          + #""individual_digits":\#(individual)},{"type":"ByteLevel","add_prefix_space":false}]}"#)
    }
    #expect(spellings(try tokenizer(file(true)), "a12") == ["a", "1", "2"])
    #expect(spellings(try tokenizer(file(false)), "a12") == ["a", "12"])
  }

  @Test func addedTokensHaveTheirFlags() throws {
    let file = Self.file(
      added: #"[{"id":13,"content":"<x>","special":true},{"id":14,"content":"<xy>"},"#
        + #"{"id":15,"content":"w","single_word":true},{"id":16,"content":"|","lstrip":true,"#
        + #""rstrip":true,"special":true},{"id":17,"content":"é","normalized":true}]"#,
      normalizer: #"{"type":"NFC"}"#)
    let tokenizer = try tokenizer(file)
    #expect(tokenizer.vocabularySize == 18)
    #expect(spellings(tokenizer, "a<xy>b<x>") == ["a", "<xy>", "b", "<x>"])
    #expect(tokenizer.encode("<x><xy>", parsing: .ordinary) == [14])
    #expect(tokenizer.encode("<x>") == [])
    #expect(spellings(tokenizer, "a w aw wé") == ["a", "Ġ", "w", "Ġa", "Ġ", "é"])
    #expect(spellings(tokenizer, "a \n|  b") == ["a", "|", "b"])
    #expect(spellings(tokenizer, "ae\u{301}b") == ["a", "é", "b"])
    #expect(tokenizer.decode([13, 0, 14], skippingSpecial: true) == "a<xy>")
    #expect(tokenizer.bytes(of: 99) == [])
    #expect(tokenizer.spelling(of: -1) == nil)
    #expect(tokenizer.id(of: "<xy>") == 14)
  }

  @Test(arguments: [
    ("{}", "model"), (#"{"model":{"type":"Unigram"}}"#, "model.type"),
    (file(merges: #"["a z"]"#), "model.merges[0]"), (file(merges: #"["ab"]"#), "model.merges[0]"),
    (file(preTokenizer: "null"), "pre_tokenizer.type"),
    (file(preTokenizer: #"{"type":"Metaspace"}"#), "pre_tokenizer.type"),
    (file(preTokenizer: #"{"type":"Digits"}"#), "pre_tokenizer"),
    (
      file(preTokenizer: #"{"type":"Split","behavior":"Isolated","pattern":{"Regex":"("}}"#),
      "pre_tokenizer pattern"
    ),
    (file(normalizer: #"{"type":"Lowercase"}"#), "normalizer.type"),
    (file(added: #"[{"id":99999999999,"content":"x"}]"#), "added_tokens[0].id"),
    (file(added: #"[{"id":1}]"#), "added_tokens[0].content"),
    (file(model: #""unk_token":"none","#), "model.unk_token"),
    (file(model: "\"continuing_subword_prefix\":\"##\","), "model.continuing_subword_prefix"),
  ])
  func wrongFieldsAreNamed(_ text: String, _ place: String) {
    let error = #expect(throws: FileError.self) { try tokenizer(text) }
    #expect(error?.place == place)
  }

  @Test func longPiecesMergeAsShortOnesDo() throws {
    // Ranks that differ by place: "ab" before "abc", and a long run of the same pair.
    let tokenizer = try tokenizer(Self.file())
    #expect(
      spellings(tokenizer, String(repeating: "abc", count: 50))
        == [String](repeating: "abc", count: 50))
    #expect(
      spellings(tokenizer, String(repeating: "12", count: 40) + "1")
        == [String](repeating: "12", count: 40) + ["1"])
  }

  @Test func textsFollowTheTokens() throws {
    let file = Self.file(
      added: #"[{"id":20,"content":"Ã"},{"id":21,"content":"©"},{"id":22,"content":"<x>","#
        + #""special":true}]"#)
    let tokenizer = try tokenizer(file)
    #expect(tokenizer.texts(of: [0, 20, 21, 1]) == ["a", "", "é", "b"])
    #expect(tokenizer.texts(of: [20, 1]) == ["\u{FFFD}", "b"])
    #expect(tokenizer.texts(of: [20, nil, 21]) == ["\u{FFFD}", "", "\u{FFFD}"])
    #expect(tokenizer.texts(of: [0, 20]) == ["a", "\u{FFFD}"])
    #expect(tokenizer.texts(of: [20, 22, 21], skippingSpecial: true) == ["", "", "é"])
    #expect(tokenizer.texts(of: [nil, 99, nil]) == ["", "", ""])
    #expect(tokenizer.texts(of: []) == [])
  }
}
