internal import Commands
internal import DecodingPolicies
internal import Documents
internal import Editing
internal import Infilling

/// The output of a run over passages.
protocol FillOutput {
  func loading()
  func began(_ scene: FillScene)
  func step(_ step: InfillStep, _ scene: FillScene) throws
  /// The candidates of the passage if there were several.
  func ranked(_ candidates: [FillCandidate], _ scene: FillScene) throws
  /// The last step was made, or the run failed.
  func ended()
  func finished(texts: [String], document: [UInt8]) throws
}

extension FillOutput {
  func ranked(_ candidates: [FillCandidate], _ scene: FillScene) {}
}

/// The passage being refilled, as an onlooker needs to know it.
struct FillScene {
  /// From 1.
  var passage: Int
  var passages: Int
  /// The rest of the first and last line of the passage.
  var before: String
  var after: String
  var cells: [InfillCell]
  /// The request to the engine.
  var request = InfillRequest(prefix: "", original: "", suffix: "")
}

struct SilentFillOutput: FillOutput {
  func loading() {}
  func began(_ scene: FillScene) {}
  func step(_ step: InfillStep, _ scene: FillScene) {}
  func ended() {}
  func finished(texts: [String], document: [UInt8]) {}
}

/// Refills the passages of one document, first to last.
struct FillRun {
  private(set) var document: Document
  private let passages: [Passage]
  private var settings: DecodingConfiguration
  private let ranking: CandidateRanking?
  private let instruction: String?
  private let instructionGuidance: Double?
  private let pictures: PictureContext
  /// The new text of each passage done.
  private(set) var texts: [String] = []
  /// Receives notices of the engine about a passage, before its first step.
  var notify: (String) -> Void = { _ in }

  /// - Precondition: `passages` are in order and do not overlap.
  /// - Parameters:
  ///   - ranking: makes several candidates for each passage and takes the best; nil: one.
  ///   - instruction: rewrite by this instruction; nil: by the context alone.
  ///   - instructionGuidance: guidance towards it, with a model that supports guidance; nil: that
  ///     of the settings.
  ///   - pictures: what every passage is written beside.
  init(
    document: Document, passages: [Passage], settings: DecodingConfiguration,
    ranking: CandidateRanking? = nil, instruction: String? = nil,
    instructionGuidance: Double? = nil, pictures: PictureContext = PictureContext()
  ) {
    self.document = document
    self.passages = passages
    self.settings = settings
    self.ranking = ranking
    self.instruction = instruction
    self.instructionGuidance = instructionGuidance
    self.pictures = pictures
  }

  mutating func perform(_ infiller: any Infiller, _ output: any FillOutput) async throws {
    output.loading()
    defer { output.ended() }
    let model = try await infiller.prepare()
    if instruction != nil, !model.followsInstructions {
      throw CommandFailure("\(model.name) does not support instructions; omit --instruct.")
    }
    if instruction != nil, let instructionGuidance, model.takesGuidance {
      settings.guidance = instructionGuidance
    }
    if !pictures.paths.isEmpty {
      for glance in try await infiller.glance(at: pictures).seen { notify(glance.words) }
    }
    // The markers are removed first; the rest of a marked passage is ordinary text.
    var ranges: [Range<Int>] = []
    var edits: [Documents.Edit] = []
    var shift = 0
    for passage in passages {
      let (whole, inner) = (passage.whole, passage.inner)
      edits.append(Documents.Edit(range: whole.lowerBound..<inner.lowerBound, replacement: []))
      edits.append(Documents.Edit(range: inner.upperBound..<whole.upperBound, replacement: []))
      shift -= inner.lowerBound - whole.lowerBound
      ranges.append(inner.lowerBound + shift..<inner.upperBound + shift)
      shift -= whole.upperBound - inner.upperBound
    }
    replace(edits.filter { !$0.range.isEmpty })

    var growth = 0
    for (index, range) in ranges.enumerated() {
      let range = range.lowerBound + growth..<range.upperBound + growth
      let text = try await refill(range, index, infiller, model, output)
      texts.append(text)
      let bytes = withLineEnds(text)
      replace([Documents.Edit(range: range, replacement: bytes)])
      growth += bytes.count - range.count
    }
  }

  private mutating func refill(
    _ range: Range<Int>, _ index: Int, _ infiller: any Infiller, _ model: ModelSummary,
    _ output: any FillOutput
  ) async throws -> String {
    let text = document.text
    var request = InfillRequest(text, range, settings: settings, instruction: instruction)
    request.pictures = pictures
    var isNotified = false
    let (notify, place) = (notify, passages.count == 1 ? "" : "passage \(index + 1): ")
    func tell(_ notice: String?) {
      guard let notice, !isNotified else { return }
      isNotified = true
      notify(place + notice)
    }
    let ranked = try await ranking?.candidates(
      for: request, infiller, searches: model.searches(settings), tell)
    let best = ranked?.first { $0.isChosen }
    let session = best == nil ? try await infiller.begin(request) : nil
    tell(session?.notice)
    let first = text.lineRange(text.line(at: range.lowerBound)).lowerBound
    let last = text.lineRange(text.line(at: range.upperBound)).upperBound
    var scene = FillScene(
      passage: index + 1, passages: passages.count,
      before: text.plain(min(first, range.lowerBound)..<range.lowerBound),
      after: text.plain(range.upperBound..<max(last, range.upperBound)),
      cells: best?.canvas ?? session?.canvas ?? [], request: best?.request ?? request)
    output.began(scene)
    var steps = (best?.steps ?? []).makeIterator()
    var found = FillCandidate(scene.request, canvas: scene.cells)
    found.isChosen = true
    while let step = try await session?.next() ?? steps.next() {
      scene.cells = step.cells
      found.append(step)
      if let notice = step.notice { notify(place + notice) }
      try output.step(step, scene)
    }
    if let ranked {
      try output.ranked(ranked, scene)
    } else if !found.others.isEmpty {
      try output.ranked([found] + found.others, scene)
    }
    return scene.cells.map(\.text).joined()
  }

  private mutating func replace(_ edits: [Documents.Edit]) {
    let none = Selection(anchor: 0, head: 0)
    document.apply(
      Transaction(edits), label: "fill", selectionBefore: none, selectionAfter: none)
  }

  /// The engine's text with the document's own line ends.
  private func withLineEnds(_ text: String) -> [UInt8] {
    guard document.lineEnding.bytes.count == 2 else { return Array(text.utf8) }
    return text.replacing("\r\n", with: "\n").utf8.flatMap { byte in
      byte == UInt8(ascii: "\n") ? document.lineEnding.bytes : [byte]
    }
  }
}
