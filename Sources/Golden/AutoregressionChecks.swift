internal import JSON
internal import Tensors
internal import Transformers

extension CheckRegistry {
  /// What a causal model with a cache computes, token by token.
  static var autoregression: [String: CaseCheck] {
    [
      "incremental_logits": { item in
        let chunks = try item.ints("chunks")
        let ids = try item.ids("input_ids", atLeast: chunks.reduce(0, +))
        let model = try item.model()
        let cache = KeyValueCache(model.configuration, capacity: 4)
        var values: [Float] = []
        for chunk in chunks where chunk > 0 {
          try append(Array(ids[cache.count..<cache.count + chunk]), to: cache, model)
          values += model.logits(rows: Array(0..<chunk)).values()
        }
        try expectClose(values, item.floats("logits"), "logits")
      },
      "kv_cache": { item in
        let ids = try item.ids("input_ids")
        let model = try item.model()
        let cache = KeyValueCache(model.configuration, capacity: ids.count)
        try append(ids, to: cache, model)
        let size = model.configuration.headSize
        var (keys, values): ([Float], [Float]) = ([], [])
        for head in 0..<model.configuration.keyValueHeads {
          for position in ids.indices {
            let row = cache.row(position, layer: 0)
            keys += row.keys[head * size..<(head + 1) * size]
            values += row.values[head * size..<(head + 1) * size]
          }
        }
        try expectClose(keys, item.floats("k"), "keys")
        try expectClose(values, item.floats("v"), "values")
      },
      "token_logprobs": { item in
        let ids = try item.ids("input_ids", atLeast: 2)
        let model = try item.model()
        try model.run(ForwardPass(ids, positions: Array(ids.indices)))
        let rows = Array(0..<ids.count - 1)
        let logits = model.logits(rows: rows)
        let values = rows.map { logits[$0, ids[$0 + 1]] }
        let summaries = model.kernels.summarize(logits, rows.map { TokenChoice(row: $0) })
        try expectClose(
          zip(values, summaries).map { $0 - $1.logNormalizer },
          item["logprob_next"].doubles.map { Float($0) }, "log-probabilities")
      },
      "greedy_generate": { item in
        let model = try item.model()
        let expected = try item.ids("output_ids")
        var ids = try item.ids("input_ids")
        let cache = KeyValueCache(model.configuration, capacity: expected.count)
        var pending = ids
        while ids.count < expected.count {
          try append(pending, to: cache, model)
          let logits = model.logits(rows: [pending.count - 1])
          pending = [model.kernels.summarize(logits, [TokenChoice(row: 0)])[0].token]
          ids += pending
        }
        try expectEqual(ids, expected, "output ids")
      },
    ]
  }

  /// Runs `ids` causally after the tokens of `cache` and appends their keys and values.
  static func append(_ ids: [Int], to cache: KeyValueCache, _ model: Transformer) throws {
    let context = cache.count > 0 ? [ForwardPass.Context(cache)] : []
    try model.run(
      ForwardPass(
        ids, positions: Array(cache.count..<cache.count + ids.count), context: context,
        target: cache))
  }
}
