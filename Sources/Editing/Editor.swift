public import Documents
internal import Infilling

/// The whole state of an editor as a value. `update` is the only way in: it has no clock, performs
/// no I/O and asks for what it needs by effects.
public struct Editor: Sendable {
  public let id: DocumentID
  public internal(set) var document: Document
  /// Always on cluster boundaries, and never with its head inside the span of a passage.
  public internal(set) var selection: Selection
  public internal(set) var viewport: Viewport
  /// Passages being rewritten, in the order they were started. Their spans do not overlap.
  public internal(set) var passages: [Passage] = []
  /// The passage that has the keys.
  public internal(set) var focus: Passage.ID?
  /// What lies over the text and takes the keys, the topmost last; at most one for a mode.
  var overlays: [Overlay] = []
  public internal(set) var finding: Finding?
  /// Doubtful words of the visible text; nil while they are not shown.
  public internal(set) var doubts: DoubtMap?
  /// Other processes that have the file open.
  public internal(set) var neighbours: [Neighbour] = []
  /// How much of the document has been searched, or replaced in, 0...1; nil while nothing is looked
  /// for.
  public internal(set) var searching: Double?
  /// How much of a save is done, 0...1; nil while nothing is being saved.
  public internal(set) var saving: Double?
  /// What other programs have done to the file.
  public internal(set) var disk = DiskState.same
  /// The text on disk, as far as is known.
  var diskText: Text
  /// Unsaved edits are not on disk, against the rule.
  public internal(set) var isUnkept = false
  public internal(set) var message: Message?
  /// Shortest time between two steps as it was chosen while they were watched; nil for that of the
  /// settings.
  var stepMilliseconds: Int?
  /// The document is only looked at: nothing in it is changed until the user asks for that.
  public internal(set) var isView = false
  /// What `.editorconfig` files say of the document.
  public internal(set) var style = DocumentStyle()
  /// Shows a recording, not a document to work on.
  public internal(set) var isReplay = false
  /// The recording is to look like the run itself.
  var showsRun = false
  /// What other documents have, too.
  var shared: SharedState
  /// The other documents, while this one is shown.
  public internal(set) var surroundings = Surroundings()

  /// Effects of the update in progress.
  var effects: [Effect] = []
  /// What was asked of the workspace and not taken yet.
  var requests: [WorkspaceRequest] = []
  /// Column that up and down try to keep.
  var goalColumn: Int?
  /// The edit that the next one may join in one undo node.
  var lastEdit: EditRun?
  /// States of earlier sessions.
  var past = Past.unread
  /// The state that was left for one of some time ago, by its revision.
  var leftState: Int?
  var rejected = RejectedPassages()
  /// The selection that the engine reads around.
  var prefill = Prefill()
  var picturesInView = PicturesInView()
  /// An instruction that waits for the model.
  var awaited: Awaited?
  /// Texts of earlier sessions that come after the one on offer.
  var offers = RecoveryQueue()
  var numbering: Numbering
  var latestSearch = 0
  /// How the next pattern is read, as it was chosen for the last one.
  var findOptions = Search.Options()
  /// Matches being replaced in the background; the document is locked until then.
  var replacing: ReplaceRequest?
  /// Replacing as it is being asked for.
  var replaceDialog: ReplaceDialog?
  var mouse = MouseState()
  /// Cursors and selections besides `selection`, which do the same. They do not overlap.
  var cursors: [Selection] = []
  /// The command that is being performed at one cursor after another.
  var round: CursorRound?
  var syntax = Syntax()
  /// What of the text is not dimmed.
  public internal(set) var focusMode: FocusMode
  /// Misspelt words of the visible text; nil while they are not marked.
  var spelling: SpellingMap?
  /// Words for the status line.
  var counted: Counted?
  /// Places of the bracket at the cursor and of its partner, if that is near.
  public internal(set) var bracketPair: [Int] = []
  /// Rows laid out by the last events.
  var layoutMemo = LayoutMemo()
  /// The window was scrolled by hand and need not show the cursor until the next key.
  var scrollsFreely = false

  /// `columns` and `rows` are the size of the whole screen.
  public init(
    document: Document, columns: Int = 80, rows: Int = 24,
    settings: EditorSettings = EditorSettings(), keymap: Keymap = .standard
  ) {
    self.init(
      document: document, id: .first, columns: columns, rows: rows,
      shared: SharedState(settings: settings, keymap: keymap))
  }

  init(document: Document, id: DocumentID, columns: Int, rows: Int, shared: SharedState) {
    self.id = id
    self.document = document
    diskText = document.text
    self.shared = shared
    numbering = Numbering(of: id)
    selection = Selection(0)
    focusMode = shared.settings.focus
    viewport = Viewport(columns: columns, rows: rows)
  }

  /// Puts the cursor on a line and column, both from 1 and clamped to the text; shows it in the
  /// middle of the window.
  public mutating func go(toLine line: Int, column: Int = 1) {
    setCursor(offset(ofLine: line, column: column))
    centerCursor()
  }

  /// Shows a line until the next key press.
  public mutating func show(_ message: Message) { self.message = message }

  /// The document's transactions since the last call; none unless it records its changes.
  public mutating func takeChanges() -> [Transaction] { document.takeChanges() }

  mutating func emit(_ effect: Effect) { effects.append(effect) }
}

