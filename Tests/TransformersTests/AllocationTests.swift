import Checkpoints
import Foundation
import ModelFixtures
import Tensors
import TestSupport
import Testing

@testable import Transformers

/// What a pass needs is there once a pass of its size was made.
@Suite(.enabled(if: Allocations.areCounted, "allocations are not counted under a sanitizer"))
struct AllocationTests {
  @Test func theCounterCounts() {
    let count = Allocations.countWarm { _ = [Int](repeating: 1, count: 1000) }
    #expect(count == 1)
  }

  /// One thread, so that all work is counted.
  @Test(arguments: KernelLevel.available, LinearWeights.Format.allCases)
  func aWarmPassAllocatesNothing(_ level: KernelLevel, _ format: LinearWeights.Format) throws {
    let kernels = try Kernels(level: level, threads: 1)
    for (seed, family) in ["llama", "qwen2", "qwen3", "nemotron_labs_diffusion"].enumerated() {
      let model = try RandomModel(seed: seed, family: family, format: format, kernels: kernels)
      let transformer = model.transformer
      let configuration = transformer.configuration
      let before = KeyValueCache(configuration, capacity: 40)
      let text = KeyValueCache(configuration, capacity: 8)
      try transformer.run(
        ForwardPass((0..<30).map { $0 % 5 }, positions: Array(0..<30), target: before))
      let slots = ForwardPass(
        Array(repeating: model.mask, count: 6), positions: Array(30..<36),
        context: [ForwardPass.Context(before)], visibility: .custom { $0 == $1 || $1 < 2 })
      let several = ForwardPass(
        Array(repeating: model.mask, count: 7), positions: Array(30..<37),
        groups: [
          .init(3, context: [ForwardPass.Context(before)], visibility: .custom { $0 >= $1 }),
          .init(2, visibility: .all, target: text), .init(2, target: text),
        ])
      let causal = ForwardPass(
        [1, 2], positions: [30, 31], context: [ForwardPass.Context(before)], target: before,
        outputRows: [1])
      for (name, pass) in [("slots", slots), ("groups", several), ("text", causal)] {
        let count = try Allocations.countWarm {
          try transformer.run(pass)
          before.truncate(to: 30)
          text.truncate(to: 0)
        }
        #expect(count == 0, "\(name) of \(model.description), \(format), \(level)")
      }
    }
  }

  @Test(arguments: ["llada_moe", "rnd1"], LinearWeights.Format.allCases)
  func aWarmPassThroughExpertsAllocatesNothing(
    _ family: String, _ format: LinearWeights.Format
  ) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "experts-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try RandomExperts.write(family, to: folder.path)
    let transformer = try Transformer(
      Checkpoint.open(folder.path), kernels: Kernels(threads: 1), format: format)
    let pass = ForwardPass(
      Array(1..<20), positions: Array(1..<20), visibility: .all, outputRows: [3, 4, 18])
    let count = try Allocations.countWarm { try transformer.run(pass) }
    #expect(count == 0, "\(family), \(format)")
  }

  @Test func warmLogitsAllocateNothing() throws {
    let kernels = try Kernels(threads: 1)
    let model = try RandomModel(seed: 1, kernels: kernels)
    let transformer = model.transformer
    let (rows, vocabulary) = (4, transformer.configuration.vocabularySize)
    let states = Matrix(rows: rows, columns: transformer.configuration.width)
    let logits = Matrix(rows: rows, columns: vocabulary)
    try transformer.run(ForwardPass([1, 2, 3, 4], positions: [0, 1, 2, 3]))
    let wanted = Array(0..<rows)
    let count = Allocations.countWarm {
      transformer.states(rows: wanted, into: states)
      transformer.project(states: states, rows: rows, into: logits)
    }
    #expect(count == 0)
    // The summaries are an array.
    let choices = wanted.map { LogitsRow(row: $0, banned: [1]) }
    let banned = [0]
    let summaries = Allocations.countWarm {
      _ = kernels.summarize(logits, choices, banned: banned, candidates: 1)
    }
    #expect(summaries == 1)
  }
}
