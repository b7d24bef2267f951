extension PassageSearch {
  /// Reads the first `count` tokens of what follows after each closing.
  mutating func read(_ count: Int) throws {
    try recast()
    let unread = closings.indices.filter { closings[$0].readings.count < count }
    let values = try model.read(
      unread.map { index in
        let closing = closings[index]
        return DraftReading(
          draft: closing.draft, count: closing.cached, last: closing.tokens.last?.id,
          tokens: Array(following.prefix(count)))
      })
    for (index, values) in zip(unread, values) {
      closings[index].readings = values
    }
    let isGlance = count < following.count
    if isGlance {
      try endReading()
    } else {
      finish()
    }
  }

  /// Measures what was drafted with the text after the passage in view as what it is without.
  private mutating func recast() throws {
    let places = closings.indices.filter { closings[$0].cached < closings[$0].tokens.count }
    guard !places.isEmpty else { return }
    let values = try model.recast(
      places.map { (draft: closings[$0].draft, tokens: closings[$0].ids) })
    for (place, values) in zip(places, values) {
      closings[place].cached = values.count
      for (index, value) in values.enumerated() { closings[place].tokens[index].surprise = value }
    }
  }

  mutating func sortClosings() {
    let (policy, length) = (policy, length)
    closings.sort { $0.cost(policy, length) < $1.cost(policy, length) }
  }

  /// After a first look at what was drafted: drafts begin again while passes are left, then the best
  /// are read to the end.
  mutating func endReading() throws {
    sortClosings()
    closings.removeLast(max(0, closings.count - policy.finalists))
    if pass < policy.passes, hasTime(for: generation) {
      try redraft()
    } else if policy.glance < following.count, hasTime(for: generation / 2) {
      stage = .reading(tokens: following.count)
    } else {
      finish()
    }
  }

  private mutating func finish() {
    sortClosings()
    stage = policy.rounds > 0 && hasTime(for: generation / 2) ? .polishing(round: 0) : .done
  }
}
