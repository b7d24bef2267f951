import Denoising
import Foundation
import Inference
import Infilling
import SyntheticModels

/// A tiny model in a folder that lives as long as the object.
final class TemporaryModel {
  let folder: String

  init(seed: UInt64 = 1) throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "tiny-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    folder = url.path
    try TinyModel.write(to: folder, seed: seed)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// - Parameter decoding: `masks` fills masks step by step instead of searching.
  func infiller(threads: Int = 2, decoding: DecodingOptions = DecodingOptions()) throws
    -> LocalInfiller
  {
    try LocalInfiller(model: folder, threads: threads, decoding: decoding)
  }
}

extension DecodingOptions {
  /// Says how masks are filled, as the model would fill them, so that nothing is searched for.
  static let masks = DecodingOptions(confidence: .probability)
}

extension InfillSession {
  /// All steps that are left.
  func steps() async throws -> [InfillStep] {
    var steps: [InfillStep] = []
    while let step = try await next() { steps.append(step) }
    return steps
  }
}
