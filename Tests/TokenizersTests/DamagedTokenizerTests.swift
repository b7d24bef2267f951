import Checkpoints
import JSON
import Strings
import TestSupport
import Testing

@testable import Tokenizers

/// Damaged tokenizers give an error, or a tokenizer that works somehow; never a trap.
struct DamagedTokenizerTests {
  private static let text = "A 42nd <|im_start|> draft — naïve, 日本語.\n\tlet x = a1b2 \u{0}"

  private func check(_ bytes: [UInt8], _ mutations: Int, seed offset: Int) throws {
    let peak = Mutator.peakMemory
    var refused = 0
    for seed in offset..<(offset + mutations) {
      var mutator = Mutator(seed: seed)
      do throws(FileError) {
        guard let json = try? JSONValue.parse(mutator.json(bytes), file: "damaged") else {
          refused += 1
          continue
        }
        let tokenizer = try Tokenizer(json: json, file: "damaged")
        let ids = tokenizer.encode(Self.text, specialTokens: seed % 2 == 0)
        _ = tokenizer.decode(ids)
        _ = tokenizer.texts(of: ids + [nil, tokenizer.vocabularySize, -1])
      } catch {
        refused += 1
      }
    }
    #expect(mutations == 0 || refused > 0)
    #expect(Mutator.peakMemory - peak < 512 << 20)
  }

  @Test(arguments: 0..<4)
  func smallFiles(_ part: Int) throws {
    let count = Mutator.count(standard: 6000) / 4
    let added =
      #"[{"id":13,"content":"<x>","special":true},{"id":14,"content":"draft","lstrip":true}]"#
    let file = TokenizerFileTests.file(
      preTokenizer:
        #"{"type":"Sequence","pretokenizers":[{"type":"Digits","individual_digits":true},"#
        + #"{"type":"Split","pattern":{"Regex":"[^\\s\\p{L}]+|(?i:'s|'t)|\\s+(?!\\S)|\\s+"},"behavior":"#
        + #""Isolated","invert":false},{"type":"ByteLevel","add_prefix_space":false}]}"#,
      added: added, normalizer: #"{"type":"NFC"}"#)
    try check(Array(file.utf8), count, seed: part * count)
  }

  @Test(
    arguments: GoldenTokenizers.families)
  func goldenFiles(_ folder: String) throws {
    let bytes = try #require(SharedFiles.bytes(folder + "/tokenizer.json"))
    try check(bytes, Mutator.count(standard: 400) / 80, seed: 0)
  }

  @Test func metadata() throws {
    let folder = try #require(SharedFiles.goldenFolders("gguf").first)
    let bytes = try #require(SharedFiles.bytes(folder + "/tiny-Q4_0.gguf"))
    let start = try #require(find("tokenizer.ggml.model", in: bytes))
    for seed in 0..<(Mutator.count(standard: 400) / 4) {
      var mutator = Mutator(seed: seed)
      let damaged = mutator.binary(bytes, within: start..<(start + (64 << (seed % 9))))
      guard let file = try? GGUFFile(MappedFile(copying: damaged, name: "damaged")),
        let tokenizer = try? Tokenizer(gguf: file)
      else { continue }
      let ids = tokenizer.encode(Self.text, specialTokens: true)
      _ = tokenizer.decode(ids)
    }
  }

  private func refusal(_ text: String) -> FileError? {
    #expect(throws: FileError.self) {
      _ = try Tokenizer(json: JSONValue.parse(Array(text.utf8), file: "t"), file: "t")
    }
  }

  /// Patterns that try ever more ways are refused, not met in the middle of a text.
  @Test(arguments: [
    "(a+)+$", "(?:a|a)+b", #"(\\s*)*x"#, "(?:[a-z]+)*!", #"(\\p{L}|a)*1"#, "(.|.)*é",
  ])
  func patternsWithoutEndAreRefused(_ pattern: String) {
    let splits =
      #"{"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":"\#(pattern)"},"#
      + #""behavior":"Isolated"},{"type":"ByteLevel","use_regex":false}]}"#
    let error = refusal(TokenizerFileTests.file(preTokenizer: splits))
    #expect(error?.place == "pre_tokenizer pattern" && error?.file == "t")
  }

  @Test func longPatternsAreRefused() {
    let pattern = String(repeating: "(a{1,90}){1,90}", count: 2000)
    let splits = #"{"type":"Split","pattern":{"Regex":"\#(pattern)"},"behavior":"Isolated"}"#
    #expect(
      refusal(TokenizerFileTests.file(preTokenizer: splits))?.place == "pre_tokenizer pattern")
  }

  /// Patterns of published tokenizers are quick on every probe.
  @Test(arguments: GGUFPreTokenizer.names)
  func knownPatternsAreRead(_ name: String) throws {
    let reader = PreTokenizerReader(file: "t")
    for pattern in try #require(GGUFPreTokenizer.named(name)).patterns {
      _ = try reader.split(pattern)
    }
  }

  @Test func mergesOfNothingAreRefused() {
    for merges in [#"["", "b"]"#, #"["a", ""]"#, #"" b""#] {
      let error = refusal(TokenizerFileTests.file(merges: "[\(merges)]"))
      #expect(error?.place == "model.merges[0]")
    }
  }

  /// Two merges that undo each other: every merge leaves one symbol less, so there is an end.
  @Test func mergesHaveAnEnd() throws {
    let merges = #"["a b","ab c","a b","ab c"]"#
    let text = TokenizerFileTests.file(merges: merges)
    guard let json = try? JSONValue.parse(Array(text.utf8), file: "t"),
      let tokenizer = try? Tokenizer(json: json, file: "t")
    else { return }
    #expect(tokenizer.encode(String(repeating: "abc", count: 500)).count <= 1500)
  }

  @Test func emptyVocabulariesAreRefused() {
    let text =
      #"{"pre_tokenizer":{"type":"ByteLevel"},"model":{"type":"BPE","vocab":{},"merges":[]}}"#
    #expect(refusal(text)?.place == "model.vocab")
  }

  private func find(_ text: String, in bytes: [UInt8]) -> Int? {
    let pattern = Array(text.utf8)
    return bytes.indices.first { bytes[$0...].starts(with: pattern) }
  }
}
