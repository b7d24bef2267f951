internal import Decoding
internal import DecodingPolicies
internal import Infilling
internal import Tokenizers
internal import Transformers

/// A passage being filled by search, inside the engine: its parts one after the other, each with
/// the new text of those before it.
struct SearchSession: PassageSession {
  typealias Search = PassageSearch<CausalDrafts, PassageRules>

  /// A part of the passage: slots that are kept, or words to be found.
  enum Part {
    case fixed([Canvas.Slot])
    /// - core: the old words, for their form; empty without any.
    case gap(core: String, expected: Int, blank: Bool?)
  }

  /// Tokens before a passage that are too few to show what the text is about.
  static let littleContext = 48

  let notice: String?
  private let model: any SearchingModel
  /// What the model reads before the text.
  private let lead: [Int]
  private let settings: DecodingConfiguration
  private let parts: [Part]
  /// The part being filled, and the slots of those before it.
  private var part = 0
  private var done: [Canvas.Slot] = []
  private var search: Search?
  private var report: SearchReport
  /// Milliseconds for the present part.
  private var spent = 0.0
  private var shown: Canvas

  init(
    _ model: any SearchingModel, _ edges: PassageEdges, _ parts: [Part],
    _ settings: DecodingConfiguration, _ text: CellText, lead: [Int]
  ) throws {
    self.model = model
    self.lead = lead
    self.parts = parts
    self.settings = settings
    report = SearchReport(edges, text)
    let gaps = parts.count(where: \.isGap)
    let time = model.pace.words(parts: gaps, settings)
    notice =
      gaps < 2
      ? time.map { "This \($0)" }
      : "Filled in \(gaps) parts, each with the text of those before it\(time.map { "; \($0)" } ?? "")"
    shown = Canvas([])
    try turn()
    shown = canvas
    report.show(shown)
  }

  var cells: [InfillCell] { report.cells }

  /// Parts that are done, the one being filled, and masks for those to come.
  private var canvas: Canvas { canvas(search?.canvas) }

  private func canvas(_ present: Canvas?) -> Canvas {
    var slots = done + (present?.slots ?? [])
    for part in parts.dropFirst(search == nil ? part : part + 1) { slots += part.slots }
    return Canvas(slots)
  }

  /// Reads the text before the passage, part by part.
  func readAhead() throws -> Bool {
    guard let search else { return false }
    return try search.model.encodeNextContext()
  }

  /// Continues with the next part to search.
  private mutating func turn() throws {
    if let search {
      guard search.isDone else { return }
      done += search.canvas.slots
      self.search = nil
      part += 1
    }
    while parts.indices.contains(part), case .fixed(let slots) = parts[part] {
      done += slots
      part += 1
    }
    guard parts.indices.contains(part), case .gap(let core, let expected, let blank) = parts[part]
    else { return }
    search = try model.search(
      gap(core, blank), expected: expected, settings, endsText: part == parts.count - 1,
      lead: lead)
  }

  /// The current part with the current text around it.
  private func gap(_ core: String, _ blank: Bool?) -> PassageEdges {
    let after = parts[(part + 1)...].prefix { !$0.isGap }
    let goesOn = part + 1 + after.count < parts.count
    let (edges, text) = (report.edges, report.text)
    let following = text.text(after.flatMap(\.slots)) + (goesOn ? "" : edges.suffix)
    guard !done.isEmpty else {
      var gap = edges
      (gap.core, gap.suffix) = (core, following)
      return gap
    }
    return PassageEdges(
      prefix: edges.prefix + text.text(done), core: core, suffix: following, blank: blank)
  }

  mutating func next() throws -> InfillStep? {
    try turn()
    return try search?.next().map { infillStep($0) }
  }

  private mutating func infillStep(_ step: Step) -> InfillStep {
    guard let search else { preconditionFailure("a step of no search") }
    spent += step.milliseconds
    if step.isLast {
      model.pace.learn(spent, settings)
      spent = 0
    }
    let before = shown
    shown = canvas
    // Parts that follow move when the present one changes its length.
    let changed = parts.count == 1 ? step.changed : shown.changedSlots(since: before)
    let isLast = step.isLast && !parts.dropFirst(part + 1).contains(where: \.isGap)
    let closings = isLast ? search.closings.map { canvas($0.canvas) } : []
    return report.infillStep(
      step, search.progress, canvas: shown, changed: changed, plannedSteps: step.plannedSteps,
      isLast: isLast, closings: closings)
  }
}

extension SearchSession: SharedStepSession {
  /// Drafts of several passages advance in one pass.
  var sharesNextStep: Bool { search?.sharesNextStep ?? false }

  static func next(_ sessions: inout [SearchSession]) throws -> [Result<InfillStep?, any Error>] {
    var searches = sessions.compactMap(\.search)
    precondition(searches.count == sessions.count, "a session without a search")
    let steps = try Search.next(&searches)
    return sessions.indices.map { index in
      sessions[index].search = searches[index]
      return steps[index].map { step in step.map { sessions[index].infillStep($0) } }
    }
  }
}

extension SearchSession.Part {
  var isGap: Bool { if case .gap = self { true } else { false } }

  /// The canvas of the part before it is filled.
  var slots: [Canvas.Slot] {
    switch self {
    case .fixed(let slots): slots
    case .gap(_, let expected, _): Array(repeating: Canvas.Slot(.masked), count: expected)
    }
  }
}
