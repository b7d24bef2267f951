public import DecodingPolicies
internal import Documents
public import Infilling

/// One run of an engine with the text around it, complete enough to replay it.
public struct Recording: Sendable, Equatable {
  /// What was rewritten, for a title.
  public var name: String
  /// The lines of the passage and a few around it.
  public var before: String
  public var original: String
  public var after: String
  public var settings: DecodingConfiguration
  /// The instruction; nil for none.
  public var instruction: String?
  public var trajectory: Trajectory

  public init(
    name: String, before: String, original: String, after: String, settings: DecodingConfiguration,
    instruction: String? = nil, trajectory: Trajectory
  ) {
    self.name = name
    self.before = before
    self.original = original
    self.after = after
    self.settings = settings
    self.instruction = instruction
    self.trajectory = trajectory
  }

  /// A run of a request, with at most three lines and 600 characters of the text on each side.
  public init(name: String, request: InfillRequest, trajectory: Trajectory) {
    let lines = 3
    let before = request.prefix.suffix(600).split(
      separator: "\n", omittingEmptySubsequences: false)
    let after = request.suffix.prefix(600).split(
      separator: "\n", omittingEmptySubsequences: false)
    self.init(
      name: name, before: before.suffix(lines).joined(separator: "\n"),
      original: request.original, after: after.prefix(lines).joined(separator: "\n"),
      settings: request.settings, instruction: request.instruction, trajectory: trajectory)
  }
}

extension Recording {
  /// The original without the white space at its ends, which like that of any passage belongs to
  /// the text around it, and that white space; where the original has none before it, that of the
  /// draft. A mark stands for an original of nothing, which could not be seen.
  public var trimmed: (lead: String, original: String, tail: String) {
    var lead = original.prefix(while: \.isWhitespace)
    let body = original.dropFirst(lead.count)
    let tail = String(body.reversed().prefix(while: \.isWhitespace).reversed())
    if lead.isEmpty, before.last?.isWhitespace == false {
      let draft = trajectory.cells(at: trajectory.end).map(\.text).joined()
      lead = Substring(draft.prefix(while: \.isWhitespace))
    }
    return (String(lead), body.isEmpty ? "…" : String(body.dropLast(tail.count)), tail)
  }
}

/// A recording to be written; the path's extension determines the format.
public struct ExportRequest: Sendable, Equatable {
  /// What a path can end in.
  public enum Form: String, Sendable, CaseIterable {
    case svg, html, cast, jsonl
  }

  public var path: String
  public var form: Form
  public var recording: Recording
  /// Size of the screen it is drawn on.
  public var columns: Int
  public var rows: Int

  public init(path: String, form: Form, recording: Recording, columns: Int, rows: Int) {
    self.path = path
    self.form = form
    self.recording = recording
    self.columns = columns
    self.rows = rows
  }
}

extension ExportRequest.Form {
  /// The format for a path's extension.
  public init?(path: String) {
    guard let dot = path.lastIndex(of: "."),
      let form = Self(rawValue: path[path.index(after: dot)...].lowercased())
    else { return nil }
    self = form
  }
}

extension Editor {
  mutating func askForExport(_ index: Int) {
    guard passages[index].candidate.lastStep > 0 else { return show(.nothingToExport) }
    hold(index)
    let name = documentName
    let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
    let path = "\(stem.isEmpty ? "document" : stem)-rewritten.svg"
    ask(about: index, "Export as (.svg .html .cast .jsonl): ", text: path) { $0.export($1, to: $2) }
  }

  mutating func export(_ index: Int, to path: String) -> Message? {
    guard let form = ExportRequest.Form(path: path) else { return .exportNameExpected }
    let candidate = passages[index].candidate
    guard let trajectory = candidate.trajectory else { return .nothingToExport }
    emit(
      .export(
        ExportRequest(
          path: path, form: form,
          recording: Recording(
            name: documentName, request: candidate.request, trajectory: trajectory),
          columns: min(100, viewport.columns), rows: viewport.rows)))
    show(.exporting)
    return nil
  }
}

// MARK: - Showing a recording

extension Editor {
  /// An editor that shows a recording under review, at its bare canvas; nothing in it can be saved
  /// or accepted. `asRun` has it look like the run that was recorded, for pictures.
  public init(
    showing recording: Recording, columns: Int, rows: Int, keymap: Keymap = .standard,
    settings: EditorSettings = EditorSettings(), asRun: Bool = false
  ) {
    let (lead, original, tail) = recording.trimmed
    let before = recording.before + lead
    var document = Document(before + original + tail + recording.after)
    document.path = recording.name
    document.isReadOnly = true
    self.init(
      document: document, columns: columns, rows: rows, settings: settings, keymap: keymap)
    isReplay = true
    showsRun = asRun
    let start = before.utf8.count
    let span = start..<start + original.utf8.count
    var request = request(for: span, settings: recording.settings)
    request.canvas = recording.trajectory.canvas
    request.instruction = recording.instruction
    let candidate = Candidate(Run(newRun(), recorded: recording.trajectory), request)
    var passage = Passage(
      id: newPassageID(), run: candidate.id, span: span,
      anchor: self.document.addAnchor(AnchoredRange(span)),
      original: Array(original.utf8), columns: self.columns(of: span), request: request,
      selectionBefore: Selection(start), revisionBefore: 0)
    passage.restart(with: [candidate], showing: 0)
    passages = [passage]
    enter(0)
    settleViewport()
  }

  /// Shows a step of the passage under review, clamped to those there are.
  public mutating func show(step: Int) {
    reviewing { $0.scrub($1, to: step) }
    if showsRun, let index = passages.indices.first,
      let steps = passages[index].candidate.trajectory
    {
      let candidate = passages[index].candidate
      passages[index].candidate.run = Run(
        candidate.id, recorded: steps, isUnderWay: candidate.shownStep < candidate.lastStep)
      passages[index].refresh()
    }
    message = nil
    settleViewport()
  }

}

extension Workspace {
  /// Plays the shown recording from the step on the screen. Returns the effects that start it.
  public mutating func playRecording() -> [WorkspaceEffect] {
    update(.key(Key(.character(" "))))
  }
}

extension Passage {
  /// Neighbours of the draft that look the same.
  public struct StyledRun: Sendable, Equatable {
    public var text: String
    public var role: VisualCell.Role
  }

  /// The draft as shown.
  public var runs: [StyledRun] {
    var runs: [StyledRun] = []
    forEachCluster { _, bytes, _, role in
      let text = String(decoding: bytes, as: UTF8.self)
      if runs.last?.role == role {
        runs[runs.count - 1].text += text
      } else {
        runs.append(StyledRun(text: text, role: role))
      }
    }
    return runs
  }
}
