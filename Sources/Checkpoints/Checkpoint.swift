public import JSON
internal import Platform
public import Strings
public import Tensors

/// A model on disk: a folder in Hugging Face layout, a GGUF file, a single safetensors file, or a
/// packed file.
///
/// `palimpsest model convert` makes a packed file of a folder: a GGUF file of architecture
/// `palimpsest` with the folder's tensor names, and its JSON files in the metadata.
public struct Checkpoint: Sendable {
  public enum Source: String, Sendable {
    case folder, gguf, safetensors, packed
  }

  /// `general.architecture` of packed files.
  public static let packedArchitecture = "palimpsest"

  /// The metadata key under which a packed file holds the text of the file `name`.
  public static func packedKey(_ name: String) -> String { "\(packedArchitecture).file.\(name)" }

  /// The path given to `open`.
  public let path: String
  public let source: Source
  /// `config.json` of the folder, or the one beside a single safetensors file.
  public let configuration: JSONValue?
  /// GGUF or packed.
  private let container: GGUFFile?
  /// Safetensors files; several if the weights are sharded.
  public let shards: [SafetensorsFile]
  /// Index into `shards` by tensor name.
  private let places: [String: Int]

  /// Paths of the files that tensors are read from.
  public var files: [String] { container.map { [$0.path] } ?? shards.map(\.path) }

  /// Opens the checkpoint at `path`: a folder with `config.json` and `model.safetensors` or
  /// `model.safetensors.index.json`, or a file. Reads headers only.
  ///
  /// Other safetensors files of a folder, such as adapters, are ignored.
  public static func open(_ path: String) throws(FileError) -> Checkpoint {
    switch PathKind(path) {
    case .folder: try Checkpoint(folder: path)
    case .file: try Checkpoint(MappedFile(path: path))
    case .nothing:
      throw FileError(
        file: path, expected: "a checkpoint folder, a GGUF or a safetensors file",
        found: "nothing readable")
    }
  }

  /// A model in one file that is open.
  public init(_ file: MappedFile) throws(FileError) {
    path = file.path
    if unsafe file.bytes.prefix(4).elementsEqual("GGUF".utf8) {
      let gguf = try GGUFFile(file)
      container = gguf
      shards = []
      places = [:]
      let isPacked =
        gguf.metadata["general.architecture"]?.string == Checkpoint.packedArchitecture
      source = isPacked ? .packed : .gguf
      configuration =
        isPacked ? try Self.embedded("config.json", in: gguf).map(Self.json) : nil
      return
    }
    source = .safetensors
    container = nil
    shards = [try SafetensorsFile(file)]
    places = Self.places(shards)
    let beside = Self.folder(of: file.path) + "/config.json"
    configuration = PathKind(beside) == .file ? try Self.json(beside) : nil
  }

  private init(folder path: String) throws(FileError) {
    self.path = path
    source = .folder
    container = nil
    guard PathKind(path + "/config.json") == .file else { throw Self.noCheckpoint(path) }
    configuration = try Self.json(path + "/config.json")
    let single = path + "/model.safetensors"
    let index = single + ".index.json"
    if PathKind(single) == .file {
      shards = [try SafetensorsFile(path: single)]
      places = Self.places(shards)
    } else if PathKind(index) == .file {
      (shards, places) = try Self.sharded(index, folder: path)
    } else {
      throw FileError(
        file: path, expected: "model.safetensors or model.safetensors.index.json",
        found: "neither")
    }
  }

  /// The error for a folder without config.json, with the models in it that could be opened.
  private static func noCheckpoint(_ path: String) -> FileError {
    let files = Files.visibleNames(in: path).filter {
      $0.hasSuffix(".gguf") || $0.hasSuffix(".safetensors")
    }
    let some = files.prefix(4).joined(separator: ", ")
    return FileError(
      file: path, expected: "a checkpoint folder with config.json, or one of the model files in it",
      found: files.isEmpty
        ? "no config.json" : "a folder of \(files.count): \(some)\(files.count > 4 ? ", …" : "")")
  }

