import Platform
import SyntheticModels
import TestSupport
import Testing

@testable import palimpsest

/// Models whose files say what cannot be: every command ends with one line that says which.
struct HostileModelTests {
  /// The tiny model in a folder of its own, one of its files with a text in it replaced.
  private func model(
    _ home: Scratch, _ file: String = "config.json", _ old: String = "", _ new: String = ""
  ) throws -> String {
    try Files.makeFolder(home.path("model"))
    try SyntheticModels.TinyModel.write(to: home.path("model"))
    let text = try #require(home.read("model/\(file)"))
    #expect(old.isEmpty || text.contains(old))
    try home.file("model/\(file)", old.isEmpty ? text : text.replacing(old, with: new))
    return home.path("model")
  }

  static let damages = [
    (
      "config.json", "\"num_attention_heads\":4", "\"num_attention_heads\":0", "num_attention_heads"
    ),
    ("config.json", "\"hidden_size\":32", "\"hidden_size\":1e300", "hidden_size"),
    ("config.json", "\"eos_token_id\":0", "\"eos_token_id\":999", "eos token"),
    ("config.json", "\"vocab_size\":305", "\"vocab_size\":306", "model.embed_tokens.weight"),
    ("tokenizer.json", "\"vocab\":{", "\"vocab\":{\"\\u001b\":305,", "\\u{1b}"),
    ("tokenizer.json", "\"use_regex\":true", "\"use_regex\":true,\"type\":\"x\"", "pre_tokenizer"),
  ]

  @Test(arguments: damages.indices)
  func everyCommandRefuses(_ index: Int) throws {
    let (file, old, new, place) = Self.damages[index]
    let home = try Scratch()
    let path = try model(home, file, old, new)
    let document = try home.file("letter.txt", "The old boat was quiet.\n")
    for arguments in [
      ["model", "inspect", path], ["generate", "the", "--tokens", "2", "--model", path],
      ["fill", document, "--span", "1:5-1:8", "--model", path],
    ] {
      let result = try BuiltProgram.run(arguments, home: home)
      #expect(result.status == 1 && result.output == "", "\(arguments)")
      #expect(result.error.contains(place), "\(arguments): \(result.error)")
      #expect(result.error.split(separator: "\n").count == 1, "\(arguments): \(result.error)")
      #expect(!result.error.contains("\u{1B}"))
    }
  }

  @Test func foldersOfSeveralFilesNameThem() throws {
    let home = try Scratch()
    for name in ["a.gguf", "b.gguf"] { try home.file(name, "x") }
    for command in [["model", "inspect"], ["generate", "the", "--model"]] {
      let result = try BuiltProgram.run(command + [home.folder], home: home)
      #expect(result.status == 1 && result.error.contains("a.gguf, b.gguf"), "\(result.error)")
    }
  }

  /// Without an adapter a causal model still searches, and writes from the left.
  @Test func causalModelsFillWithoutAdapter() throws {
    let home = try Scratch()
    let path = try model(home)
    Files.remove(path + "/adapter.safetensors")
    let document = try home.file("letter.txt", "The old boat was quiet.\n")
    let fill = ["fill", document, "--span", "1:5-1:13", "--model", path]
    for mode in ["diffusion", "search", "ar", "self-spec"] {
      let result = try BuiltProgram.run(fill + ["--mode", mode], home: home)
      #expect(result.status == 0 && result.error == "", "\(result.error)")
      #expect(result.output.hasPrefix("The ") && result.output.hasSuffix(" was quiet.\n"))
    }
    let refused = try BuiltProgram.run(fill + ["--confidence", "margin"], home: home)
    #expect(refused.status == 1 && refused.error.contains("fills no masks"))
    let quadratic = try BuiltProgram.run(fill + ["--mode", "quadratic"], home: home)
    #expect(quadratic.status == 1 && quadratic.error.contains("quadratic"))
  }
}
