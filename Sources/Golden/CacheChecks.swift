internal import JSON
internal import Transformers

extension CheckRegistry {
  /// Logits of a part of a sequence over keys and values of an earlier pass over all of it.
  static var caches: [String: CaseCheck] {
    [
      "prefix_cache_suffix_logits": { item in
        let kept = try item["cache_keep"].int ?? 0
        try compareOverCache(
          item, ids: item.ids("suffix_ids"), from: kept, behind: false)
      },
      "dual_cache_block_logits": { item in
        let start = try item["block_start"].int ?? 0
        try compareOverCache(item, ids: item.ids("block_ids"), from: start, behind: true)
      },
    ]
  }

  /// Runs `ids` at `start` over the cache of a pass over `cache_from`: the keys before them and, if
  /// `behind`, those after them.
  private static func compareOverCache(
    _ item: GoldenCase, ids: [Int], from start: Int, behind: Bool
  )
    throws
  {
    let whole = try item.ids("cache_from")
    let end = start + ids.count
    guard (0...whole.count).contains(start), end <= whole.count else {
      throw GoldenMismatch("tokens \(start)..<\(end) of \(whole.count)")
    }
    let model = try item.model()
    let cache = KeyValueCache(model.configuration, capacity: whole.count)
    try model.run(
      ForwardPass(whole, positions: Array(whole.indices), visibility: .all, target: cache))
    var context = [ForwardPass.Context(cache, rows: 0..<start)]
    if behind {
      context.append(ForwardPass.Context(cache, rows: end..<whole.count))
    }
    try model.run(
      ForwardPass(
        ids, positions: ids.indices.map { $0 + start }, context: context, visibility: .all))
    try compare(item, Array(ids.indices))
  }
}
