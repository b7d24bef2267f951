internal import DecodingPolicies

extension PassageSearch {
  /// One pass over all drafts that are alive.
  mutating func advance() throws {
    let question = draftQuestion()
    try take(try model.advance(question.rows, question.query), of: question.rows)
  }

  /// What the next pass asks about the drafts that are alive.
  func draftQuestion() -> DraftQuestion<Model> {
    let alive = drafts.indices.filter { drafts[$0].isAlive }
    let rows = alive.map { index in
      let count = drafts[index].tokens.count
      return DraftRow(
        draft: index, token: drafts[index].tokens.last?.id,
        banned: (count == 0 ? form.bannedFirst : [])
          + (count < length.shortest ? Array(form.stops) : [])
          + form.banned(after: drafts[index].ids))
    }
    return DraftQuestion(
      model: model, rows: rows,
      query: DraftQuery(
        following: following.first ?? end ?? 0, banned: form.banned,
        temperature: policy.temperature,
        seed: CounterRandom.bits(seed: policy.seed, slot: pass, token: 0)))
  }

  /// Goes on with what the pass over `rows` predicts; closes the drafts once none is alive.
  mutating func take(_ predictions: [DraftPrediction], of rows: [DraftRow]) throws {
    pass += 1
    drafted += rows.count
    for (row, prediction) in zip(rows, predictions) { take(prediction, into: row.draft) }
    chooseLeader()
    endStragglers()
    if !drafts.contains(where: \.isAlive) { try closeDrafting() }
  }

  /// A pass over a few drafts takes half as long as one over all: the last drafts are given up once
  /// half have ended and few continue, or a third have ended and the others are longer than is
  /// likely.
  private mutating func endStragglers() {
    let ended = drafts.count(where: \.hasEnded)
    let areFew = alive * 3 <= drafts.count
    let areLong = drafts.contains { $0.isAlive && $0.tokens.count > length.ample }
    let isEnough = (areFew && 2 * ended >= drafts.count) || (areLong && 3 * ended >= drafts.count)
    guard isEnough || (!closings.isEmpty && !hasTime(for: (spent - begun) / 3)) else { return }
    for index in drafts.indices { drafts[index].isAlive = false }
  }

  /// Notes a closing where the draft may end, and continues with the drawn token.
  private mutating func take(_ prediction: DraftPrediction, into index: Int) {
    let ids = drafts[index].ids
    let verdict = form.verdict(on: ids)
    if verdict == .mayEnd || verdict == .ends, ids.count >= length.shortest {
      closings.append(
        Closing(
          draft: index, cached: ids.count, tokens: drafts[index].tokens,
          readings: following.isEmpty && end == nil ? [] : [-prediction.following],
          repeats: form.repeats(in: ids), endsWithMark: form.endsWithMark, endsLine: form.endsLine,
          formCost: form.cost(of: drafts[index].tokens)))
      drafts[index].hasEnded = true
    }
    let isLong = ids.count >= (drafts[index].hasEnded ? length.ample : length.longest)
    if verdict == .ends || verdict == .broken || isLong || form.stops.contains(prediction.token) {
      drafts[index].isAlive = false
      drafts[index].isBroken = verdict == .broken
      return
    }
    drafts[index].tokens.append(
      Closing.Token(
        id: prediction.token, probability: prediction.probability,
        surprise: -prediction.logProbability, candidates: prediction.candidates))
    drafts[index].surprise -= prediction.logProbability
  }

  /// The likeliest draft leads; the leader stays while none is clearly likelier, so that words do
  /// not flicker.
  private mutating func chooseLeader() {
    let standing = drafts.indices.filter { !drafts[$0].isBroken }
    guard let best = standing.min(by: { drafts[$0].mean < drafts[$1].mean }) else { return }
    let leads = drafts[leader]
    let isWorse = drafts[best].mean < 0.8 * leads.mean
    if leads.isBroken || (isWorse && drafts[best].tokens.count >= leads.tokens.count) {
      leader = best
    }
  }

