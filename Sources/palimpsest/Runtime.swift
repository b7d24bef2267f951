internal import Commands
internal import Documents
import Editing
internal import Platform
import Rendering
internal import Storage
import Terminals

/// The main loop: waits for the terminal, the engine and the clock, hands their events to the
/// workspace, performs its effects, draws once a batch. It decides nothing.
@MainActor
final class Runtime {
  /// A timer of a document.
  private struct DocumentTimer: Hashable {
    var document: DocumentID
    var timer: Timer
  }

  var workspace: Workspace
  let terminal: Terminal
  var theme: Theme
  /// The theme before it was adapted to the terminal.
  var exportTheme: Theme
  let files: OpenFiles
  let mailbox: Mailbox
  private let router: EngineRouter
  private let driver: FillDriver
  private let languages: @Sendable (String) -> LanguageReply
  var speller: Speller
  private let clipboard: SystemClipboard
  /// Read when settings are listed for the first time.
  lazy var settings = makeSettings()
  private let makeSettings: () -> SettingsSession
  private var finders: [DocumentID: Finder] = [:]
  private let lister: FolderLister
  private var pacer = FramePacer()
  /// The cause of changes that are not drawn yet.
  private var change: FramePacer.Cause? = .input
  private var timers: [DocumentTimer: ContinuousClock.Instant] = [:]
  private var exitCode: Int32?
  /// What came while a document that is saved in a moment was being written: it waits for the end of
  /// that, so that a key which ends the editor finds the document saved.
  private var waiting: [Event] = []
  private var waitsUntil: ContinuousClock.Instant?
  private var exporting: Task<Void, Never>?
  /// Steps of the engine that are not due yet, in the order of their arrival.
  private var steps: [(run: RunID, reply: RunReply, due: ContinuousClock.Instant)] = []

  init(
    workspace: Workspace, terminal: Terminal, theme: Theme, files: OpenFiles, mailbox: Mailbox,
    router: EngineRouter, languages: @escaping @Sendable (String) -> LanguageReply,
    spelling: String?, settings: @escaping () -> SettingsSession
  ) {
    self.workspace = workspace
    self.terminal = terminal
    self.theme = theme.adapted(to: terminal.depth)
    exportTheme = theme
    self.files = files
    self.mailbox = mailbox
    self.languages = languages
    speller = Speller(language: spelling, mailbox)
    self.router = router
    makeSettings = settings
    clipboard = SystemClipboard(mailbox)
    self.workspace.asksForClipboard = clipboard.isReachable
    driver = FillDriver(infiller: router, mailbox: mailbox)
    lister = FolderLister(mailbox)
  }

  /// Performs `effects`, then runs until the editor quits or the terminal hangs up. Returns the exit
  /// code and lines to print once the screen is restored.
  func run(performing effects: [WorkspaceEffect] = []) -> (code: Int32, farewell: String?) {
    for effect in effects { perform(effect) }
    attendToEngine()
    terminal.watched = files.watched
    meetNeighbours()
    handle(.resize(columns: terminal.columns, rows: terminal.rows))
    while exitCode == nil {
      drawIfDue()
      let wakeup = terminal.wait(milliseconds: timeout())
      waiting += wakeup.events
      if wakeup.isHungUp || !wakeup.signals.isEmpty { waitsUntil = nil }
      handleWaiting()
      for signal in wakeup.signals { handle(signal) }
      if wakeup.isHungUp { exitCode = exitCode ?? 129 }
      // Anything but the engine and timers may have damaged the screen, too.
      let isQuiet = wakeup.events.isEmpty && wakeup.signals.isEmpty
      if !isQuiet || !wakeup.isWoken && !timers.values.contains(where: { $0 <= .now }) {
        // A key is drawn before the engine's results are read.
        change = .input
        drawIfDue()
      }
      if wakeup.isWoken {
        receive(mailbox.take())
        handleWaiting()
      }
      let due = timers.filter { $0.value <= .now }.sorted { $0.value < $1.value }
      for timer in due {
        timers[timer.key] = nil
        handle(.woke(timer.key.timer), of: timer.key.document)
      }
      let hasStepped = releaseSteps()
      if wakeup.isWoken || !due.isEmpty || hasStepped { change = change ?? .background }
      if wakeup.isWatchReady { meetNeighbours() }
      files.look(now: .now) { [mailbox] in mailbox.post($0) }
      keepJournals()
    }
    driver.dropAll()
    for finder in finders.values { finder.cancel() }
    lister.cancel()
    let isAbandoned = (exitCode ?? 0) > 128
    return (exitCode ?? 0, files.closeAll(of: workspace, isAbandoned: isAbandoned))
  }

  private func meetNeighbours() {
    for (id, neighbours) in files.takeNeighbours() {
      handle(.neighbours(neighbours), of: id)
      change = change ?? .background
    }
  }

