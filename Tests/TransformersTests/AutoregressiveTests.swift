import Checkpoints
import JSON
import ModelFixtures
import Tensors
import TestSupport
import Testing
import Transformers

/// Tiny autoregressive models against the values of transformers.
@Suite struct AutoregressiveTests {
  static let folders = ["llama", "qwen2", "qwen3"]

  func load(_ golden: GoldenSet, _ folder: String = "", level: KernelLevel? = nil) throws
    -> Transformer
  {
    try Transformer(
      Checkpoint.open(golden.path + folder), kernels: Kernels(level: level, threads: 2))
  }

  func run(_ model: Transformer, _ tokens: [Int], into cache: KeyValueCache) throws {
    let context = cache.count > 0 ? [ForwardPass.Context(cache)] : []
    try model.run(
      ForwardPass(
        tokens, positions: Array(cache.count..<cache.count + tokens.count), context: context,
        target: cache))
  }

  @Test(arguments: ["", "/bf16"], KernelLevel.available)
  func causalLogits(folder: String, level: KernelLevel) throws {
    let names = Self.folders.filter { SharedFiles.path("golden/open/\($0)\(folder)") != nil }
    #expect(!names.isEmpty)
    for name in names { try causalLogits(GoldenSet.open(name), folder, level) }
  }

  func causalLogits(_ golden: GoldenSet, _ folder: String, _ level: KernelLevel) throws {
    let item = try golden.first("causal")
    let model = try load(golden, folder, level: level)
    let tokens = item["input_ids"]?.ints ?? []
    try model.run(ForwardPass(tokens, positions: Array(tokens.indices)))
    let logits = model.logits(rows: Array(tokens.indices))
    let expected = try golden.floats(item["logits"]?.string)
    #expect(largestDifference(logits.values(), expected) < 1e-4)
  }

  @Test(arguments: folders)
  func hiddenStates(family: String) throws {
    let golden = try GoldenSet.open(family)
    let item = try golden.first("causal")
    let model = try load(golden)
    let tokens = item["input_ids"]?.ints ?? []
    let names = item["hidden"]?.array?.compactMap(\.string) ?? []
    var seen: [[Float]] = []
    try model.run(ForwardPass(tokens, positions: Array(tokens.indices))) { _ in
      seen.append(tokens.indices.flatMap { model.hidden.row($0) })
    }
    for (values, name) in zip(seen, names) {
      #expect(largestDifference(values, try golden.floats(name)) < 1e-4, "\(name)")
    }
  }

  @Test(arguments: folders)
  func incrementalLogits(family: String) throws {
    let golden = try GoldenSet.open(family)
    let item = try golden.first("incremental")
    let model = try load(golden)
    let tokens = item["input_ids"]?.ints ?? []
    let cache = KeyValueCache(model.configuration, capacity: 4)
    var values: [Float] = []
    for chunk in item["chunks"]?.ints ?? [] {
      try run(model, Array(tokens[cache.count..<cache.count + chunk]), into: cache)
      values += model.logits(rows: Array(0..<chunk)).values()
    }
    #expect(largestDifference(values, try golden.floats(item["logits"]?.string)) < 1e-4)
  }

  @Test(arguments: folders)
  func keysAndValuesOfTheFirstLayer(family: String) throws {
    let golden = try GoldenSet.open(family)
    let item = try golden.first("kv.layer0")
    let model = try load(golden)
    let tokens = item["input_ids"]?.ints ?? []
    let cache = KeyValueCache(model.configuration, capacity: tokens.count)
    try run(model, tokens, into: cache)
    let size = model.configuration.headSize
    for (name, isKey) in [("k", true), ("v", false)] {
      let expected = try golden.floats(item[name]?.string)
      for head in 0..<model.configuration.keyValueHeads {
        for position in tokens.indices {
          let row = cache.row(position, layer: 0)
          let found = (isKey ? row.keys : row.values)[head * size..<(head + 1) * size]
          let start = (head * tokens.count + position) * size
          #expect(
            largestDifference(Array(found), Array(expected[start..<start + size])) < 1e-4,
            "\(name) head \(head) position \(position)")
        }
      }
    }
  }

  @Test(arguments: folders)
  func tokenLogProbabilities(family: String) throws {
    let golden = try GoldenSet.open(family)
    let item = try golden.first("logprob")
    let model = try load(golden)
    let tokens = item["input_ids"]?.ints ?? []
    try model.run(ForwardPass(tokens, positions: Array(tokens.indices)))
    let logits = model.logits(rows: Array(tokens.indices))
    let expected = item["logprob_next"]?.doubles ?? []
    let values = expected.indices.map { logits[$0, tokens[$0 + 1]] }
    let summaries = model.kernels.summarize(logits, expected.indices.map { LogitsRow(row: $0) })
    for index in expected.indices {
      let found = Double(values[index] - summaries[index].logNormalizer)
      #expect(abs(found - expected[index]) < 1e-4, "token \(index)")
    }
  }

  @Test(arguments: folders, ["greedy.a", "greedy.b", "greedy.c"])
  func greedy(family: String, name: String) throws {
    let golden = try GoldenSet.open(family)
    let item = try golden.first(name)
    let model = try load(golden)
    var tokens = item["input_ids"]?.ints ?? []
    let expected = item["output_ids"]?.ints ?? []
    let cache = KeyValueCache(model.configuration, capacity: 64)
    var pending = tokens
    while tokens.count < expected.count {
      try run(model, pending, into: cache)
      let logits = model.logits(rows: [pending.count - 1])
      pending = [model.kernels.summarize(logits, [LogitsRow(row: 0)])[0].token]
      tokens += pending
    }
    #expect(tokens == expected)
  }

  @Test(arguments: folders)
  func aCancelledPassLeavesTheCache(family: String) throws {
    let golden = try GoldenSet.open(family)
    let model = try load(golden)
    let cache = KeyValueCache(model.configuration, capacity: 8)
    try run(model, [5, 6, 7], into: cache)
    #expect(throws: CancellationError.self) {
      try model.run(
        ForwardPass([8], positions: [3], context: [.init(cache)], target: cache)
      ) { if $0 == 1 { throw CancellationError() } }
    }
    #expect(cache.count == 3)
  }

  @Test(arguments: folders)
  func laterTokensDoNotChangeEarlierLogits(family: String) throws {
    let golden = try GoldenSet.open(family)
    let model = try load(golden)
    try model.run(ForwardPass([5, 6, 7, 8], positions: [0, 1, 2, 3]))
    let before = model.logits(rows: [0, 1, 2]).values()
    try model.run(ForwardPass([5, 6, 7, 9], positions: [0, 1, 2, 3]))
    #expect(largestDifference(before, model.logits(rows: [0, 1, 2]).values()) < 1e-5)
  }
}
