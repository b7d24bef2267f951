public import Checkpoints
internal import JSON
internal import Strings
public import Tensors

/// Low-rank weights beside the output projections of the attention, on for drafts alone: the
/// `linear_spec_lora` folder of Nemotron-Labs-Diffusion, in the layout of PEFT.
/// y = W x + alpha / r · B (A x).
public final class Drafter {
  public let rank: Int
  public let scale: Float
  /// One for each layer: A `[rank, queryWidth]`, B `[width, rank]`.
  private let layers: [(a: LinearWeights, b: LinearWeights)]
  private var inner: Matrix

  /// Name of the folder within a checkpoint's.
  public static let folder = "linear_spec_lora"

  /// The drafter of a checkpoint, or nil where its folder has none.
  public static func find(
    _ checkpoint: Checkpoint, kernels: Kernels, format: LinearWeights.Format = .f32
  ) throws -> Drafter? {
    let path = "\(checkpoint.folder)/\(folder)"
    guard checkpoint.source == .folder,
      checkpoint.fileInFolder("\(folder)/adapter_config.json") != nil
    else { return nil }
    let (family, model) = try ModelFamily.identify(checkpoint)
    return try Drafter(
      folder: path, names: family.names, model: model, kernels: kernels, format: format)
  }

  /// Reads `adapter_config.json` and `adapter_model.safetensors` in `folder`. Throws
  /// `FileError` where they are damaged, do not fit the model, or adapt anything but
  /// `o_proj`.
  init(
    folder: String, names: TensorNames, model: ModelConfiguration, kernels: Kernels,
    format: LinearWeights.Format
  ) throws {
    let path = "\(folder)/adapter_config.json"
    let json = try JSONValue.parse(MappedFile(path: path))
    let reader = ConfigurationReader(json, file: path)
    let modules = json["target_modules"]?.array?.compactMap(\.string) ?? []
    guard modules == ["o_proj"] else {
      throw FileError(
        file: path, place: "target_modules", expected: "[\"o_proj\"]",
        found: json["target_modules"]?.summary ?? "nothing")
    }
    for key in ["use_dora", "fan_in_fan_out"] { try reader.require(key, is: false) }
    guard let rank = try reader.integerIfPresent("r", in: 1...4096),
      let alpha = json["lora_alpha"]?.double, Float(alpha).isFinite
    else {
      throw FileError(
        file: path, place: "r, lora_alpha", expected: "two numbers",
        found: "\(json["r"]?.summary ?? "nothing"), \(json["lora_alpha"]?.summary ?? "nothing")")
    }
    let divisor = json["use_rslora"]?.bool == true ? Double(rank).squareRoot() : Double(rank)
    self.rank = rank
    scale = Float(alpha / divisor)
    let checkpoint = try Checkpoint.open("\(folder)/adapter_model.safetensors")
    let loader = WeightLoader(
      checkpoint: checkpoint, kernels: kernels, format: format, interleavedHeadSize: nil)
    layers = try (0..<model.layers).map { index in
      let name = "base_model.model.\(names.layer(index).output)"
      return (
        loader.pack(try loader.tensor("\(name).lora_A.weight", [rank, model.queryWidth])),
        loader.pack(try loader.tensor("\(name).lora_B.weight", [model.width, rank]))
      )
    }
    inner = Matrix(rows: 0, columns: rank)
  }

  func reserve(_ rows: Int) {
    if inner.rows < rows { inner = Matrix(rows: rows, columns: rank) }
  }

  /// y += scale · B (A x) for the first `rows` rows.
  func add(layer: Int, _ x: QuantizedActivations, rows: Int, into y: Matrix, kernels: Kernels) {
    kernels.linear(x, rows: rows, layers[layer].a, into: inner)
    kernels.linear(inner, rows: rows, layers[layer].b, into: y, accumulate: true, scale: scale)
  }
}
