internal import ArgumentParser
internal import Checkpoints
internal import Commands
internal import Documents
internal import Inference
internal import JSON
internal import Platform
internal import Tokenizers

struct TokenizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokenize",
    abstract: "Print the tokens of a text.",
    discussion: """
      One token per line: its id, and its text with control characters made visible. Bytes of an \
      incomplete character are written as <E2> and so on.

      With --json one object: "ids", "texts", "count".

      Examples:
        palimpsest tokenize 'The old boat'
        palimpsest tokenize --file letter.txt --json

      Exit codes: 0 success; 1 failure, explained on standard error; 64 invalid command line.
      """)

  @Argument(help: ArgumentHelp("The text.", valueName: "text"))
  var text: String?

  @Option(help: ArgumentHelp("Read the text from a file; - is standard input.", valueName: "file"))
  var file: String?

  @Option(
    help: ArgumentHelp(
      "Checkpoint folder, GGUF file, or the name of a model in the library.", valueName: "path"))
  var model: String?

  @Flag(help: "Parse control tokens in the text.")
  var special = false

  @Flag(help: "Write one JSON object.")
  var json = false

  func validate() throws {
    if (text == nil) == (file == nil) {
      throw ValidationError("Give a text, or a file with --file.")
    }
  }

  func run() throws {
    let tokenizer = try Tokenizer(Checkpoint.open(try ModelLibrary.path(of: model)))
    let ids = tokenizer.encode(try TextInput.text(text, file: file), specialTokens: special)
    let texts = ids.map { Self.visible($0, tokenizer) }
    if json {
      let object: JSONValue = [
        "ids": .array(ids.map(JSONValue.integer)), "texts": .array(texts.map(JSONValue.string)),
        "count": .integer(ids.count),
      ]
      try Console.output(object.serialized() + "\n")
      return
    }
    try Console.output(zip(ids, texts).map { "\($0)\t\($1)\n" }.joined())
  }

  /// The text of one token on one line.
  private static func visible(_ id: Int, _ tokenizer: Tokenizer) -> String {
    if tokenizer.isSpecial(id) { return tokenizer.spelling(of: id) ?? "" }
    let bytes = tokenizer.bytes(of: id)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      return bytes.map { byte in
        byte < 0x80
          ? DisplayForm.visible(String(UnicodeScalar(byte)))
          : "<\(String(byte, radix: 16, uppercase: true))>"
      }.joined()
    }
    return DisplayForm.visible(text)
  }
}

/// A text given on the command line or in a file.
enum TextInput {
  /// Exactly one of the two is given. Throws for a file that cannot be read or is not UTF-8.
  static func text(_ text: String?, file: String?) throws -> String {
    guard let file else { return text ?? "" }
    let bytes = file == "-" ? try Console.input() : try Files.read(file, upTo: 1 << 26)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw CommandFailure("\(file) is not valid UTF-8.")
    }
    return text
  }
}
