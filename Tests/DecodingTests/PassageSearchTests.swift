import DecodingPolicies
import Tensors
import Testing

@testable import Decoding

@Suite struct PassageSearchTests {
  /// Words 1...5 at chance, ended by 9; after 9 comes 7, where the word before it was 3.
  static func words(_ text: [Int]) -> [TokenCandidate] {
    if text.last == 7 { return [TokenCandidate(token: 7, probability: 0.5)] }
    if text.last == 9 {
      let joins = text.dropLast().last == 3
      return [
        TokenCandidate(token: 7, probability: joins ? 0.5 : 0.0625),
        TokenCandidate(token: 1, probability: joins ? 0.5 : 0.5),
      ]
    }
    return [1, 2, 3, 4, 5].map { TokenCandidate(token: $0, probability: 0.125) }
      + [TokenCandidate(token: 9, probability: 0.25)]
  }

  func search(
    _ policy: SearchPolicy = SearchPolicy(draftCount: 8, lookahead: 2, glance: 1, effort: 0),
    expected: Int = 4, form: PlainForm = PlainForm(), following: [Int] = [7, 7],
    _ next: @escaping ([Int]) -> [TokenCandidate] = words
  ) -> PassageSearch<ScriptedDrafts, PlainForm> {
    PassageSearch(
      ScriptedDrafts(next), form: form, length: PassageLength(expected: expected),
      following: following, end: 0, policy: policy)
  }

  func finish(_ search: inout PassageSearch<ScriptedDrafts, PlainForm>) throws -> [Step] {
    var steps: [Step] = []
    while let step = try search.next() { steps.append(step) }
    return steps
  }

  @Test func itEndsWhereTheTextFollows() throws {
    var hits = 0
    for seed in UInt64(1)...20 {
      var policy = SearchPolicy(draftCount: 16, lookahead: 2, glance: 1, effort: 240)
      policy.seed = seed
      var search = search(policy)
      let steps = try finish(&search)
      let ids = search.canvas.shownTokens
      #expect(ids.last == 9, "seed \(seed)")
      #expect(search.isDone && search.canvas.isFilled && steps.last?.isLast == true)
      #expect(steps.dropLast().allSatisfy { !$0.isLast })
      if ids.dropLast().last == 3 { hits += 1 }
    }
    #expect(hits >= 18)
  }

