internal import Checkpoints
internal import Decoding
internal import Platform
internal import Strings
public import Tensors
internal import Transformers

/// Converts a checkpoint to one file, its matrices to another element type.
///
/// A folder becomes a packed file, which holds its JSON files, too, and opens like the folder. A
/// GGUF file becomes a GGUF file with the same metadata.
public struct ModelConversion: Sendable, Equatable {
  /// Type of matrices. Vectors stay fp32, since they are small, and so do routers, whose choices
  /// are sensitive.
  public var type: ElementType
  /// Type of embedding and output matrix if `type` has fewer than 8 bits.
  public var outerType: ElementType

  /// The result of a conversion.
  public struct Report: Sendable, Equatable {
    public var path: String
    public var tensors: Int
    public var parameters: Int
    public var bytesBefore: Int
    public var bytes: Int
    /// Bytes of the tensors by their types, in the order of `ElementType.allCases`.
    public var byType: [(type: ElementType, tensors: Int, bytes: Int)]

    public static func == (a: Report, b: Report) -> Bool {
      a.path == b.path && a.bytes == b.bytes && a.tensors == b.tensors
    }
  }

  /// Traps for a type that values cannot be encoded as.
  public init(to type: ElementType, outerType: ElementType = .q8_0) {
    precondition(ElementType.encodable.contains(type), "values are not encoded as \(type)")
    self.type = type
    let isNarrow = [.q4_0, .q4_1, .q5_0, .q5_1].contains(type)
    self.outerType = isNarrow ? outerType : type
  }

  /// Converts the checkpoint at `path` to a file at `destination`, which must not exist.
  /// `progress` is called with the share done and may throw to end it. Memory: a few megabytes.
  public func convert(
    _ path: String, to destination: String, progress: (Double) throws -> Void = { _ in }
  ) throws -> Report {
    let checkpoint = try Checkpoint.open(path)
    guard !Files.exists(destination) else {
      throw InferenceError.refused(path: destination, reason: "the file exists")
    }
    let names = checkpoint.tensorNames
    let family = try ModelFamily.identify(checkpoint).0
    let known = family.tensorNames(in: checkpoint)
    let outer = ["\(known.embedding).weight", "\(known.head).weight"]
    func isRouter(_ name: String) -> Bool {
      name.hasSuffix("mlp.gate.weight") || name.hasSuffix("ffn_gate_inp.weight")
    }
    let tensors = try names.map { try checkpoint.tensor($0) }
    let entries = zip(names, tensors).map { name, tensor in
      GGUFWriter.Entry(
        name, shape: tensor.shape,
        type: self.type(of: tensor, isOuter: outer.contains(name), isRouter: isRouter(name)))
    }
    let total = entries.reduce(0) { $0 + $1.byteCount }
    var done = 0
    var index = 0
    try writer(checkpoint).write(to: destination, entries) { entry, append in
      let tensor = tensors[index]
      index += 1
      if let row = tensor.firstRowNotFinite {
        throw FileError(
          file: checkpoint.path, place: "tensor \(entry.name), row \(row)",
          expected: "finite numbers", found: "NaN or infinity")
      }
      let step = max(1, (1 << 22) / max(1, tensor.columns))
      for first in stride(from: 0, to: tensor.rows, by: step) {
        try Task.checkCancellation()
        let bytes = tensor.encoded(
          first..<min(tensor.rows, first + step), as: entry.type)
        try append(bytes)
        done += bytes.count
        try progress(Double(done) / Double(max(1, total)))
      }
      checkpoint.releasePages()
    }
    return Report(
      path: destination, tensors: entries.count,
      parameters: tensors.reduce(0) { $0 + $1.count },
      bytesBefore: tensors.reduce(0) { $0 + $1.byteCount },
      bytes: Files.size(destination) ?? 0,
      byType: ElementType.allCases.compactMap { type in
        let some = entries.filter { $0.type == type }
        guard !some.isEmpty else { return nil }
        return (type, some.count, some.reduce(0) { $0 + $1.byteCount })
      })
  }

  private func type(of tensor: Tensor, isOuter: Bool, isRouter: Bool) -> ElementType {
    guard tensor.shape.count > 1, !isRouter else { return .f32 }
    let wanted = isOuter ? outerType : type
    if tensor.columns.isMultiple(of: wanted.blockElements) { return wanted }
    return wanted == .bf16 ? .bf16 : .f16
  }

  private func writer(_ checkpoint: Checkpoint) throws -> GGUFWriter {
    var writer = GGUFWriter()
    if let gguf = checkpoint.gguf {
      // The type of the whole file would no longer be true, and the alignment is the writer's.
      for pair in gguf.encodedPairs()
      where !["general.file_type", "general.alignment"].contains(pair.key) {
        writer.add(encoded: pair.bytes)
      }
      return writer
    }
    guard checkpoint.configuration != nil else {
      throw InferenceError.refused(
        path: checkpoint.path, reason: "no config.json beside it to identify the model")
    }
    writer.add("general.architecture", .string(Checkpoint.packedArchitecture))
    for name in Self.companions {
      guard let file = try checkpoint.companion(name) else { continue }
      guard let text = unsafe String(validating: file.bytes, as: UTF8.self) else {
        throw InferenceError.unreadable(path: file.path, reason: "the file is not valid UTF-8")
      }
      writer.add(Checkpoint.packedKey(name), .string(text))
    }
    return writer
  }

  /// Files of a folder that a packed file holds.
  static let companions = [
    "config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json",
    "special_tokens_map.json", "chat_template.jinja",
  ]
}
