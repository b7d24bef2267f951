import Decoding
import DecodingPolicies
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

  func infiller(threads: Int = 2) throws -> LocalInfiller {
    try LocalInfiller(model: folder, threads: threads)
  }
}

extension InfillRequest {
  /// The same, with masks filled step by step, as the model fills them, instead of a search.
  var masked: InfillRequest {
    var request = self
    request.settings.confidence = .probability
    return request
  }
}

extension InfillSession {
  /// All steps that are left.
  func steps() async throws -> [InfillStep] {
    var steps: [InfillStep] = []
    while let step = try await next() { steps.append(step) }
    return steps
  }
}