  @Test func lengthsStayBetweenTheBounds() throws {
    for seed in UInt64(1)...40 {
      var policy = SearchPolicy(draftCount: 6, lookahead: 1, glance: 1, effort: 60)
      policy.seed = seed
      for expected in [1, 3, 8] {
        var search = search(policy, expected: expected)
        let steps = try finish(&search)
        let length = search.length
        for closing in search.closings where closing.ids.last == 9 {
          #expect(
            (length.shortest...length.longest).contains(closing.ids.count), "seed \(seed)")
        }
        #expect(steps.allSatisfy { $0.canvas.count <= max(expected, length.longest + 1) })
      }
    }
  }

  /// Drafts that begin with 1 or 2 end after four words, the others never.
  @Test func longDraftsAreGivenUpOnceAThirdHasEnded() throws {
    func next(_ text: [Int]) -> [TokenCandidate] {
      guard let first = text.first else {
        return [1, 2, 3, 4, 5, 6].map { TokenCandidate(token: $0, probability: 1.0 / 6) }
      }
      return [TokenCandidate(token: first <= 2 && text.count == 3 ? 9 : 5, probability: 1)]
    }
    var seen: Set<Bool> = []
    for seed in UInt64(1)...20 {
      var policy = SearchPolicy(draftCount: 12, lookahead: 1, glance: 1, effort: 0)
      policy.seed = seed
      var search = search(policy, expected: 8, next)
      while search.stage == .drafting, try search.next() != nil {}
      let ended = search.drafts.count(where: \.hasEnded)
      guard ended > 0, search.drafts.contains(where: { !$0.hasEnded }) else { continue }
      let isEnough = 3 * ended >= search.drafts.count
      let longest = isEnough ? search.length.ample + 1 : search.length.longest
      #expect(search.drafts.map(\.tokens.count).max() == longest, "seed \(seed)")
      seen.insert(isEnough)
    }
    #expect(seen == [true, false])
  }

  @Test func theSameSeedGivesTheSameSteps() throws {
    var policy = SearchPolicy(draftCount: 5, lookahead: 2, glance: 1, effort: 80)
    policy.seed = 77
    var (one, two) = (search(policy), search(policy))
    #expect(try finish(&one) == finish(&two))
    policy.seed = 78
    var other = search(policy)
    _ = try finish(&other)
    #expect(one.closings != other.closings)
  }

  /// Drafts that begin again inside the best passages come upon the same ones: each is kept once,
  /// in a cache of its own that holds it and what was read after it.
  @Test func everyPassageIsKeptOnce() throws {
    for seed in UInt64(1)...20 {
      var policy = SearchPolicy(
        draftCount: 8, foresight: Int(seed % 3) * 4, lookahead: 2, glance: 1, effort: 200)
      policy.seed = seed
      var search = search(policy, expected: 3, following: seed % 2 == 0 ? [7, 7] : [])
      _ = try finish(&search)
      let (ids, drafts) = (search.closings.map(\.ids), search.closings.map(\.draft))
      #expect(Set(ids).count == ids.count && Set(drafts).count == drafts.count, "seed \(seed)")
      for closing in search.closings {
        let cache = search.model.caches[closing.draft] ?? []
        #expect(Array(cache.prefix(closing.cached)) == closing.ids, "seed \(seed)")
      }
    }
  }

  @Test func brokenDraftsNeverWin() throws {
    var search = search { text in
      text.isEmpty
        ? [TokenCandidate(token: 8, probability: 0.5), TokenCandidate(token: 3, probability: 0.25)]
        : Self.words(text)
    }
    _ = try finish(&search)
    #expect(!search.canvas.shownTokens.contains(8))
  }

  @Test func repeatsCost() throws {
    var search = search(expected: 4) { text in
      if text.last == 9 { return [TokenCandidate(token: 7, probability: 0.5)] }
      return text.count % 2 == 0
        ? [TokenCandidate(token: 1, probability: 0.5), TokenCandidate(token: 2, probability: 0.25)]
        : [TokenCandidate(token: 3, probability: 0.5), TokenCandidate(token: 9, probability: 0.25)]
    }
    _ = try finish(&search)
    #expect(PlainForm().repeats(in: search.canvas.shownTokens) == 0)
  }

  @Test func bansHold() throws {
    var form = PlainForm()
    form.banned = [3, 4]
    form.bannedFirst = [1]
    var search = search(form: form)
    _ = try finish(&search)
    for closing in search.closings {
      #expect(!closing.ids.contains(3) && !closing.ids.contains(4) && closing.ids.first != 1)
    }
  }

  @Test func aStopEndsADraftAndIsNoPartOfIt() throws {
    var form = PlainForm()
    form.stops = [6]
    var search = search(form: form) { text in
      text.last == 9 ? [TokenCandidate(token: 6, probability: 0.5)] : Self.words(text)
    }
    _ = try finish(&search)
    #expect(search.closings.allSatisfy { !$0.ids.contains(6) })
    #expect(search.canvas.shownTokens.filter { $0 == 9 }.count == 1)
  }

  @Test func whatFailedIsMadeAgain() throws {
    let policy = SearchPolicy(draftCount: 4, lookahead: 2, glance: 1, effort: 60)
    var plain = search(policy)
    let texts = try finish(&plain).map(\.canvas.shownTokens)
    for pass in 0..<plain.model.forwardPasses {
      var search = search(policy)
      search.model.failsAfter = pass
      var seen: [[Int]] = []
      var failures = 0
      while !search.isDone {
        do {
          if let step = try search.next() { seen.append(step.canvas.shownTokens) }
        } catch is ScriptedDrafts.Failure { failures += 1 }
      }
      #expect(failures == 1 && seen == texts, "pass \(pass)")
    }
  }

  @Test func stepsAreAtMostAsManyAsPlanned() throws {
    for count in [1, 2, 5, 9] {
      var policy = SearchPolicy(draftCount: 6, lookahead: 2, glance: 1, effort: 120)
      policy.stride = 3
      policy.steps = count
      var search = search(policy)
      let steps = try finish(&search)
      #expect(steps.count <= count && steps.last?.isLast == true)
      #expect(search.canvas.isFilled)
    }
  }

  @Test func aBudgetCutsTheSearchShort() throws {
    var (clock, passes) = (0.0, [Int]())
    for budget in [4.0, 30, 1000] {
      clock = 0
      var policy = SearchPolicy(draftCount: 8, lookahead: 2, glance: 1, effort: 400)
      policy.budget = budget
      var search = PassageSearch(
        ScriptedDrafts(Self.words), form: PlainForm(), length: PassageLength(expected: 4),
        following: [7, 7], end: 0, policy: policy,
        now: {
          clock += 0.5
          return clock
        })
      while try search.next() != nil {}
      passes.append(search.model.forwardPasses)
      #expect(search.canvas.isFilled)
    }
    #expect(passes[0] < passes[1] && passes[1] < passes[2])
  }

  /// The words under trial are masks for a step, and return better.
  @Test func polishingMasksAndExchanges() throws {
    var policy = SearchPolicy(
      draftCount: 1, lookahead: 1, glance: 1, effort: 0, rounds: 2, probes: 2)
    policy.temperature = 0
    var search = search(policy, expected: 3, following: [7]) { text in
      switch text.count {
      case 0, 1:
        [TokenCandidate(token: 1, probability: 0.5), TokenCandidate(token: 3, probability: 0.25)]
      case 2: [TokenCandidate(token: 9, probability: 0.5)]
      default: Self.words(text)
      }
    }
    search.model.proposals = { canvases in
      canvases.map { canvas in
        canvas.maskedSlots.map {
          SlotPrediction(
            slot: $0, token: 3, probability: 0.9,
            candidates: [
              TokenCandidate(token: 3, probability: 0.9),
              TokenCandidate(token: 2, probability: 0.05),
            ])
        }
      }
    }
    let steps = try finish(&search)
    #expect(search.canvas.shownTokens.suffix(2) == [3, 9])
    let masked = steps.dropLast().filter { step in
      step.canvas.shownTokens.contains(9) && !step.canvas.isFilled
    }
    #expect(!masked.isEmpty)
  }
}
