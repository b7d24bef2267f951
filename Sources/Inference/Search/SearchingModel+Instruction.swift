internal import Decoding
internal import DecodingPolicies
internal import Infilling
internal import Tokenizers
internal import Transformers

extension SearchingModel {
  /// A session that rewrites a request's passage by its instruction: drafted as the answer in a
  /// conversation, judged in place of the passage. Throws for requests that cannot be rewritten
  /// this way.
  func instructedSession(_ request: InfillRequest, _ instruction: String) throws
    -> InstructedSession
  {
    guard let chat, summary.followsInstructions else {
      throw InferenceError.followsNoInstructions(model: summary.name)
    }
    guard request.settings.allowsSearch else {
      throw refusal(
        """
        a rewrite by instruction is a search over drafts; options for modes and masks do not apply
        """)
    }
    let edges = PassageEdges(request)
    guard !edges.core.isEmpty else {
      throw refusal("no text to rewrite: select some, or omit the instruction")
    }
    let original = tokenizer.encode((edges.beginsWithBlank ? " " : "") + edges.core)
    guard original.count <= InstructedSession.longestPassage else {
      throw refusal(
        """
        a passage of \(original.count) tokens is too long; the limit for a rewrite is \
        \(InstructedSession.longestPassage): rewrite it paragraph by paragraph
        """)
    }
    let wish = RewriteWish(instruction)
    let length = wish.length(request.settings.slots ?? original.count)
    let windows = PassageText.Window(configuration, slots: length.expected)
    let before = leftContext(windows.end(of: edges.prefix, tokenizer))
    let after = windows.beginning(of: edges.suffix, tokenizer)
    let rules = InstructedRules(
      edges, wish, original: original, tokenizer, passageTokens,
      silent: unwritten, ends: chat.ends(tokenizer),
      pinned: (request.canvas ?? []).filter { $0.state == .pinned }.map(\.text))
    let policy = policy(request.settings, wish, length)
    let drafts = CausalDrafts(
      forwardModel, after: before,
      foreseeing: conversations(chat, wish.message(edges.core), wish.announcement), from: 0,
      floor: policy.floor, onLayer: { _ in try Task.checkCancellation() })
    let watch = Stopwatch()
    return InstructedSession(
      PassageSearch(
        InstructedDrafts(drafts, end: rules.end, stops: rules.stops), form: rules, length: length,
        following: after, end: rules.end, policy: policy, now: { watch.milliseconds }),
      edges, cellText(edges))
  }

  /// More drafts than for a fill, and no redrafts, which would not see the instruction.
  private func policy(
    _ settings: DecodingConfiguration, _ wish: RewriteWish, _ length: PassageLength
  ) -> SearchPolicy {
    var policy = SearchPolicy(settings, length: length.expected)
    policy.draftCount = policy.draftCount * 3 / 2
    policy.foresight = policy.draftCount
    policy.closings = max(policy.closings, 16)
    policy.finalists = max(policy.finalists, 8)
    policy.effort = 0
    policy.lookahead = max(policy.lookahead, 28)
    policy.rounds = 0
    if settings.temperature == 0 { policy.temperature = wish == .grammar ? 0.6 : 0.75 }
    return policy
  }

  /// The message as a turn, with the bare answer to come, and with one that was announced.
  private func conversations(_ chat: ChatTemplate, _ message: String, _ announcement: String)
    -> [CachedPrompt]
  {
    let ids = chat.ids([ChatTemplate.Message(.user, message)], tokenizer: tokenizer)
    return [ids, ids + tokenizer.encode(announcement)].map {
      CachedPrompt($0, model: configuration)
    }
  }
}

extension ChatTemplate {
  /// Tokens that end an answer.
  func ends(_ tokenizer: Tokenizer) -> Set<Int> {
    var ends = tokenizer.special.stops
    for case .token(let spelling) in end {
      if let id = tokenizer.id(of: spelling) { ends.insert(id) }
    }
    if let id = tokenizer.special.end { ends.insert(id) }
    return ends
  }
}
