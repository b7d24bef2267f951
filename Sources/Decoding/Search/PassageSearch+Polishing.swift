internal import Tensors

/// A word of the best passage exchanged for another on trial.
struct Exchange: Equatable {
  var slot: Int
  var token: Int
  var probability: Float
  /// How many times likelier both the two-sided prediction and the drafting one find it, multiplied.
  var gain: Float
  var candidates: TokenCandidates
}

extension Closing.Token {
  /// How many times likelier the token's own prediction finds another; one that it does not list is
  /// no likelier than the last it does, and there are no odds where it lists none.
  func odds(of other: Int) -> Float {
    guard let last = candidates.last else { return 1 }
    let listed = candidates.first { $0.token == other }?.probability ?? last.probability
    return listed / max(probability, .leastNormalMagnitude)
  }
}

extension PassageSearch {
  /// A step of polishing: words that the two-sided prediction finds unlikely become masks, asked for
  /// a few at a time, far from one another; then what it would rather read there is put in their
  /// place one by one, and kept where passage and following text together become likelier.
  mutating func polish(_ round: Int) throws {
    if exchanges.isEmpty {
      let isWorthIt = try best.map { try propose(for: $0) } ?? false
      if !isWorthIt { stage = .done }
    } else {
      try exchange()
      let goesOn = round + 1 < policy.rounds && !exchanges.isEmpty && hasTime(for: generation / 2)
      if !goesOn { exchanges = [] }
      stage = goesOn ? .polishing(round: round + 1) : .done
    }
  }

  /// Slots masked at a time are so far from one another.
  private static var spacing: Int { 4 }

  /// The words that came as a surprise as they were drafted, the least expected first, as masks in as
  /// many canvases as the policy has.
  private func doubted(in best: Closing) -> [Canvas] {
    let slots = best.tokens.indices.filter {
      !best.tokens[$0].isPinned && best.tokens[$0].surprise >= policy.doubt
    }
    var groups: [[Int]] = []
    for slot in slots.sorted(by: { best.tokens[$0].surprise > best.tokens[$1].surprise }) {
      if let group = groups.firstIndex(where: { $0.allSatisfy { abs($0 - slot) >= Self.spacing } })
      {
        groups[group].append(slot)
      } else if groups.count < policy.probes {
        groups.append([slot])
      }
    }
    return groups.map { open in
      Canvas(
        best.tokens.indices.map { open.contains($0) ? Canvas.Slot(.masked) : best.tokens[$0].slot })
    }
  }

  /// Lists the exchanges worth a trial, the most promising first; false where there are none.
  private mutating func propose(for best: Closing) throws -> Bool {
    let ids = best.ids
    let canvases = doubted(in: best)
    guard !canvases.isEmpty, let answers = try model.propose(canvases) else { return false }
    exchanges = []
    for prediction in answers.joined() {
      let slot = prediction.slot
      let old = ids[slot]
      // A token that is not listed is no likelier than the last that is.
      let present =
        prediction.candidates.first { $0.token == old }?.probability
        ?? prediction.candidates.last?.probability ?? 1
      for candidate in prediction.candidates
      where candidate.token != old && candidate.probability > present
        && form.exchanges(
          old, for: candidate.token, before: ids.indices.contains(slot + 1) ? ids[slot + 1] : nil)
      {
        let gain = candidate.probability / max(present, .leastNormalMagnitude)
        exchanges.append(
          Exchange(
            slot: slot, token: candidate.token, probability: candidate.probability,
            gain: gain * best.tokens[slot].odds(of: candidate.token),
            candidates: prediction.candidates))
      }
    }
    exchanges.removeAll { $0.gain < 1 }
    exchanges.sort { ($0.gain, $1.slot) > ($1.gain, $0.slot) }
    exchanges.removeLast(max(0, exchanges.count - policy.exchanges))
    return !exchanges.isEmpty
  }

  /// Reads the passage with each exchange, and keeps the best one where it is likelier so.
  private mutating func exchange() throws {
    guard let best else { return }
    let glance = min(policy.glance, following.count)
    let trials = exchanges.map { exchange in
      var ids = best.ids
      ids[exchange.slot] = exchange.token
      return ids
    }
    let from = exchanges.map { min(best.cached, $0.slot) }
    let values = try model.read(
      trials.indices.map { index in
        DraftReading(
          draft: best.draft, count: from[index],
          last: from[index] == 0 ? nil : best.ids[from[index] - 1],
          tokens: Array(trials[index][from[index]...]) + following.prefix(glance))
      })
    var costs: [(cost: Float, index: Int, closing: Closing)] = []
    for (index, values) in values.enumerated() {
      let exchange = exchanges[index]
      var closing = best
      closing.cached = from[index]
      for (offset, slot) in (from[index]..<trials[index].count).enumerated() {
        closing.tokens[slot].surprise = values[offset]
      }
      closing.tokens[exchange.slot].id = exchange.token
      closing.tokens[exchange.slot].probability = exchange.probability
      closing.tokens[exchange.slot].candidates = exchange.candidates
      closing.readings = Array(values[(trials[index].count - from[index])...])
      closing.repeats = form.repeats(in: trials[index])
      let verdict = form.verdict(on: trials[index])
      guard verdict == .mayEnd || verdict == .ends else { continue }
      costs.append((closing.cost(policy, length, glance: glance), index, closing))
    }
    let present = best.cost(policy, length, glance: glance)
    costs = costs.filter { $0.cost < present - 0.05 }.sorted { $0.cost < $1.cost }
    guard let first = costs.first else {
      exchanges = []
      return
    }
    closings[0] = first.closing
    closings[0].readings += best.readings.dropFirst(glance)
    // What helped elsewhere is tried once more beside it.
    let slot = exchanges[first.index].slot
    exchanges = costs.dropFirst().map { exchanges[$0.index] }.filter { $0.slot != slot }
  }
}
