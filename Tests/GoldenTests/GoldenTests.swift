import Foundation
import Golden
import Tensors
import TestSupport
import Testing

/// Every case of the golden data at hand, by the code behind `palimpsest-dev golden`.
@Suite struct GoldenTests {
  @Test func everyCaseAgrees() throws {
    let path = try #require(SharedFiles.path("golden/open"))
    let run = try GoldenRun(path, kernels: Kernels(threads: 2))
    for outcome in run.failures {
      Issue.record("\(outcome.place) (\(outcome.kind)): \(outcome.failure ?? "")")
    }
    #expect(run.passed > 0)
  }

  /// A copy of a folder with one text of its cases replaced wherever it stands.
  func run(_ family: String, replacing old: String, by new: String) throws -> GoldenRun {
    let path = try #require(SharedFiles.path("golden/open"))
    let root = FileManager.default.temporaryDirectory.appending(path: "golden-\(UUID())")
    let folder = root.appending(path: family)
    defer { try? FileManager.default.removeItem(at: root) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for name in ["config.json", "model.safetensors", "golden.safetensors", "tokenizer.json"] {
      try FileManager.default.createSymbolicLink(
        atPath: folder.appending(path: name).path, withDestinationPath: "\(path)/\(family)/\(name)")
    }
    let golden = try String(contentsOfFile: "\(path)/\(family)/golden.json", encoding: .utf8)
    #expect(golden.contains(old), "\(family) has no \(old)")
    try golden.replacing(old, with: new).write(
      to: folder.appending(path: "golden.json"), atomically: true, encoding: .utf8)
    return try GoldenRun(root.path, kernels: Kernels(threads: 2))
  }

  @Test func aWrongValueFails() throws {
    for (family, old, new) in [
      ("llada", "\"commit\":", "\"commit\": [1], \"was\":"),
      ("llada", "\"nfe\":", "\"nfe\": 999, \"was\":"),
      ("dream", "\"conf\":", "\"conf\": [[0, 0, 0]], \"was\":"),
      ("sdar", "\"x_after\":", "\"x_after\": [0], \"was\":"),
      ("llada2_moe", "\"edited\":", "\"edited\": [77], \"was\":"),
      ("dreamon", "\"chosen\":", "\"chosen\": 1, \"was\":"),
      ("dreamon", "\"output_ids\":", "\"output_ids\": [1], \"was\":"),
      ("llama", "\"input_ids\":", "\"input_ids\": [5, 6], \"was\":"),
      ("qwen2", "\"kind\":", "\"kind\": \"unheard_of\", \"was\":"),
    ] {
      let run = try run(family, replacing: old, by: new)
      #expect(!run.failures.isEmpty, "\(family): \(old) is not looked at")
    }
  }

  @Test func aFolderWithoutReferenceValuesIsAnError() throws {
    let empty = FileManager.default.temporaryDirectory.appending(path: "golden-\(UUID())")
    #expect(throws: GoldenMismatch.self) {
      try GoldenRun(empty.path, kernels: Kernels(threads: 1))
    }
  }
}