  private func keepJournals() {
    for id in workspace.documents {
      let changes = workspace.takeChanges(of: id)
      guard let document = workspace[id]?.document,
        let news = files.keepJournal(of: id, changes, document: document, now: .now)
      else { continue }
      handle(news, of: id)
      change = change ?? .background
    }
  }

  /// Waits for all that is still written in the background.
  func finish() async {
    await exporting?.value
    await clipboard.finish()
    await files.finish()
  }

  private func drawIfDue() {
    guard exitCode == nil, let cause = change, pacer.due(cause, now: .now) <= .now else { return }
    terminal.draw(Frame(workspace, theme: theme))
    pacer.drew(.now)
    change = nil
  }

  /// Milliseconds until the next timer, frame or journal write; nil without one.
  private func timeout() -> Int? {
    let frame = change.map { pacer.due($0, now: .now) }
    let pause = waiting.isEmpty ? nil : waitsUntil
    let due =
      (timers.values + steps.map(\.due)
      + [files.journalTime, files.lookTime, frame, pause].compactMap(\.self))
      .min()
    return due.map { max(0, Int(($0 - .now) / .milliseconds(1)) + 1) }
  }

  func handle(_ event: Event) {
    workspace.now = Int(Journal.now() / 1_000_000_000)
    for effect in workspace.update(event) { perform(effect) }
  }

  func handle(_ event: Event, of id: DocumentID) {
    workspace.now = Int(Journal.now() / 1_000_000_000)
    for effect in workspace.update(event, of: id) { perform(effect) }
  }

  private func handleWaiting() {
    while !waiting.isEmpty, waitsUntil.map({ $0 <= .now }) ?? true { handle(waiting.removeFirst()) }
  }

  private func handle(_ signal: Wakeup.Signal) {
    switch signal {
    case .terminate, .interrupt: exitCode = 143
    case .hangUp: exitCode = 129
    case .suspend: suspend()
    }
  }

  private func suspend() {
    let warning = files.prepareToStop()
    terminal.suspend { if let warning { Console.error(warning + "\n") } }
  }

  private func receive(_ deliveries: [Delivery]) {
    for delivery in deliveries {
      if delivery.isAnswer { change = .input }
      switch delivery {
      case .event(let event): handle(event)
      case .document(let id, let event):
        if case .clipboard = event, !files.isSaving { waitsUntil = nil }
        handle(event, of: id)
      case .saved(let id, let outcome):
        let answers = files.finish(outcome, of: id, after: workspace.takeChanges(of: id))
        if !files.isSaving { waitsUntil = nil }
        for answer in answers { handle(answer, of: id) }
      case .disk(let id, let change, let before):
        guard let document = workspace[id]?.document else { break }
        let event = files[id]?.take(
          change, since: before, after: workspace.takeChanges(of: id), format: document.format)
        if let event { handle(event, of: id) }
      case .step(let run, let reply, var due):
        // Steps of a run stay in order.
        if let before = steps.last(where: { $0.run == run }) { due = max(due, before.due) }
        steps.append((run, reply, due))
      case .session(let id, let session): if let event = driver.keep(id, session) { handle(event) }
      case .answer(let id, let reply):
        if driver.isAwaited(id) { handle(.inquiry(id, reply)) }
      }
    }
  }

  /// Hands steps that are due to the editor, the rest of them after a look for keys; whether there were
  /// any.
  private func releaseSteps() -> Bool {
    let enough = ContinuousClock.now + .milliseconds(2)
    var hasStepped = false
    while let index = steps.firstIndex(where: { $0.due <= .now }) {
      let step = steps.remove(at: index)
      handle(.run(step.run, step.reply))
      hasStepped = true
      if .now >= enough { break }
    }
    return hasStepped
  }

  private func perform(_ effect: WorkspaceEffect) {
    switch effect {
    case .document(let id, let effect): perform(effect, of: id)
    case .open(let id, let name): open(name, as: id)
    case .reopen(let id, let encoding): reopen(id, in: encoding)
    case .opened(let id): files.openUnnamed(as: id)
    case .closed(let id, let line, let column):
      files.close(id, line: line, column: column)
      finders.removeValue(forKey: id)?.cancel()
      timers = timers.filter { $0.key.document != id }
    case .quit(let code): exitCode = code
    }
  }

  private func open(_ name: String, as id: DocumentID) {
    let (outcome, events) = files.open(name, as: id) { [mailbox] in mailbox.post($0) }
    for effect in workspace.opened(id, outcome) { perform(effect) }
    for event in events { handle(event, of: id) }
    attendToEngine()
    meetNeighbours()
  }

  private func reopen(_ id: DocumentID, in encoding: TextEncoding) {
    do {
      guard let opened = try files.reopen(id, in: encoding) else { return }
      files[id]?.readThrough { [mailbox] in mailbox.post($0) }
      finders.removeValue(forKey: id)?.cancel()
      timers = timers.filter { $0.key.document != id }
      for effect in workspace.reopened(id, opened) { perform(effect) }
    } catch {
      workspace.show(.failure("\(error)"))
    }
  }

