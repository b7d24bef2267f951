public import ArgumentParser
package import Inference
package import Infilling
internal import Platform
public import Tensors

/// The model, and the kernels and threads it runs on.
package struct ModelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Checkpoint folder, GGUF file, or the name of a model in the library.",
      discussion: "Without it: the default model, from `palimpsest model fetch`.",
      valueName: "path"))
  package var model: String?

  @Option(help: ArgumentHelp("Adapter for filling passages.", valueName: "path"))
  package var adapter: String?

  @Option(help: ArgumentHelp("Threads to compute with. (default: all cores)", valueName: "n"))
  package var threads: Int?

  @Option(
    help:
      "Kernels to compute with: \(KernelLevel.allCases.map(\.rawValue).joined(separator: ", ")).")
  package var kernels: KernelLevel?

  @Option(
    help: ArgumentHelp(
      "Format of weights in memory: \(LinearWeights.Format.allCases.map(\.rawValue).joined(separator: ", ")). (default: int8)",
      discussion:
        "int8 keeps the values of weights stored in 4 bits, bf16 those of bfloat16 weights.",
      valueName: "format"))
  package var weights: LinearWeights.Format?

  package init() {}

  package func validate() throws {
    if let threads, threads < 1 { throw ValidationError("--threads must be at least 1.") }
  }

  /// The model these options ask for.
  package var source: ModelSource {
    ModelSource(
      model: model, adapter: adapter, kernels: kernels, threads: threads, weights: weights)
  }

  /// As `ModelSource.infiller`.
  package func infiller(
    onProgress: @escaping @Sendable (Double) -> Void = { _ in },
    onPictures: @escaping @Sendable (PictureProgress) -> Void = { _ in }
  ) throws -> LocalInfiller {
    try source.infiller(onProgress: onProgress, onPictures: onPictures)
  }
}

extension ModelSource {
  /// Why the model or the adapter that is named cannot be used, as far as names tell; nil where
  /// nothing is wrong or none is named. Reads no file.
  package var fault: String? {
    do throws(InferenceError) {
      if model != nil { _ = try ModelLibrary.path(of: model) }
    } catch {
      return "\(error)"
    }
    guard let adapter, !Files.isReadable(adapter) else { return nil }
    return "No adapter \(adapter): not a file that can be read."
  }

  /// The engine for the model. It loads nothing yet. From its thread, `onProgress` is called with the
  /// part that is loaded, 0...1, and `onPictures` while pictures are read.
  package func infiller(
    onProgress: @escaping @Sendable (Double) -> Void = { _ in },
    onPictures: @escaping @Sendable (PictureProgress) -> Void = { _ in }
  ) throws -> LocalInfiller {
    try LocalInfiller(
      model: model, adapter: adapter, kernels: kernels, threads: threads, weights: weights,
      onProgress: onProgress, onPictures: onPictures)
  }
}

extension KernelLevel: ExpressibleByArgument {}

extension LinearWeights.Format: ExpressibleByArgument {}