  /// Keeps the likeliest ends of drafts of either kind beside those that were read before.
  mutating func closeDrafting() throws {
    closings += earlier
    earlier = []
    sortClosings()
    // No draft depends on a cache that the next ones replace if all foresaw what follows.
    if restarts == 0, policy.foresight == policy.draftCount, let best, form.lacks(in: best.ids),
      hasTime(for: generation)
    {
      (earlier, closings) = (closings, [])
      return restart()
    }
    let kept = closings.filter(\.isRead)
    let found = closings.filter { closing in
      !closing.isRead && !kept.contains { $0.ids == closing.ids }
    }
    let blind = found.filter { !isForeseeing($0.draft) }
    let seeing = found.filter { isForeseeing($0.draft) }
    let share = seeing.isEmpty ? 0 : blind.isEmpty ? policy.closings : policy.closings / 2
    let recast = Self.chosen(seeing, count: share).map { closing in
      var closing = closing
      closing.cached = 0
      closing.tokens = form.inPlace(closing.tokens)
      return closing
    }
    let fresh = Self.chosen(blind, count: policy.closings - share) + recast
    closings = kept
    for var closing in fresh where !closings.contains(where: { $0.ids == closing.ids }) {
      let own = freeDraft
      try model.fork(closing.draft, count: closing.cached, to: own)
      closing.draft = own
      closing.isRead = following.isEmpty
      closings.append(closing)
    }
    if closings.isEmpty, restarts < 2 {
      restart()
    } else if closings.isEmpty {
      salvage()
      stage = .done
    } else if fresh.isEmpty || following.isEmpty {
      try endReading()
    } else {
      stage = .reading(tokens: min(policy.glance, following.count))
    }
  }

  private mutating func restart() {
    restarts += 1
    drafts = Array(repeating: Draft(), count: drafts.count)
    begun = spent
  }

  /// The least number beyond the drafts that no closing has.
  private var freeDraft: Int {
    let taken = Set(closings.map(\.draft))
    return (policy.draftCount...).first { !taken.contains($0) } ?? policy.draftCount
  }

  /// Whether a draft was made with the text after the passage in view.
  private func isForeseeing(_ draft: Int) -> Bool {
    redrafts == 0 && draft >= policy.draftCount - policy.foresight
  }

  /// The first of sorted closings, at most two of a draft and no text twice.
  private static func chosen(_ closings: [Closing], count: Int) -> [Closing] {
    var kept: [Closing] = []
    for closing in closings where kept.count < count {
      if kept.count(where: { $0.draft == closing.draft }) < 2,
        !kept.contains(where: { $0.ids == closing.ids })
      {
        kept.append(closing)
      }
    }
    return kept
  }

  /// Begins drafts inside the best passages, each at a place of its own.
  mutating func redraft() throws {
    redrafts += 1
    let sources = min(policy.sources, closings.count)
    for index in drafts.indices {
      let source = closings[index % sources]
      let places = max(1, source.tokens.count - 1)
      let share = CounterRandom.unit(seed: policy.seed, slot: index, token: -1 - redrafts)
      let cut = 1 + min(places - 1, Int(share * Double(places)))
      try model.fork(source.draft, count: cut - 1, to: index)
      drafts[index] = Draft(source.tokens.prefix(cut))
    }
    leader = 0
    begun = spent
    stage = .drafting
  }

  /// Where no draft came to an end, the form's last resort stands, or the likeliest draft of a
  /// fitting length as it is.
  private mutating func salvage() {
    if let ids = form.lastResort {
      closings = [
        Closing(
          draft: 0, cached: 0, tokens: ids.map { Closing.Token(id: $0, surprise: 0) },
          readings: [], repeats: 0, endsWithMark: false)
      ]
      return
    }
    func rank(_ draft: Draft) -> (Int, Float) {
      let isShort = draft.tokens.count < length.shortest
      return ((draft.isBroken ? 2 : 0) + (isShort ? 1 : 0), draft.mean)
    }
    guard let draft = drafts.indices.min(by: { rank(drafts[$0]) < rank(drafts[$1]) }) else {
      return
    }
    closings = [
      Closing(
        draft: draft, cached: drafts[draft].tokens.count, tokens: drafts[draft].tokens,
        readings: [], repeats: 0, endsWithMark: false)
    ]
  }
}
