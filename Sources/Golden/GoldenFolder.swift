internal import Checkpoints
internal import Decoding
public import JSON
internal import Platform
public import Tensors
public import Tokenizers
public import Transformers

/// A folder of reference values: `golden.json` with its cases, `golden.safetensors` with the arrays
/// they name, and the checkpoint they were computed with.
///
/// A reference type: model and tokenizer are loaded when first asked for and shared by the cases.
/// Confined to one thread.
public final class GoldenFolder {
  /// The folder of `golden.json`.
  public let path: String
  /// The folder of the checkpoint: `path`, or a folder inside it with the same weights in another
  /// type.
  public let checkpointPath: String
  public let json: JSONValue
  private let arrays: SafetensorsFile?
  private let kernels: Kernels
  private var models: [String: Transformer] = [:]
  private var loadedTokenizer: Tokenizer?

  /// Reads `golden.json` and the header of the arrays. Throws for damaged ones.
  public init(_ path: String, checkpoint: String? = nil, kernels: Kernels) throws {
    self.path = path
    checkpointPath = checkpoint ?? path
    self.kernels = kernels
    json = try JSONValue.parse(MappedFile(path: "\(path)/golden.json"))
    let file = "\(path)/golden.safetensors"
    arrays = Files.isReadable(file) ? try SafetensorsFile(path: file) : nil
  }

  public var cases: [GoldenCase] {
    (json["cases"]?.array ?? []).enumerated().map {
      GoldenCase(folder: self, $0.element, $0.offset)
    }
  }

  /// The model of the folder, or of the file or folder `name` in it, in fp32.
  public func model(_ name: String? = nil) throws -> Transformer {
    let place = name.map { "\(path)/\($0)" } ?? checkpointPath
    if let model = models[place] { return model }
    let model = try Transformer(Checkpoint.open(place), kernels: kernels)
    models[place] = model
    return model
  }

  public func tokenizer() throws -> Tokenizer {
    if let loadedTokenizer { return loadedTokenizer }
    let file = "\(path)/tokenizer.json"
    let tokenizer = try Tokenizer(json: JSONValue.parse(MappedFile(path: file)), file: file)
    loadedTokenizer = tokenizer
    return tokenizer
  }

  /// All values of an array, row-major.
  public func floats(_ name: String) throws -> [Float] { try file().tensor(name).floats() }

  /// All values of an array of bytes.
  public func bytes(_ name: String) throws -> [UInt8] { try file().bytes(of: name) }

  private func file() throws -> SafetensorsFile {
    guard let arrays else { throw GoldenMismatch("no golden.safetensors in \(path)") }
    return arrays
  }
}

/// One case of a golden folder.
public struct GoldenCase {
  public let folder: GoldenFolder
  public let json: JSONValue
  public let name: String
  /// What decides which check runs; `tokenizer` for the cases of a tokenizer, which name no kind.
  public let kind: String

  init(folder: GoldenFolder, _ json: JSONValue, _ index: Int) {
    self.folder = folder
    self.json = json
    name = json["name"]?.string ?? "\(index)"
    kind = json["kind"]?.string ?? (json["text"] != nil ? "tokenizer" : "none")
  }

  /// The member `key`; throws where it is missing.
  public subscript(key: String) -> JSONValue {
    get throws {
      guard let value = json[key] else { throw GoldenMismatch("the case has no \(key)") }
      return value
    }
  }

  /// The member `key` of `params`; nil where it is missing or null.
  public func parameter(_ key: String) -> JSONValue? {
    json["params"]?[key].flatMap { $0.isNull ? nil : $0 }
  }

  public func ints(_ key: String) throws -> [Int] { try self[key].ints }

  /// The ids under `key`; throws for fewer than `count`, or an id that the model lacks.
  public func ids(_ key: String, atLeast count: Int = 1) throws -> [Int] {
    let ids = try ints(key)
    let transformer = try model()
    let model = transformer.configuration
    guard ids.count >= count, ids.count <= model.contextLength,
      ids.allSatisfy({
        (0..<model.vocabularySize).contains($0) || transformer.pictures.contains($0)
      })
    else {
      throw GoldenMismatch(
        """
        \(key): expected \(count)...\(model.contextLength) ids below \(model.vocabularySize), found \
        \(ids.count), the largest \(ids.max() ?? -1)
        """)
    }
    return ids
  }

  /// Values of the array that the member `key` names.
  public func floats(_ key: String) throws -> [Float] {
    guard let name = try self[key].string else { throw GoldenMismatch("\(key) names no array") }
    return try folder.floats(name)
  }

  public func model() throws -> Transformer { try folder.model(json["file"]?.string) }
}

extension JSONValue {
  /// The integers of an array; empty for anything else.
  public var ints: [Int] { array?.compactMap(\.int) ?? [] }
  /// The numbers of an array; empty for anything else.
  public var doubles: [Double] { array?.compactMap(\.double) ?? [] }
}