  /// Opens the files that an index names, and checks that each has the tensors listed for it.
  private static func sharded(
    _ path: String, folder: String
  ) throws(FileError) -> ([SafetensorsFile], [String: Int]) {
    let index = try json(path)
    guard let map = index["weight_map"]?.object else {
      throw FileError(
        file: path, place: "weight_map", expected: "an object",
        found: index["weight_map"]?.summary ?? "nothing")
    }
    var shards: [SafetensorsFile] = []
    var numbers: [String: Int] = [:]
    var places: [String: Int] = [:]
    for (name, value) in zip(map.keys, map.values) {
      let place = "weight_map \(name.quotedForMessage)"
      guard let file = value.string, !file.isEmpty, !file.contains("/"), !file.contains("\0"),
        file != ".."
      else {
        throw FileError(
          file: path, place: place, expected: "a file name in this folder", found: value.summary)
      }
      let number: Int
      if let known = numbers[file] {
        number = known
      } else {
        number = shards.count
        shards.append(try SafetensorsFile(path: folder + "/" + file))
        numbers[file] = number
      }
      guard shards[number].entries[name] != nil else {
        throw FileError(
          file: path, place: place, expected: "a tensor of \(file)",
          found: "none of this name there")
      }
      places[name] = number
    }
    return (shards, places)
  }

  private static func places(_ shards: [SafetensorsFile]) -> [String: Int] {
    var places: [String: Int] = [:]
    for (number, shard) in shards.enumerated() {
      for name in shard.tensorNames { places[name] = number }
    }
    return places
  }

  /// The file in the layout of llama.cpp, if it is one.
  public var gguf: GGUFFile? { source == .gguf ? container : nil }

  /// All tensor names: in file order for one file, sorted for several.
  public var tensorNames: [String] {
    if let container { return container.tensorNames }
    return shards.count == 1 ? shards[0].tensorNames : places.keys.sorted()
  }

  /// The tensor `name`. Throws if it is missing or its type is not supported.
  public func tensor(_ name: String) throws(FileError) -> Tensor {
    if let tensor = container?.tensors[name] { return tensor }
    if let place = places[name] { return try shards[place].tensor(name) }
    throw FileError(
      file: path, place: "tensor \(name.quotedForMessage)", expected: "the tensor",
      found: "none of this name")
  }

  /// The tensor `name`; nil if it is missing or its type is not supported.
  public func tensorIfPresent(_ name: String) -> Tensor? {
    if let container { return container.tensors[name] }
    return places[name].flatMap { shards[$0].tensors[name] }
  }

  /// The folder of companion files: the checkpoint itself, or the folder of its file.
  public var folder: String { source == .folder ? path : Self.folder(of: path) }

  /// Path of the file `name` in the folder; nil if it does not exist.
  public func fileInFolder(_ name: String) -> String? {
    let path = folder + "/" + name
    return PathKind(path) == .file ? path : nil
  }

  /// The file `name` beside the weights, in the folder or inside a packed file; nil if it does not
  /// exist.
  public func companion(_ name: String) throws(FileError) -> MappedFile? {
    if source == .packed { return container.flatMap { Self.embedded(name, in: $0) } }
    guard let path = fileInFolder(name) else { return nil }
    return try MappedFile(path: path)
  }

  /// The same as JSON.
  public func jsonCompanion(_ name: String) throws(FileError) -> JSONValue? {
    guard let file = try companion(name) else { return nil }
    return try Self.json(file)
  }

  /// As `MappedFile.releasePages`, for all weight files.
  public func releasePages() {
    container?.releasePages()
    for shard in shards { shard.releasePages() }
  }

  private static func embedded(_ name: String, in gguf: GGUFFile) -> MappedFile? {
    gguf.metadata[packedKey(name)]?.string.map {
      MappedFile(copying: Array($0.utf8), name: "\(gguf.path) (\(name))")
    }
  }

  private static func json(_ path: String) throws(FileError) -> JSONValue {
    try json(MappedFile(path: path))
  }

  private static func json(_ file: MappedFile) throws(FileError) -> JSONValue {
    let value = try JSONValue.parse(file)
    guard value.object != nil else {
      throw FileError(file: file.path, expected: "a JSON object", found: value.summary)
    }
    return value
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
