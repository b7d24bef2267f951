internal import Decoding
internal import DecodingPolicies
internal import Infilling
internal import Tokenizers
internal import Transformers

extension SearchingModel {
  /// A session that fills a request's passage by search. Throws `InferenceError.refused` for a
  /// script that the model has no whole characters for.
  ///
  /// - Parameter lead: what the model reads before the text: the conversation that shows it pictures.
  func searchSession(_ request: InfillRequest, lead: [Int] = []) throws -> SearchSession {
    let edges = PassageEdges(request)
    try checkScript(edges)
    let text = cellText(edges)
    let parts =
      request.canvas.map {
        self.parts(of: text.canvas($0, vocabularySize: configuration.vocabularySize), edges)
      }
      ?? self.parts(of: edges, request.settings)
    return try SearchSession(self, edges, parts, request.settings, text, lead: lead)
  }

  /// Turns slots of a passage into text between its edges.
  func cellText(_ edges: PassageEdges) -> CellText {
    CellText(
      tokenizer: tokenizer, tokens: canvasTokens, dropsLeadingBlank: edges.takesBlank,
      beginsWithBlank: edges.takesBlank, head: edges.head,
      tail: edges.tail)
  }

  private func parts(of edges: PassageEdges, _ settings: DecodingConfiguration) -> [SearchSession
    .Part]
  {
    let segments = PassagePlan(edges.core).segments
    return segments.enumerated().map { index, segment in
      switch segment {
      case .fixed(let text):
        return .fixed(tokenizer.encode(text).map { Canvas.Slot(.token($0), confidence: 1) })
      case .gap(let core, let blank):
        let begins = index == 0 ? edges.beginsWithBlank : blank
        let count = core.isEmpty ? 12 : tokenizer.encode((begins ? " " : "") + core).count
        let expected = segments.count == 1 ? settings.slots ?? count : count
        return .gap(core: core, expected: expected, blank: blank)
      }
    }
  }

  /// Slots with a token are kept; the masks between them are gaps. The last gap ends as the old
  /// passage did, if nothing follows it.
  private func parts(of canvas: Canvas, _ edges: PassageEdges) -> [SearchSession.Part] {
    if canvas.slots.allSatisfy({ $0.content == .masked }) {
      return [.gap(core: edges.core, expected: max(1, canvas.count), blank: nil)]
    }
    var parts: [SearchSession.Part] = []
    var slots = canvas.slots.filter { $0.content != .deleted }[...]
    while let first = slots.first {
      let isOpen = first.content == .masked
      let run = slots.prefix { ($0.content == .masked) == isOpen }
      slots = slots.dropFirst(run.count)
      parts.append(
        isOpen
          ? .gap(core: slots.isEmpty ? edges.core : "", expected: run.count, blank: nil)
          : .fixed(Array(run)))
    }
    return parts
  }

  /// The search for a part of a passage.
  ///
  /// - Parameters:
  ///   - endsText: whether nothing else of the passage follows.
  ///   - lead: what the model reads before the text.
  func search(
    _ part: PassageEdges, expected: Int, _ settings: DecodingConfiguration, endsText: Bool,
    lead: [Int]
  ) throws -> SearchSession.Search {
    let windows = PassageText.Window(configuration, slots: expected)
    let before = windows.end(of: part.prefix, tokenizer)
    let after = windows.beginning(of: part.suffix, tokenizer)
    var policy = SearchPolicy(settings, length: expected)
    if after.isEmpty {
      // No text after the passage to foresee.
      policy.foresight = 0
    } else if before.isEmpty || part.isTitle {
      // Nothing before the passage: the drafts continue the text after it.
      policy.foresight = policy.draftCount
      policy.lookahead = max(policy.lookahead, 64)
      policy.fluentLength = 2 * policy.fluentLength
    } else if before.count < SearchSession.littleContext {
      // Too little text before the passage: half of the drafts are written with the text after it
      // in view.
      policy.foresight = max(policy.foresight, policy.draftCount / 2)
    }
    let rules = PassageRules(
      part, expected: expected, tokenizer, passageTokens,
      silent: unwritten,
      following: after)
    let drafts = CausalDrafts(
      forwardModel, after: leftContext(lead + before),
      foreseeing: policy.foresight > 0 ? foreseeing(before, after, part) : [],
      from: policy.draftCount - policy.foresight, floor: policy.floor,
      proposals: { [self] in try proposals($0, before: before, after: after) },
      onLayer: { _ in try StepCallers.check() })
    let watch = Stopwatch()
    return PassageSearch(
      drafts, form: rules,
      length: settings.lengthMayChange
        ? PassageLength(expected: expected) : PassageLength(exactly: expected),
      following: after, end: endsText ? tokenizer.encode("\n").first : nil, policy: policy,
      now: { watch.milliseconds })
  }

  /// Texts that present the text after the passage before it, for drafts that must join it: as a
  /// page read out of order, and as a text to sum up or to name.
  private func foreseeing(_ before: [Int], _ after: [Int], _ part: PassageEdges) -> [CachedPrompt] {
    let near = Array(after.prefix(80))
    func text(_ before: String, _ after: String, _ rest: [Int]) -> CachedPrompt {
      CachedPrompt(
        tokenizer.encode(before) + near + tokenizer.encode(after) + rest,
        model: configuration)
    }
    if part.isTitle {
      let end = part.beginsWithBlank ? "" : "\n"
      return [text("", "\n\nTitle:" + end, []), text("", "\n\nWhat this is about:" + end, [])]
    }
    let page = text(
      "This is how the text goes on: \"", "\"\n\nThis is how the text begins: \"",
      Array(before.suffix(96)))
    return before.isEmpty ? [page, text("", "\n\nIn one sentence:", [])] : [page]
  }

  /// Throws if most characters of the passage, or of the text beside it, are not single tokens: the
  /// model's text would then break into invalid characters.
  private func checkScript(_ edges: PassageEdges) throws {
    let text =
      edges.core.isEmpty
      ? String(edges.prefix.suffix(100) + edges.suffix.prefix(100)) : edges.core
    let foreign = text.filter { PassageTokens.isForeign(String($0)) }
    guard 2 * foreign.count > text.filter(\.isLetter).count else { return }
    let pieces = tokenizer.encode(foreign).count
    guard Double(pieces) > 0.8 * Double(foreign.count) else { return }
    throw InferenceError.refused(
      path: summary.name,
      reason: "it cannot write this script: its vocabulary has too few words of it")
  }
}
