internal import Platform

/// The folder where models live: `$XDG_DATA_HOME/palimpsest/models`.
public enum ModelLibrary {
  /// Absolute path; may not exist.
  public static var folder: String { Directories.current().models }

  /// Models in the folder, sorted: GGUF and safetensors files, and folders with a config.json.
  public static func names() -> [String] {
    Files.visibleNames(in: folder).filter { name in
      [".gguf", ".safetensors"].contains { name.hasSuffix($0) }
        || Files.isReadable("\(folder)/\(name)/config.json")
    }
  }

  /// Waits until packed weights of models that were loaded are on the disk, where the next start
  /// finds them.
  public static func finishWriting() async { await WeightCache.finishWriting() }

  /// Path of the model `name`: an existing path, else a model in the library; for nil the default
  /// model.
  public static func path(of name: String?) throws(InferenceError) -> String {
    guard let name else {
      let path = "\(folder)/\(DefaultModel.name)"
      guard Files.isReadable(path) else { throw .noDefaultModel(path: path) }
      return path
    }
    if Files.isReadable(name) { return name }
    let path = "\(folder)/\(name)"
    guard !name.isEmpty, Files.isReadable(path) else { throw .noModel(name) }
    return path
  }
}

/// The model that the program uses by default.
public enum DefaultModel {
  public static let name = "SmolLM2-135M-Instruct.Q4_1.gguf"
  /// Bytes of the base's file.
  public static let size = 98_362_432
  public static let digest = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
  public static let adapterDigest =
    "4c8eecc04b25c4e10dc689aaa12587a358636903414a6cb616e6c3cddcef6bdd"

  /// Path of the built-in adapter: beside the program in a build, or below the prefix of an
  /// installation; nil if it does not exist.
  static func adapterPath() -> String? {
    guard let program = Files.executable(), let slash = program.lastIndex(of: "/") else {
      return nil
    }
    let folder = program[..<slash]
    let file = "palimpsest_Inference.resources/Adapter/adapter.safetensors"
    return ["\(folder)/\(file)", "\(folder)/../share/palimpsest/\(file)"]
      .first(where: Files.isReadable)
  }
}
