import Checkpoints
import Decoding
import DecodingPolicies
import Glibc
import Inference
import Infilling
import Platform
import Synchronization
import Tensors
import Transformers

extension FuzzReader {
  private static let kernels = Result { try Kernels(threads: 1) }

  /// An adapter for the base of `adapterBase`.
  func readAdapter(_ bytes: [UInt8]) throws {
    let adapter = try Adapter(
      Checkpoint(MappedFile(bytes)), model: Self.adapterBase, kernels: Self.kernels.get())
    _ = adapter.baseDigest
  }

  /// The base that adapters are read for.
  static let adapterBase: ModelConfiguration = {
    var model = ModelConfiguration(
      family: "llama", width: 8, layers: 1, heads: 2, keyValueHeads: 1, headSize: 4,
      feedForwardWidth: 8, vocabularySize: 32, contextLength: 64, normEpsilon: 1e-5,
      rotary: RotaryConfiguration(theta: 10_000, dimensions: 4), tiesEmbedding: true)
    model.endTokens = [0]
    return model
  }()

  /// A model in one file, packed or of llama.cpp: looked into, loaded, and made to write in every way
  /// it can.
  func readModel(_ bytes: [UInt8]) throws {
    try Self.withFile(bytes, readModel)
  }

  private func readModel(_ path: String) throws {
    let checkpoint = try Checkpoint.open(path)
    let model = try ModelFamily.identify(checkpoint).1
    // Larger ones only take longer.
    guard model.parameters < 1 << 22 else { return }
    let writer = try TextGenerator(
      ModelSource(model: path, kernels: .portable, threads: 1, weights: .f32))
    for mode in writer.abilities.modes {
      var request = GenerationRequest(prompt: "ab a", maximumTokens: 5)
      if writer.abilities.seesPictures { request.pictures.paths = [Self.pixel] }
      request.decoding.mode = mode
      request.draftLength = 3
      if case .bidirectional = model.diffusion?.attention { request.decoding.blockLength = 4 }
      for isSampled in [false, true] {
        if isSampled { request.sampling = SamplingOptions(temperature: 1, seed: 1) }
        request.cachesBlock = isSampled
        let report = try writer.write(request)
        precondition(report.tokens.count <= 5, "more than was asked for")
      }
    }
  }

  /// Path of a picture of one pixel.
  private static let pixel: String = {
    let path = "/dev/shm/palimpsest-fuzz-\(getpid()).png"
    let bytes: [UInt8] = [
      0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0,
      1,
      0, 0, 0, 1, 8, 2, 0, 0, 0, 0x90, 0x77, 0x53, 0xDE, 0, 0, 0, 12, 0x49, 0x44, 0x41, 0x54, 0x78,
      0x9C, 0x63, 0xF8, 0xCF, 0xC0, 0, 0, 3, 1, 1, 0, 0xC9, 0xFE, 0x92, 0xEF, 0, 0, 0, 0, 0x49,
      0x45,
      0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82,
    ]
    try? Files.write(bytes, to: path)
    return path
  }()

  private static let files = Mutex(0)

  /// Writes `bytes` where a model can be opened by its path, for as long as `body` takes.
  private static func withFile(_ bytes: [UInt8], _ body: (String) throws -> Void) throws {
    let number = files.withLock { number in
      number += 1
      return number
    }
    let path = "/dev/shm/palimpsest-fuzz-\(getpid())-\(number).gguf"
    defer { Files.remove(path) }
    try Files.write(bytes, to: path)
    try body(path)
  }
}
