import Checkpoints
import JSON
import TestSupport
import Tokenizers

/// The tokenizers of every golden set at hand.
enum GoldenTokenizers {
  /// `golden/SET/tokenizers/NAME`.
  static let folders = SharedFiles.goldenFolders("tokenizers").flatMap { folder in
    SharedFiles.names(in: folder).map { "\(folder)/\($0)" }
  }.filter { SharedFiles.names(in: $0).contains("golden.json") }

  /// Checkpoints with a tokenizer: `golden/SET/FAMILY` and the source of the GGUF files.
  static let families: [String] = {
    let sets = SharedFiles.path("golden").map { root in
      SharedFiles.names(in: root).map { "\(root)/\($0)" }
    }
    let folders = (sets ?? []).flatMap { set in SharedFiles.names(in: set).map { "\(set)/\($0)" } }
    return (folders + folders.map { $0 + "/hf" }).filter {
      SharedFiles.names(in: $0).contains("tokenizer.json")
    }
  }()

  static func json(_ path: String) throws -> JSONValue {
    try JSONValue.parse(MappedFile(path: path))
  }

  static func tokenizer(_ folder: String) throws -> Tokenizer {
    let path = folder + "/tokenizer.json"
    return try Tokenizer(json: json(path), file: path)
  }
}

extension JSONValue {
  var ints: [Int] { array?.compactMap(\.int) ?? [] }
}
