internal import Commands
internal import Documents
import Editing
internal import Platform
import Rendering
import Terminals

/// The main loop: waits for the terminal, the engine and the clock, hands their events to the
/// editor, performs its effects, draws once a batch. It decides nothing.
@MainActor
final class Runtime {
  private var editor: Editor
  private let terminal: Terminal
  private let theme: Theme
  /// The theme before it was adapted to the terminal.
  private let exportTheme: Theme
  private let files: DocumentFiles
  private let mailbox: Mailbox
  private let router: EngineRouter
  private let driver: FillDriver
  private let finder: Finder
  private var pacer = FramePacer()
  /// The cause of changes that are not drawn yet.
  private var change: FramePacer.Cause? = .input
  private var timers: [Timer: ContinuousClock.Instant] = [:]
  private var exitCode: Int32?
  /// What came while a document that is saved in a moment was being written: it waits for the end of
  /// that, so that a key which ends the editor finds the document saved.
  private var waiting: [Event] = []
  private var waitsUntil: ContinuousClock.Instant?
  private var exporting: Task<Void, Never>?
  /// Steps of the engine that are not due yet, in the order of their arrival.
  private var steps: [(run: RunID, reply: RunReply, due: ContinuousClock.Instant)] = []

  init(
    editor: Editor, terminal: Terminal, theme: Theme, files: DocumentFiles, mailbox: Mailbox,
    router: EngineRouter
  ) {
    self.editor = editor
    self.terminal = terminal
    self.theme = theme.adapted(to: terminal.depth)
    exportTheme = theme
    self.files = files
    self.mailbox = mailbox
    self.router = router
    driver = FillDriver(infiller: router, mailbox: mailbox)
    finder = Finder(mailbox)
  }

  /// Performs `effects` and hands `events` to the editor, then runs until it quits or the terminal
  /// hangs up. Returns the exit code and a line to print once the screen is restored.
  func run(performing effects: [Effect] = [], beginningWith events: [Event] = []) -> (
    code: Int32, farewell: String?
  ) {
    for effect in effects { perform(effect) }
    attendToEngine()
    terminal.watched = files.watched
    if let neighbours = files.takeNeighbours() { handle(.neighbours(neighbours)) }
    for event in events { handle(event) }
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
        handle(.woke(timer.key))
      }
      let hasStepped = releaseSteps()
      if wakeup.isWoken || !due.isEmpty || hasStepped { change = change ?? .background }
      if wakeup.isWatchReady, let neighbours = files.takeNeighbours() {
        handle(.neighbours(neighbours))
        change = change ?? .background
      }
      let news = files.keepJournal(
        of: editor.takeChanges(), document: editor.document, now: .now)
      if let news {
        handle(news)
        change = change ?? .background
      }
    }
    driver.dropAll()
    finder.cancel()
    let isAbandoned = (exitCode ?? 0) > 128
    return (exitCode ?? 0, files.close(editor.document, isAbandoned: isAbandoned))
  }

  /// Waits for all that is still written in the background.
  func finish() async {
    await exporting?.value
    await files.finish()
  }

  private func drawIfDue() {
    guard exitCode == nil, let cause = change, pacer.due(cause, now: .now) <= .now else { return }
    terminal.draw(Frame(editor, theme: theme))
    pacer.drew(.now)
    change = nil
  }

  /// Milliseconds until the next timer, frame or journal write; nil without one.
  private func timeout() -> Int? {
    let frame = change.map { pacer.due($0, now: .now) }
    let pause = waiting.isEmpty ? nil : waitsUntil
    let due =
      (timers.values + steps.map(\.due) + [files.journalTime, frame, pause].compactMap(\.self))
      .min()
    return due.map { max(0, Int(($0 - .now) / .milliseconds(1)) + 1) }
  }

  private func handle(_ event: Event) {
    for effect in editor.update(event) { perform(effect) }
  }

  private func handleWaiting() {
    while !waiting.isEmpty, waitsUntil.map({ $0 <= .now }) ?? true { handle(waiting.removeFirst()) }
  }

  private func handle(_ signal: Wakeup.Signal) {
    switch signal {
    case .terminate, .interrupt: handle(Event.terminate)
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
      case .saved(let outcome):
        waitsUntil = nil
        handle(files.finish(outcome, after: editor.takeChanges()))
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

  /// Hands the steps that are due to the editor; whether there were any.
  private func releaseSteps() -> Bool {
    let due = steps.filter { $0.due <= .now }
    guard !due.isEmpty else { return false }
    steps.removeAll { step in due.contains { $0.run == step.run && $0.due == step.due } }
    for step in due { handle(.run(step.run, step.reply)) }
    return true
  }

  private func perform(_ effect: Effect) {
    switch effect {
    case .save(let request):
      let event = files.save(request, after: editor.takeChanges()) { [mailbox] in mailbox.post($0) }
      if let event {
        handle(event)
      } else if request.document.text.count <= Self.largestWaitedFor {
        waitsUntil = .now + Self.longestWait
      }
    case .cancelSave: files.cancelSave()
    case .find(let request): finder.find(request)
    case .replace(let request): finder.replace(request)
    case .cancelFind: finder.cancel()
    case .settleRecovery(let id, let outcome): files.settle(id, outcome)
    case .quit(let code): exitCode = code
    case .suspend: suspend()
    case .copy(let text): _ = terminal.copy(text)
    case .prepareModel: driver.prepare()
    case .useEngine(let name): useEngine(name)
    case .beginRun(let id, let request):
      attendToEngine()
      driver.begin([RunStart(id, request)])
    case .beginCandidates(let starts):
      attendToEngine()
      driver.begin(starts)
    case .stepRun(let id, let delay): driver.step(id, delay: .milliseconds(delay))
    case .scoreTexts(let id, let texts, let request): driver.score(id, texts, request)
    case .weighWords(let id, let request): driver.weigh(id, request)
    case .readAhead(let request): driver.readAhead(request)
    case .cancelRun(let id, let dropping): dropping ? driver.drop(id) : driver.cancel(id)
    case .withdraw(let id): driver.withdraw(id)
    case .wake(let timer, let delay): timers[timer] = .now + .milliseconds(delay)
    case .export(let request): export(request)
    case .redraw: terminal.forgetScreen()
    }
  }

  private func useEngine(_ name: String) {
    do throws(CommandFailure) {
      try router.use(name)
      attendToEngine()
      driver.prepare()
    } catch {
      editor.show(.failure("\(error)"))
    }
  }

  /// Which engine may have the document depends on its path, which saving may change.
  private func attendToEngine() {
    router.attend(to: editor.document.path)
    if router.status != editor.engine { handle(.engine(router.status)) }
  }

  /// Keys wait for the save of a document of at most so many bytes, and for no longer than this.
  private static let largestWaitedFor = 4 << 20
  private static let longestWait = Duration.milliseconds(300)

  /// Recordings are written one after another.
  private func export(_ request: ExportRequest) {
    exporting = Task.detached(executorPreference: BackgroundThreads.shared) {
      [before = exporting, mailbox, exportTheme] in
      await before?.value
      let failure = ExportWriter.write(request, theme: exportTheme)
      mailbox.post(.event(.exported(path: request.path, failure: failure)))
    }
  }
}
