extension PassageSearch {
  /// Reads the first `count` tokens of what follows after each closing.
  mutating func read(_ count: Int) throws {
    try recast()
    let unread = closings.indices.filter { closings[$0].readings.count < count }
    let values = try model.extend(
      unread.map { index in
        let known = closings[index].readings.count
        return DraftExtension(
          draft: closings[index].draft, tokens: Array(following[known - 1..<count - 1]),
          next: following[count - 1])
      })
    for (index, values) in zip(unread, values) { closings[index].readings += values }
    for index in closings.indices { closings[index].isRead = true }
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
      places.map {
        DraftExtension(
          draft: closings[$0].draft, tokens: closings[$0].ids, next: following.first ?? end ?? 0)
      })
    for (place, values) in zip(places, values) {
      closings[place].cached = closings[place].tokens.count
      closings[place].readings =
        following.isEmpty && end == nil ? [] : [values[values.count - 1]]
      for index in closings[place].tokens.indices {
        closings[place].tokens[index].surprise = values[index]
      }
    }
  }

  mutating func sortClosings() {
    let (policy, length) = (policy, length)
    closings.sort { $0.cost(policy, length) < $1.cost(policy, length) }
  }

  /// After a first look at what was drafted: drafts begin again while effort is left, then the best
  /// are read to the end.
  mutating func endReading() throws {
    try recast()
    sortClosings()
    closings.removeLast(max(0, closings.count - policy.finalists))
    // Drafts begin in the middle of a passage on average.
    let again = policy.draftCount * (best?.tokens.count ?? 0) / 2
    if drafted + again <= policy.effort, hasTime(for: generation) {
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