extension Editor {
  /// Handles one event: new state in place, effects to perform in order. Every event is answered
  /// in time that does not depend on the size of the document, searches and saves apart.
  public mutating func update(_ event: Event) -> [Effect] {
    effects.removeAll(keepingCapacity: true)
    document.time = now
    switch event {
    case .key(let key): press(key)
    case .paste(let text): receivePaste(text)
    case .mouse(let event): handleMouse(event)
    case .resize(let columns, let rows):
      viewport.columns = max(1, columns)
      viewport.rows = max(1, rows)
    case .model(let status): receive(status)
    case .outlined(let outline): receive(outline)
    case .engine(let status): receive(status)
    case .run(let run, let reply): receive(run, reply)
    case .inquiry(let inquiry, let reply): receive(inquiry, reply)
    case .glanced(let glances): effects += picturesInView.handle(.glanced(glances))
    case .readingPictures(let progress): effects += picturesInView.handle(.reading(progress))
    case .saved(let request, let failure, let caution):
      saved(request, failure: failure, caution: caution)
    case .found(let request, let result): found(request, result)
    case .replaced(let request, let result): finishReplacing(request, result)
    case .finding(let id, let progress):
      if searching != nil, id == latestSearch { searching = progress }
    case .saving(let progress): if saving != nil { saving = progress }
    case .linesCounted: document.takeLineCounts()
    case .recoverable(let recoveries): offer(recoveries)
    case .neighbours(let neighbours): meet(neighbours)
    case .keeping(let failure): keeping(failure)
    case .exported(let path, let failure):
      show(failure.map(Message.failure) ?? .exported(DisplayForm.visible(path)))
    case .spelling(let reply): spellingReceived(reply)
    case .language(let name, let reply): languageReceived(name, reply)
    case .clipboard(let text, let source): receiveClipboard(text, from: source)
    case .focused(let isHere): receiveFocus(isHere)
    case .woke(.playback(let id)): playNextStep(id)
    case .woke(.fading): fade()
    case .woke(.doubts): doubtMapHandles(.rested)
    case .woke(.reading): prefillAtRest()
    // The document is scanned after every event.
    case .woke(.highlighting): break
    case .woke(.pictures): picturesAtRest()
    case .disk(let news): receive(news)
    case .style(let style): self.style = style
    case .format(let format): document.take(format)
    case .history(let reply): receive(reply)
    case .listed(let part): listed(part)
    case .settings(let reply): receive(reply)
    case .adopted(let settings, let before): adopt(settings, before: before)
    }
    settle()
    return effects
  }

  /// What every event ends with.
  private mutating func settle() {
    followDisk()
    previewReplacements()
    settleViewport()
    let damage = document.takeDamage()
    attendToSyntax(damage)
    attendToCount(damage)
    attendToSpelling()
    bracketPair = bracketsAtCursor(within: Self.nearBrackets).map { [$0.at, $0.partner] } ?? []
    attendToDoubts()
    attendToPrefill()
    attendToPictures()
  }

  mutating func press(_ key: Key) {
    closeTour()
    message = nil
    scrollsFreely = false
    let mode = mode
    if let command = keymap.command(for: key, in: mode) {
      command.performAtCursors(of: &self)
      return
    }
    guard case .character(let character) = key.code,
      key.modifiers.isDisjoint(with: [.control, .alt])
    else {
      if mode == .text { show(.unboundKey(key.description)) }
      if mode == .review { show(.reviewKeys) }
      if mode == .recovery { show(.recoveryKeys) }
      if mode == .disk { show(.diskKeys) }
      return
    }
    switch mode {
    case .text where cursors.isEmpty: type(character)
    case .text: atEachCursor { $0.type(character) }
    case .prompt: typeIntoPrompt(String(character))
    case .list: typeIntoPicker(character)
    case .review: typeIntoText { $0.type(character) }
    case .race: show(.raceKeys)
    case .recovery: show(.recoveryKeys)
    case .disk: show(.diskKeys)
    case .help: helpRow = nil
    }
  }

  mutating func receivePaste(_ text: String) {
    closeTour()
    message = nil
    scrollsFreely = false
    switch mode {
    case .text where cursors.isEmpty: insertPasted(text)
    case .text: atEachCursor { $0.insertPasted(text) }
    case .prompt: typeIntoPrompt(text)
    case .review: typeIntoText { $0.insertPasted(text) }
    case .race, .recovery, .disk: break
    case .list: pasteIntoPicker(text)
    case .help: helpRow = nil
    }
  }

  private mutating func receive(_ run: RunID, _ reply: RunReply) {
    switch run {
    case .candidate: candidateReceived(run, reply)
    case .lane: raceHandles(.run(run, reply))
    }
  }

  private mutating func receive(_ inquiry: InquiryID, _ reply: InquiryReply) {
    switch inquiry {
    case .ranking: rankingReceived(inquiry, reply)
    case .refinement: refinementReceived(inquiry, reply)
    case .doubtMap: doubtMapHandles(.inquiry(inquiry, reply))
    case .race: raceHandles(.inquiry(inquiry, reply))
    }
  }

  private mutating func receive(_ status: ModelStatus) {
    model = status
    raceHandles(.model(knownModel))
    restartInAvailableModes()
    if case .failed(let reason) = status { show(.failure(reason)) }
    answerAwaited()
  }

  private mutating func receive(_ outline: ModelOutline) {
    shared.outline = outline
    answerInstructionPrompt()
    picturesAtRest()
  }
}
