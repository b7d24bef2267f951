import Checkpoints
import JSON
import ModelFixtures
import Tensors
import TestSupport
import Testing
import Transformers

/// Logits of every family against its reference code.
@Suite struct FamilyTests {
  static let names = [
    "llama", "qwen2", "qwen3", "nemotron_labs_diffusion", "llada", "dream", "dreamon", "sdar",
    "fast_dllm_v2", "llada2_moe",
  ]
  static let folders = names

  static func load(_ golden: GoldenSet) throws -> Transformer {
    try Transformer(Checkpoint.open(golden.path), kernels: Kernels(threads: 2))
  }

  @Test(arguments: folders)
  func configurationIsRecognised(name: String) throws {
    let (family, model) = try ModelFamily.identify(
      Checkpoint.open(GoldenSet.open(name).path))
    #expect(family.name == (name == "dreamon" ? "dream" : name))
    #expect((model.diffusion == nil) == ["llama", "qwen2", "qwen3"].contains(name))
  }

  @Test(arguments: folders)
  func logits(name: String) throws {
    let golden = try GoldenSet.open(name)
    let model = try Self.load(golden)
    for item in golden.cases {
      guard let array = item["logits"]?.string, let kind = item["kind"]?.string,
        let run = Self.runs[kind]
      else { continue }
      try run(item, model)
      let rows = (item["input_ids"] ?? item["block_ids"])?.ints.count ?? 0
      let found = model.logits(rows: Array(0..<rows)).values()
      let expected = try golden.floats(array)
      #expect(largestDifference(found, expected) < 1e-4, "\(item["name"]?.string ?? "")")
    }
  }

  /// The one forward pass behind each kind of case.
  static let runs: [String: @Sendable (JSONValue, Transformer) throws -> Void] = [
    "causal_logits": { item, model in
      let ids = item["input_ids"]?.ints ?? []
      try model.run(ForwardPass(ids, positions: Array(ids.indices)))
    },
    "full_bidirectional_logits": { item, model in
      let ids = item["input_ids"]?.ints ?? []
      try model.run(ForwardPass(ids, positions: Array(ids.indices), visibility: .all))
    },
    "block_causal_logits": { item, model in
      let ids = item["input_ids"]?.ints ?? []
      let size = item["block_size"]?.int ?? 1
      try model.run(
        ForwardPass(
          ids, positions: Array(ids.indices), visibility: .custom { $0 / size >= $1 / size }))
    },
    "block_bidirectional_logits": { item, model in
      try block(item, model, prefixSees: { $0 >= $1 })
    },
    "block_logits_over_cached_prefix": { item, model in
      guard case .blockCausal(let size) = model.configuration.diffusion?.attention else { return }
      let length = item["block_ids"]?.ints.count ?? size
      try block(item, model, prefixSees: { $0 / length >= $1 / length })
    },
  ]

  private static func block(
    _ item: JSONValue, _ model: Transformer, prefixSees: @escaping (Int, Int) -> Bool
  ) throws {
    let prefix = item["prefix_ids"]?.ints ?? []
    let block = item["block_ids"]?.ints ?? []
    let cache = KeyValueCache(model.configuration, capacity: prefix.count)
    try model.run(
      ForwardPass(
        prefix, positions: Array(prefix.indices), visibility: .custom(prefixSees), target: cache))
    try model.run(
      ForwardPass(
        block, positions: block.indices.map { $0 + prefix.count }, context: [.init(cache)],
        visibility: .all))
  }

  @Test func scaledFrequencies() throws {
    let golden = try GoldenSet.open("nemotron_labs_diffusion")
    let (_, model) = try ModelFamily.identify(Checkpoint.open(golden.path))
    let rotary = RotaryEmbedding(model.rotary)
    let expected = try golden.floats("rope.inv_freq")
    #expect(largestDifference(rotary.frequencies, expected) < 1e-6)
    #expect(rotary.magnitude == 1)
  }

  @Test(arguments: folders)
  func aUniformShiftOfPositionsChangesNothing(name: String) throws {
    let model = try Self.load(GoldenSet.open(name))
    // Not over the end of a YaRN window, where queries are scaled by position.
    let ids = [5, 9, 17, 33, 21]
    try model.run(ForwardPass(ids, positions: [0, 1, 2, 3, 4]))
    let before = model.logits(rows: [0, 1, 2, 3, 4]).values()
    try model.run(ForwardPass(ids, positions: [20, 21, 22, 23, 24]))
    #expect(largestDifference(before, model.logits(rows: [0, 1, 2, 3, 4]).values()) < 1e-3)
  }
}
