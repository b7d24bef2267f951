import Checkpoints
import TestSupport
import Testing
import Tokenizers

/// Damaged tokenizers give an error, or a tokenizer that works somehow; never a trap.
struct DamagedTokenizerTests {
  private static let text = "A 42nd <|im_start|> draft — naïve, 日本語.\n\tlet x = a1b2 \u{0}"

  private func check(_ bytes: [UInt8], _ mutations: Int, seed offset: Int) throws {
    let peak = Mutator.peakMemory
    var refused = 0
    for seed in offset..<(offset + mutations) {
      var mutator = Mutator(seed: seed)
      do throws(CheckpointError) {
        let json = try JSONValue.parse(mutator.json(bytes), file: "damaged")
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

  private func find(_ text: String, in bytes: [UInt8]) -> Int? {
    let pattern = Array(text.utf8)
    return bytes.indices.first { bytes[$0...].starts(with: pattern) }
  }
}