  private func finder(of id: DocumentID) -> Finder {
    if let finder = finders[id] { return finder }
    let finder = Finder(id, mailbox)
    finders[id] = finder
    return finder
  }

  private func perform(_ effect: Effect, of id: DocumentID) {
    switch effect {
    case .save(let request):
      let event = files.save(request, of: id, after: workspace.takeChanges(of: id)) {
        [mailbox] in mailbox.post($0)
      }
      if let event {
        handle(event, of: id)
      } else if request.document.text.count <= Self.largestWaitedFor {
        waitsUntil = .now + Self.longestWait
      }
    case .cancelSave: files[id]?.cancelSave()
    case .find(let request): finder(of: id).find(request)
    case .replace(let request): finder(of: id).replace(request)
    case .cancelFind: finders[id]?.cancel()
    case .settleDisk(let settlement):
      let changes = workspace.takeChanges(of: id)
      if let event = files[id]?.settle(settlement, after: changes) { handle(event, of: id) }
    case .settleRecovery(let name, let outcome): files[id]?.settle(name, outcome)
    case .listFiles: lister.list(for: id, recent: files.recent())
    case .cancelListing: lister.cancel()
    case .loadLanguage(let name):
      Task.detached(executorPreference: BackgroundThreads.shared) { [mailbox, languages] in
        mailbox.post(.document(id, .language(name, languages(name))))
      }
    case .checkSpelling(let words): speller.check(words, for: id)
    case .suggestSpelling(let word): speller.suggest(word, for: id)
    case .learnSpelling(let word): speller.learn(word, for: id)
    case .loadHistory: files[id]?.loadHistory { [mailbox] in mailbox.post($0) }
    case .keepHistory(let document): files[id]?.keepHistory(of: document)
    case .suspend: suspend()
    case .copy(let text):
      _ = terminal.copy(text)
      clipboard.copy(text)
    case .readClipboard(let source):
      clipboard.read(source, for: id)
      // What is typed next belongs after what is pasted.
      waitsUntil = .now + Self.longestWait
    case .lookAtFiles: files.lookSoon()
    case .tourClosed: FirstStart.remember(in: Directories.current().tour)
    case .outlineModel: driver.outline()
    case .prepareModel: driver.prepare()
    case .useEngine(let name): useEngine(name)
    case .beginRun(let id, let request):
      attendToEngine()
      driver.begin([RunStart(id, request)])
    case .beginCandidates(let starts):
      attendToEngine()
      driver.begin(starts)
    case .stepRun(let id, let delay): driver.step(id, delay: .milliseconds(delay))
    case .scoreTexts(let id, let texts, let request):
      attendToEngine()
      driver.score(id, texts, request)
    case .weighWords(let id, let request):
      attendToEngine()
      driver.weigh(id, request)
    case .readAhead(let request):
      if request != nil { attendToEngine() }
      driver.readAhead(request)
    case .glance(let pictures): driver.glance(pictures, for: id)
    case .cancelRun(let id, let dropping): dropping ? driver.drop(id) : driver.cancel(id)
    case .withdraw(let id): driver.withdraw(id)
    case .wake(let timer, let delay):
      timers[DocumentTimer(document: id, timer: timer)] = .now + .milliseconds(delay)
    case .export(let request): export(request, of: id)
    case .redraw: terminal.forgetScreen()
    case .listSettings: handle(.settings(.list(settings.choices())), of: id)
    case .listThemes:
      handle(.settings(.themes(settings.themes(), used: settings.theme)), of: id)
    case .changeSetting(let name, let text): change(name, to: text, of: id)
    case .writeSettings(let names): handle(.settings(settings.write(names)), of: id)
    case .previewTheme(let name): use(theme: name)
    }
  }

  func useEngine(_ name: String) {
    do throws(CommandFailure) {
      try router.use(name)
      attendToEngine()
      driver.prepare()
    } catch {
      workspace.show(.failure("\(error)"))
    }
  }

  /// Which engine may have the documents depends on their paths, which opening and saving may change.
  private func attendToEngine() {
    router.attend(to: workspace.documents.compactMap { workspace[$0]?.document.path })
    if router.status != workspace.shown.engine { handle(.engine(router.status)) }
  }

  /// Keys wait for the save of a document of at most so many bytes, and for no longer than this.
  private static let largestWaitedFor = 4 << 20
  private static let longestWait = Duration.milliseconds(300)

  /// Recordings are written one after another.
  private func export(_ request: ExportRequest, of id: DocumentID) {
    exporting = Task.detached(executorPreference: BackgroundThreads.shared) {
      [before = exporting, mailbox, exportTheme] in
      await before?.value
      let failure = ExportWriter.write(request, theme: exportTheme)
      mailbox.post(.document(id, .exported(path: request.path, failure: failure)))
    }
  }
}
