internal import JSON
internal import Tensors
internal import Transformers

extension CheckRegistry {
  /// Logits of one forward pass, fp32, within 1e-4 of the larger of 1 and the value.
  static var logits: [String: CaseCheck] {
    [
      "causal_logits": { item in
        try compare(item, run(item, .causal))
        try hiddenStates(item)
      },
      "gguf_causal_logits": { item in try compare(item, run(item, .causal)) },
      "full_bidirectional_logits": { item in
        try compare(item, run(item, .all))
        guard item.json["logits_shifted"] != nil else { return }
        let model = try item.model()
        let count = try item.ids("input_ids").count
        let shifted = model.logits(rows: [0] + Array(0..<count - 1)).values()
        try expectClose(shifted, item.floats("logits_shifted"), "shifted logits")
      },
      "full_bidirectional_logits_left_padded": { item in
        let kept = try item.ints("attention_mask").indices.filter {
          try item.ints("attention_mask")[$0] == 1
        }
        let (ids, positions) = try (item.ids("input_ids"), item.ints("position_ids"))
        let model = try item.model()
        try model.run(
          ForwardPass(
            kept.map { ids[$0] }, positions: kept.map { positions[$0] }, visibility: .all))
        try compare(item, Array(kept.indices))
      },
      "block_causal_logits": { item in
        let size = try item["block_size"].int ?? 1
        try compare(item, run(item, .custom { $0 / size >= $1 / size }))
      },
      "block_bidirectional_logits": { item in
        try compare(item, runBlock(item, prefixSees: { $0 >= $1 }))
      },
      "block_logits_over_cached_prefix": { item in
        let length = try item.ids("block_ids").count
        try compare(item, runBlock(item, prefixSees: { $0 / length >= $1 / length }))
      },
    ]
  }

  /// Holds the logits of `rows` of the last pass against the case's `logits`.
  static func compare(_ item: GoldenCase, _ rows: [Int]) throws {
    let found = try item.model().logits(rows: rows).values()
    try expectClose(found, item.floats("logits"), "logits")
  }

  /// Runs the case's `input_ids` from position 0; returns their rows.
  static func run(_ item: GoldenCase, _ visibility: ForwardPass.Visibility) throws -> [Int] {
    let ids = try item.ids("input_ids")
    try item.model().run(
      ForwardPass(ids, positions: Array(ids.indices), visibility: visibility))
    return Array(ids.indices)
  }

  /// Runs `prefix_ids` into a cache, then `block_ids` over it, all of them visible to each other.
  private static func runBlock(_ item: GoldenCase, prefixSees: @escaping (Int, Int) -> Bool) throws
    -> [Int]
  {
    let (prefix, block) = try (item.ids("prefix_ids"), item.ids("block_ids"))
    let model = try item.model()
    let cache = KeyValueCache(model.configuration, capacity: prefix.count)
    try model.run(
      ForwardPass(
        prefix, positions: Array(prefix.indices), visibility: .custom(prefixSees), target: cache))
    try model.run(
      ForwardPass(
        block, positions: block.indices.map { $0 + prefix.count }, context: [.init(cache)],
        visibility: .all))
    return Array(block.indices)
  }

  /// Hidden states after the embedding and the layers the case names, and the normalised last ones.
  private static func hiddenStates(_ item: GoldenCase) throws {
    let names = item.json["hidden"]?.array?.compactMap(\.string) ?? []
    guard names.count >= 2 else { return }
    let model = try item.model()
    let ids = try item.ids("input_ids")
    var seen: [[Float]] = []
    try model.run(ForwardPass(ids, positions: Array(ids.indices))) { _ in
      seen.append(ids.indices.flatMap { model.hidden.row($0) })
    }
    for (values, name) in zip(seen, names.dropLast()) {
      try expectClose(values, item.folder.floats(name), name)
    }
    let states = Matrix(rows: ids.count, columns: model.configuration.width)
    model.states(rows: Array(ids.indices), into: states)
    try expectClose(states.values(), item.folder.floats(names[names.count - 1]), "final states")
  }
}
