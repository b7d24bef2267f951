import Checkpoints

/// A reader of files that come from anywhere, as a fuzzer drives it: any bytes give a value that can
/// be used, or an error, and never a trap.
public enum FuzzReader: String, CaseIterable, Sendable {
  case adapter, configuration, editorConfig, encoding, gguf, json, model, picture, record
  case safetensors, theme, tokenizer

  /// Reads `bytes` and uses what they give. Returns the error that refuses them, or nil.
  public func read(_ bytes: [UInt8]) -> (any Error)? {
    do {
      switch self {
      case .adapter: try readAdapter(bytes)
      case .configuration: try readConfiguration(bytes)
      case .editorConfig: readEditorConfig(bytes)
      case .encoding: try readEncoding(bytes)
      case .gguf: try readGGUF(bytes)
      case .json: try readJSON(bytes)
      case .model: try readModel(bytes)
      case .picture: try readPicture(bytes)
      case .record: try readRecord(bytes)
      case .safetensors: try readSafetensors(bytes)
      case .theme: try readTheme(bytes)
      case .tokenizer: try readTokenizer(bytes)
      }
      return nil
    } catch {
      _ = "\(error)"
      return error
    }
  }
}

extension MappedFile {
  convenience init(_ bytes: [UInt8]) { self.init(copying: bytes, name: "fuzzed") }
}
