extension PassageSearch {
  /// Reads the first `count` tokens of what follows after each closing.
  mutating func read(_ count: Int) throws -> Int {
    let unread = closings.indices.filter { closings[$0].readCount < count }
    let values = try model.read(
      unread.map { index in
        let closing = closings[index]
        return DraftReading(
          draft: closing.draft, count: closing.cached, last: closing.tokens.last?.id,
          tokens: Array(following.prefix(count)))
      })
    for (index, values) in zip(unread, values) {
      closings[index].reading = values.reduce(0, +)
      closings[index].readCount = count
    }
    if count < following.count {
      let (policy, length) = (policy, length)
      var fresh = closings.filter { $0.readCount == count }
      fresh.sort { $0.cost(policy, length) < $1.cost(policy, length) }
      closings.removeAll { $0.readCount == count }
      closings += fresh.prefix(policy.finalists)
      stage = .reading(tokens: following.count)
    } else {
      try endReading()
    }
    return 1
  }

  mutating func sortClosings() {
    let (policy, length) = (policy, length)
    closings.sort { $0.cost(policy, length) < $1.cost(policy, length) }
  }

  mutating func endReading() throws {
    sortClosings()
    if redrafts < policy.redrafts {
      try redraft()
    } else {
      closings.removeLast(max(0, closings.count - policy.finalists))
      stage = policy.rounds > 0 ? .polishing(round: 0) : .done
    }
  }
}
