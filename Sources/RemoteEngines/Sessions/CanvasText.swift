internal import Decoding
internal import DecodingPolicies
internal import Infilling
internal import Tensors

/// A request in the tokens of a server, and its canvases as text.
struct CanvasText: Sendable {
  /// The conversation that the text is the answer to.
  let lead: [Int]
  let prefix: [Int]
  /// The old passage, from which the number of slots follows.
  let original: [Int]
  let suffix: [Int]
  private let form: CanvasForm
  private let vocabulary: ServerVocabulary
  /// The blank at the beginning of the first token stands before the passage.
  private let dropsLeadingBlank: Bool
  private let staysWithinLine: Bool

  init(
    _ request: InfillRequest, _ configuration: EngineConfiguration, _ vocabulary: ServerVocabulary
  ) async throws {
    self.vocabulary = vocabulary
    form = configuration.canvas
    // A token has the blank before its word.
    dropsLeadingBlank = request.prefix.hasSuffix(" ")
    let before = dropsLeadingBlank ? String(request.prefix.dropLast()) : request.prefix
    let blank = dropsLeadingBlank ? " " : ""
    staysWithinLine =
      !request.original.isEmpty && !request.original.contains(where: \.isNewline)
    let question =
      request.instruction.map { "Write a text. What a passage of it is to be: \($0)" }
      ?? "Write a text."
    async let lead = vocabulary.lead(question)
    async let prefix = vocabulary.encode(String(before.suffix(configuration.before)))
    async let original = vocabulary.encode(blank + request.original)
    async let suffix = vocabulary.encode(String(request.suffix.prefix(configuration.after)))
    self.lead = try await lead
    self.prefix = try await prefix
    self.original = try await original
    self.suffix = try await suffix
  }

  /// The slots to begin with: as many masks as the old passage has tokens, or the cells of the
  /// request, whose texts are encoded again.
  func slots(_ request: InfillRequest) async throws -> [Canvas.Slot] {
    guard let cells = request.canvas else {
      let count = request.settings.slots ?? (request.original.isEmpty ? 8 : original.count)
      return Array(repeating: Canvas.Slot(.masked), count: max(1, count))
    }
    var slots: [Canvas.Slot] = []
    var kept: (text: String, isPinned: Bool)?
    func flush() async throws {
      guard let run = kept else { return }
      kept = nil
      let isFirst = slots.isEmpty && dropsLeadingBlank && run.text.first?.isWhitespace == false
      for token in try await vocabulary.encode((isFirst ? " " : "") + run.text) {
        slots.append(Canvas.Slot(.token(token), isPinned: run.isPinned, confidence: 1))
      }
    }
    for cell in cells where cell.state != .deleted {
      let isPinned = cell.state == .pinned
      if cell.state == .open {
        try await flush()
        slots.append(Canvas.Slot(.masked))
      } else if let run = kept, run.isPinned == isPinned {
        kept = (run.text + cell.text, isPinned)
      } else {
        try await flush()
        kept = (cell.text, isPinned)
      }
    }
    try await flush()
    return slots
  }

  /// The texts of tokens, these among them.
  func learn(_ tokens: [Int]) async throws -> [Int: String] {
    try await vocabulary.learn(tokens)
    return await vocabulary.known
  }

  /// Whether a token may stand in the passage.
  func allows(_ token: Int, _ texts: [Int: String]) -> Bool {
    guard !form.banned.contains(token), let text = texts[token], !text.isEmpty else { return false }
    return !staysWithinLine || !text.contains(where: \.isNewline)
  }

  /// Cells of a canvas, without ids: those mean something to this server alone. Tokens that are parts
  /// of a character are shown together, as the text of the last.
  func cells(_ canvas: Canvas) async throws -> [InfillCell] {
    let texts = try await learn(
      canvas.shownTokens + canvas.slots.flatMap { $0.candidates.map(\.token) })
    var cells: [InfillCell] = []
    var parts: [Int] = []
    for slot in canvas.slots {
      var cell = InfillCell(
        state: .open, confidence: slot.confidence,
        alternatives: InfillAlternatives(
          slot.candidates.filter { slot.content != .token($0.token) }.map {
            InfillAlternative(
              token: InfillAlternative.foreignToken, text: (texts[$0.token] ?? "").harmless,
              probability: $0.probability)
          }))
      if case .token(let token) = slot.content {
        cell.state = slot.isPinned ? .pinned : .draft
        cell.text = texts[token] ?? ""
        if cell.text.contains("\u{FFFD}") { parts.append(token) }
      }
      if !parts.isEmpty, !cell.text.contains("\u{FFFD}") {
        try await join(&parts, into: &cells)
      }
      cells.append(cell)
    }
    try await join(&parts, into: &cells)
    for index in cells.indices { cells[index].text = cells[index].text.harmless }
    if dropsLeadingBlank, cells.first?.text.hasPrefix(" ") == true { cells[0].text.removeFirst() }
    return cells
  }

  /// Gives the last cell the text of the tokens of the last `parts.count` cells.
  private func join(_ parts: inout [Int], into cells: inout [InfillCell]) async throws {
    guard parts.count > 1 else { return parts.removeAll() }
    let text = try await vocabulary.text(of: parts)
    for index in cells.indices.suffix(parts.count) { cells[index].text = "" }
    cells[cells.count - 1].text = text
    parts.removeAll()
  }
}
