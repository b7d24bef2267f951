internal import DecodingPolicies
internal import Infilling

// The engine does one thing at a time, so the lane that has used the least engine time gets the
// next step: on the screen they run side by side, each on its own clock. When all have ended
// the engine is asked how well each lane's text leads on to what follows.

extension Race {
  enum Event {
    /// What is known about the model; nil while nothing is.
    case model(ModelSummary?)
    case run(RunID, RunReply)
    case inquiry(InquiryID, InquiryReply)
    /// Nobody waits for the lanes any more.
    case ended
  }

  mutating func handle(_ event: Event, _ numbering: inout Numbering) -> [Effect] {
    var effects: [Effect] = []
    switch event {
    case .model(let summary): model = summary
    case .run(let id, let reply):
      guard let taken = receive(id, reply, &numbering) else { return [] }
      effects += taken
    case .inquiry(let id, let reply): receive(id, reply)
    case .ended: return drop()
    }
    effects += openLanes()
    effects += advance()
    effects += judge(&numbering)
    return effects
  }

  /// Moves the selection by lanes, clamped to those there are.
  mutating func select(by step: Int) {
    selected = max(0, min(selected + step, lanes.count - 1))
  }

  private mutating func receive(
    _ id: RunID, _ reply: RunReply, _ numbering: inout Numbering
  ) -> [Effect]? {
    guard let index = lanes.firstIndex(where: { $0.id == id }) else { return nil }
    var passage = lanes[index].passage
    guard let actions = passage.candidate.run.handle(reply) else { return nil }
    if case .step(let step) = reply {
      passage.candidate.shownStep = passage.candidate.lastStep
      for cells in step.others {
        passage.candidates.append(
          passage.candidate.sibling(.candidate(numbering.take()), cells: cells))
      }
    }
    passage.refresh()
    lanes[index].passage = passage
    return actions.map { $0.effect(on: id) }
  }

  /// Notes how well the lanes read; nothing where the model cannot compare them.
  private mutating func receive(_ id: InquiryID, _ reply: InquiryReply) {
    guard case .asked(id, let asked) = judgement else { return }
    if case .scores(let scores) = reply, scores.count == asked.count {
      for (lane, score) in zip(asked, scores) { lanes[lane].score = score }
    }
    judgement = .done
  }

  /// Begins the lanes that the model has; one of them while no model is known.
  private mutating func openLanes() -> [Effect] {
    var effects: [Effect] = []
    for index in lanes.indices where lanes[index].absence == nil {
      if let model {
        guard model.modes.contains(lanes[index].mode) else {
          lanes[index].absence = Self.absence(of: lanes[index].mode, in: model)
          effects += change(index) { $0.drop() }
          continue
        }
        lanes[index].isSearch = model.searches(
          lanes[index].passage.candidate.request.settings)
      }
      guard lanes[index].passage.state == .idle, model != nil || lanes[index].mode == .diffusion
      else {
        continue
      }
      lanes[index].passage.candidate.run.open()
      effects.append(.beginRun(lanes[index].id, lanes[index].passage.candidate.request))
    }
    if lanes[selected].absence != nil {
      selected = lanes.firstIndex { $0.absence == nil } ?? selected
    }
    return effects
  }

  /// Gives the slowest lane its next step, once all that are to begin have begun.
  private mutating func advance() -> [Effect] {
    guard !lanes.contains(where: { $0.passage.state == .running(owesStep: true) }),
      !lanes.contains(where: { $0.passage.state == .opening }),
      let next = lanes.indices.filter({ lanes[$0].isRunning })
        .min(by: { lanes[$0].milliseconds < lanes[$1].milliseconds })
    else { return [] }
    return change(next) { $0.requestStep() }
  }

  /// Asks how well the lanes read as soon as all have come to an end.
  private mutating func judge(_ numbering: inout Numbering) -> [Effect] {
    guard isOver, judgement == .open else { return [] }
    let texts = ranking.sorted().compactMap { lane -> (lane: Int, text: String)? in
      let passage = lanes[lane].passage
      return passage.masksLeft > 0 || passage.text.isEmpty ? nil : (lane, passage.text)
    }
    guard texts.count > 1 else {
      judgement = .done
      return []
    }
    let inquiry = InquiryID.race(numbering.take())
    judgement = .asked(inquiry, lanes: texts.map(\.lane))
    return [.scoreTexts(inquiry, texts.map(\.text), scoring)]
  }

  private mutating func drop() -> [Effect] {
    var effects: [Effect] = []
    for index in lanes.indices { effects += change(index) { $0.drop() } }
    if case .asked(let inquiry, _) = judgement { effects.append(.withdraw(inquiry)) }
    return effects
  }

  private mutating func change(_ lane: Int, _ body: (inout Run) -> [Run.Action]) -> [Effect] {
    body(&lanes[lane].passage.candidates[0].run).map { $0.effect(on: lanes[lane].id) }
  }

  private static func absence(of mode: DecodingMode, in model: ModelSummary) -> String {
    switch mode {
    case .autoregressive: "\(model.name) was not trained to write from left to right"
    case .diffusion: "\(model.name) cannot fill masks: that needs an adapter trained on it"
    case .search: "\(model.name) cannot score text from left to right"
    case .selfSpeculation, .quadratic:
      "needs a model that drafts in parallel and verifies from the left"
    }
  }
}
