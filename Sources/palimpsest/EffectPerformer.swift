internal import Commands
internal import Documents
import Editing
internal import Platform
import Rendering
internal import Storage
import Terminals

/// Hands events to the workspace and performs its effects. It decides nothing.
@MainActor
final class EffectPerformer {
  var workspace: Workspace
  let terminal: Terminal
  var theme: Theme
  /// The theme before it was adapted to the terminal.
  var exportTheme: Theme
  let files: OpenFiles
  let mailbox: Mailbox
  /// Events that wait for the end of an effect.
  var events = EventQueue()
  var timers = Timers()
  var exitCode: Int32?
  let driver: FillDriver
  var speller: Speller
  /// Read when settings are listed for the first time.
  lazy var settings = makeSettings()
  private let makeSettings: () -> SettingsSession
  private let router: EngineRouter
  private let languages: @Sendable (String) -> LanguageReply
  private let clipboard: SystemClipboard
  private let finder: Finder
  private let lister: FolderLister
  private let exports: ExportQueue

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
    finder = Finder(mailbox)
    lister = FolderLister(mailbox)
    exports = ExportQueue(mailbox)
  }

  func handle(_ event: Event) {
    workspace.now = Int(Journal.now() / 1_000_000_000)
    for effect in workspace.update(event) { perform(effect) }
  }

  func handle(_ event: Event, of id: DocumentID) {
    workspace.now = Int(Journal.now() / 1_000_000_000)
    for effect in workspace.update(event, of: id) { perform(effect) }
  }

  /// Handles the events that are not held back.
  func handleWaiting() {
    while let event = events.takeNext(now: .now) { handle(event) }
  }

  /// Reports who else has the files open. Returns whether that has changed.
  @discardableResult
  func meetNeighbours() -> Bool {
    let changes = files.takeNeighbours()
    for (id, neighbours) in changes { handle(.neighbours(neighbours), of: id) }
    return !changes.isEmpty
  }

  /// Writes the changes of documents into their journals. Returns whether there is news of that.
  func keepJournals() -> Bool {
    var hasNews = false
    for id in workspace.documents {
      let changes = workspace.takeChanges(of: id)
      guard let document = workspace[id]?.document,
        let news = files.keepJournal(of: id, changes, document: document, now: .now)
      else { continue }
      handle(news, of: id)
      hasNews = true
    }
    return hasNews
  }

  func suspend() {
    let warning = files.prepareToStop()
    terminal.suspend { if let warning { Console.error(warning + "\n") } }
  }

  /// Drops all work in the background but that of files, and closes the files. Returns lines to print.
  func close() -> String? {
    driver.dropAll()
    finder.cancelAll()
    lister.cancel()
    return files.closeAll(of: workspace, isAbandoned: (exitCode ?? 0) > 128)
  }

  /// Waits for all that is still written in the background.
  func finish() async {
    await exports.finish()
    await clipboard.finish()
    await files.finish()
  }

  func perform(_ effect: WorkspaceEffect) {
    switch effect {
    case .document(let id, let effect): perform(effect, of: id)
    case .open(let id, let name): open(name, as: id)
    case .reopen(let id, let encoding): reopen(id, in: encoding)
    case .opened(let id): files.openUnnamed(as: id)
    case .closed(let id, let line, let column):
      files.close(id, line: line, column: column)
      finder.cancel(for: id)
      timers.removeAll(of: id)
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
      finder.cancel(for: id)
      timers.removeAll(of: id)
      for effect in workspace.reopened(id, opened) { perform(effect) }
    } catch {
      workspace.show(.failure("\(error)"))
    }
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
        events.hold(until: .now + Self.longestWait)
      }
    case .cancelSave: files[id]?.cancelSave()
    case .find(let request): finder.find(request, for: id)
    case .replace(let request): finder.replace(request, for: id)
    case .cancelFind: finder.cancel(for: id)
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
      events.hold(until: .now + Self.longestWait)
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
      timers.set(timer, of: id, to: .now + .milliseconds(delay))
    case .export(let request): exports.export(request, for: id, theme: exportTheme)
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
  func attendToEngine() {
    router.attend(to: workspace.documents.compactMap { workspace[$0]?.document.path })
    if router.status != workspace.shown.engine { handle(.engine(router.status)) }
  }

  /// Keys wait for the save of a document of at most so many bytes, and for no longer than this.
  private static let largestWaitedFor = 4 << 20
  private static let longestWait = Duration.milliseconds(300)
}
