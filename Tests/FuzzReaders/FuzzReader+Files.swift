import Checkpoints
import Decoding
import Documents
import Editing
import Highlighting
import JSON
import Pictures
import Recordings
import Settings
import Tensors
import Tokenizers
import Transformers

extension FuzzReader {
  func readSafetensors(_ bytes: [UInt8]) throws {
    let file = try SafetensorsFile(MappedFile(bytes))
    for tensor in file.tensors.values where tensor.rows > 0 {
      _ = tensor.row(tensor.rows - 1)
      _ = tensor.firstRowNotFinite
    }
  }

  func readGGUF(_ bytes: [UInt8]) throws {
    let file = try GGUFFile(MappedFile(bytes))
    for tensor in file.tensors.values {
      _ = tensor.row(tensor.rows - 1)
      _ = tensor.firstRowNotFinite
    }
    for value in file.metadata.values { _ = value.summary }
    _ = file.encodedPairs()
    let checkpoint = try Checkpoint(MappedFile(bytes))
    if ModelFamily.named(in: checkpoint).family != nil {
      _ = try ModelFamily.identify(checkpoint).1.parameters
    }
    use(try Tokenizer(gguf: file))
  }

  /// JSON is read as it is written.
  func readJSON(_ bytes: [UInt8]) throws {
    let value = try JSONValue.parse(bytes, file: "fuzzed")
    let again = try JSONValue.parse(Array(value.serialized().utf8), file: "again")
    precondition(again == value, "a document is not what was written of it")
  }

  /// Every family's reader of config.json.
  func readConfiguration(_ bytes: [UInt8]) throws {
    let reader = ConfigurationReader(
      try JSONValue.parse(bytes, file: "fuzzed"), file: "fuzzed")
    let models = ModelFamily.all.map { family in
      Result { try ModelConfiguration(reader, family: family) }
    }
    for case .success(let model) in models {
      _ = model.parameters
      _ = RotaryEmbedding(model.rotary)
    }
    if !models.contains(where: { (try? $0.get()) != nil }) { _ = try models.first?.get() }
  }

  func readTokenizer(_ bytes: [UInt8]) throws {
    use(try Tokenizer(json: JSONValue.parse(bytes, file: "fuzzed"), file: "fuzzed"))
  }

  private func use(_ tokenizer: Tokenizer) {
    let text =
      "A 42nd <|im_start|> draft — naïve, 日本語.\n\tlet x = a1b2 \u{0}aaaaaaaaaaaaaaaaaaaaaaaaaaaa!"
    for parsing in [AddedTokenParsing.none, .all] {
      let ids = tokenizer.encode(text, parsing: parsing)
      precondition(
        ids.allSatisfy { 0..<tokenizer.vocabularySize ~= $0 }, "an id beyond the vocabulary")
      _ = tokenizer.decode(ids)
      _ = tokenizer.texts(of: ids + [nil, tokenizer.vocabularySize, -1])
    }
    if let template = ChatTemplate(tokenizer: tokenizer, source: text) {
      _ = template.ids([.init(.user, text)], tokenizer: tokenizer)
    }
  }

  /// A picture is decoded, and made as small as a model may ask for.
  func readPicture(_ bytes: [UInt8]) throws {
    let size = try PictureSize(of: bytes, file: "fuzzed")
    // Larger ones only take longer.
    guard size.pixels < 1 << 20 else { return }
    let picture = try Picture(decoding: bytes, file: "fuzzed")
    let grid = PictureGrid(picture.size, longestEdge: 56, cell: 28)
    let pixels = try PicturePixels(picture, grid: grid, cell: 28)
    precondition(pixels.values.allSatisfy(\.isFinite), "a pixel that is no number")
  }

  /// A recording is written as it was read.
  func readRecord(_ bytes: [UInt8]) throws {
    let recording = try RecordFile.recording(bytes, file: "fuzzed")
    _ = RecordFile.text(of: recording)
    _ = recording.trimmed
    let end = recording.trajectory.end
    for step in stride(from: 0, through: end, by: end / 16 + 1) {
      _ = recording.trajectory.cells(at: step)
    }
  }

  func readTheme(_ bytes: [UInt8]) throws {
    let text = String(decoding: bytes, as: UTF8.self)
    let files = SettingsFiles(configuration: "/c", executable: nil) {
      $0 == "/c/languages/x.toml" ? text : nil
    }
    if let grammar = try? files.loadLanguage("x") { highlight(bytes, by: grammar) }
    _ = try ThemeFile.parse(text, file: "fuzzed")
    _ = try Configuration.parse(text, file: "fuzzed")
    // What the editor changes in a file of any form.
    for (name, value) in [("theme", SettingValue.text("x")), ("editor.tab-width", .int(3))] {
      var edited = ConfigurationText(text, file: "fuzzed")
      if let setting = Setting.named(name) { try? edited.set(setting, to: value) }
    }
  }

  /// No file keeps a document from being opened.
  func readEditorConfig(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    for name in ["a.txt", "lib/deep/b.js", "5", "{a,b}.md"] {
      let style = EditorConfig.style(of: "/f/\(name)") { $0 == "/f/.editorconfig" ? text : nil }
      for fault in style.warnings { precondition(!"\(fault)".contains("\u{1B}")) }
    }
  }

  /// A text is written as it was read, in the encoding it seems to have and in all others.
  func readEncoding(_ bytes: [UInt8]) throws {
    for encoding in [TextEncoding.recognised(bytes)] + TextEncoding.allCases {
      guard let (text, format) = encoding.decode(bytes) else { continue }
      let written = try Document(Text(text), format).contents()
      precondition(written == bytes, "not written as it was read")
    }
  }

  /// Tokens of lines ascend, do not overlap, and are in their line.
  private func highlight(_ text: [UInt8], by grammar: Grammar) {
    var highlighter = Highlighter(grammar)
    var state = Highlighter.State.initial
    for line in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      let found = highlighter.line(Array(line), from: state)
      state = found.end
      var end = 0
      for token in found.tokens {
        precondition(token.range.lowerBound >= end && token.range.upperBound <= line.count)
        end = token.range.upperBound
      }
    }
  }
}
