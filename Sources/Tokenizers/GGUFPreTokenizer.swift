/// The pre-tokenizer that a GGUF file names in `tokenizer.ggml.pre`: the steps of the
/// `tokenizer.json` files to which llama.cpp's converter gives that name.
struct GGUFPreTokenizer: Sendable {
  /// Patterns applied one after another, matches isolated.
  var patterns: [String]
  var ignoresMerges = false
  var composes = false

  static func named(_ name: String) -> GGUFPreTokenizer? { table[name] }

  /// All names that are known, sorted.
  static var names: [String] { table.keys.sorted() }

  private static let table: [String: GGUFPreTokenizer] = {
    var table: [String: GGUFPreTokenizer] = [:]
    for (names, value) in families {
      for name in names { table[name] = value }
    }
    return table
  }()

  private static let gpt2 = PreTokenizer.byteLevelPattern
  private static let contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
  private static let tail = #" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
  private static let upper = #"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]"#
  private static let lower = #"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"#
  private static let tailWithSlash = #" ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"#

  private static let families: [([String], GGUFPreTokenizer)] = [
    (
      [
        "gpt-2", "phi-2", "jina-es", "jina-de", "jina-v2-es", "jina-v2-de", "gigachat", "mpt",
        "olmo", "jais", "trillion", "roberta-bpe", "modern-bert", "exaone4",
      ], GGUFPreTokenizer(patterns: [gpt2])
    ),
    (
      [
        "smollm", "starcoder", "refact", "command-r", "codeshell", "exaone", "minerva-7b",
      ], GGUFPreTokenizer(patterns: [#"\p{N}"#, gpt2])
    ),
    (
      ["default"],
      GGUFPreTokenizer(patterns: [
        #"[\p{P}\$\+<=>\^~\|]+"#, gpt2, #"\p{N}+"#, "[0-9][0-9][0-9]",
      ])
    ),
    (
      ["falcon"],
      GGUFPreTokenizer(patterns: [#"[\p{P}\$\+<=>\^~\|`]+"#, gpt2, "[0-9][0-9][0-9]"])
    ),
    (
      ["llama-bpe", "llama3", "llama-v3", "falcon3", "pixtral", "smaug-bpe", "lfm2"],
      GGUFPreTokenizer(
        patterns: [contractions + #"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|"# + tail],
        ignoresMerges: true)
    ),
    (
      ["dbrx", "chatglm-bpe", "glm4"],
      GGUFPreTokenizer(
        patterns: [contractions + #"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|"# + tail])
    ),
    (
      ["qwen2", "deepseek-r1-qwen", "stablelm2", "hunyuan", "megrez"],
      GGUFPreTokenizer(
        patterns: [contractions + #"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}|"# + tail], composes: true)
    ),
    (
      ["tekken"],
      GGUFPreTokenizer(
        patterns: ["\(upper)*\(lower)+|\(upper)+\(lower)*|" + #"\p{N}|"# + tailWithSlash],
        ignoresMerges: true)
    ),
    (
      ["gpt-4o", "llama4"],
      GGUFPreTokenizer(patterns: [
        "\(upper)*\(lower)+\(contractions)?|\(upper)+\(lower)*\(contractions)?|"
          + #"\p{N}{1,3}|"# + tailWithSlash
      ])
    ),
    (
      ["bailingmoe", "bailingmoe2", "llada-moe"],
      GGUFPreTokenizer(patterns: [
        #"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]++[\r\n]*"#
          + #"|\s*[\r\n]|\s+(?!\S)|\s+"#
      ])
    ),
    (
      ["seed-coder"],
      GGUFPreTokenizer(patterns: [
        contractions + #"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1}| ?[^\s\p{L}\p{N}\r\n]+"#
          + #"|\s*[\r\n]+|\s+(?!\S)|\s+"#
      ])
    ),
  ]
}
