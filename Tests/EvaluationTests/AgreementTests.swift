import Checkpoints
import Foundation
import Inference
import JSON
import Tensors
import TestSupport
import Testing

@testable import Evaluation

/// The default model in fp32 against the training code, on the same windows with the same masks.
struct AgreementTests {
  static let golden =
    SharedFiles.packageRoot + "/Tests/EvaluationTests/Golden/\(DefaultModel.adapterDigest)"

  static var canRun: Bool {
    (try? ModelLibrary.path(of: nil)) != nil && FileManager.default.fileExists(atPath: golden)
  }

  @Test(.enabled(if: canRun, "needs the default model: palimpsest model fetch"))
  func agreesWithTheTrainingCode() throws {
    let model = try ModelParts(
      ModelSource(
        adapter: SharedFiles.packageRoot + "/Sources/Inference/Adapter/adapter.safetensors",
        kernels: .openblas))
    let bytes = try Data(contentsOf: URL(fileURLWithPath: Self.golden + "/windows.jsonl"))
    let file = try WindowFile(
      Array(bytes), file: "windows.jsonl", vocabularySize: 49152, longest: 300)
    let reference = try JSONValue.parse(MappedFile(path: Self.golden + "/reference.json"))
    let names = try #require(reference["policies"]?.string).split(separator: ";").map(String.init)
    let evaluator = Evaluator(
      model, policies: names.compactMap(FillPolicy.init(parsing:)), curve: [],
      includesFreeLength: false
    ) { 0 }
    let report = try evaluator.report(windows: file.windows, tables: file.tables)

    #expect(report.exact.count == names.count + 2)
    for row in report.exact {
      let expected = try #require(reference["evaluate"]?[row.name]?.array)
      let mean = row.mean
      let found = [mean.fill, mean.suffix, mean.joint, mean.equal, mean.steps]
      for (a, b) in zip(found, expected.compactMap(\.double)) {
        #expect(abs(a - b) < 2e-3, "\(row.name)")
      }
    }
    for loss in report.middle where loss.name != "base" {
      let expected = try #require(reference["evaluate"]?["nll"]?[loss.name]?.double)
      #expect(abs(loss.nll - expected) < 2e-3, "\(loss.name)")
    }
    #expect(report.table.map(\.name) == ["base", "frontier", "+1", "+2", "0.5", "0.15"])
    for loss in report.table {
      let expected = try #require(reference["nll"]?[loss.name]?.double)
      #expect(abs(loss.nll - expected) < 2e-3, "\(loss.name)")
    }
  }
}
