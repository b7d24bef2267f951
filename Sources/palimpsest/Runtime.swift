internal import Documents
import Editing
import Rendering
import Terminals

/// The main loop: waits for the terminal, the engine and the clock, hands their events over, draws once
/// a batch. It decides nothing.
@MainActor
final class Runtime {
  private let performer: EffectPerformer
  private let terminal: Terminal
  private let files: OpenFiles
  private let mailbox: Mailbox
  private var steps = StepQueue()
  private var pacer = FramePacer()
  /// The cause of changes that are not drawn yet.
  private var change: FramePacer.Cause? = .input

  init(_ performer: EffectPerformer) {
    self.performer = performer
    terminal = performer.terminal
    files = performer.files
    mailbox = performer.mailbox
  }

  /// Performs `effects`, then runs until the editor quits or the terminal hangs up. Returns the exit
  /// code and lines to print once the screen is restored.
  func run(performing effects: [WorkspaceEffect] = []) -> (code: Int32, farewell: String?) {
    for effect in effects { performer.perform(effect) }
    performer.attendToEngine()
    terminal.watched = files.watched
    performer.meetNeighbours()
    performer.handle(.resize(columns: terminal.columns, rows: terminal.rows))
    while performer.exitCode == nil {
      drawIfDue()
      let wakeup = terminal.wait(milliseconds: timeout())
      handleInput(wakeup)
      if wakeup.isWoken {
        receive(mailbox.take())
        performer.handleWaiting()
      }
      let hasEnded = endTimers()
      let hasStepped = steps.release(now: .now) { performer.handle(.run($0, $1)) }
      if wakeup.isWoken || hasEnded || hasStepped { noteChange() }
      if wakeup.isWatchReady, performer.meetNeighbours() { noteChange() }
      files.look(now: .now) { [mailbox] in mailbox.post($0) }
      if performer.keepJournals() { noteChange() }
    }
    let farewell = performer.close()
    return (performer.exitCode ?? 0, farewell)
  }

  /// Waits for all that is still written in the background.
  func finish() async { await performer.finish() }

  // MARK: The screen

  private func drawIfDue() {
    guard performer.exitCode == nil, let cause = change, pacer.due(cause, now: .now) <= .now
    else { return }
    terminal.draw(Frame(performer.workspace, theme: performer.theme))
    pacer.drew(.now)
    change = nil
  }

  /// Something in the background has changed what is shown.
  private func noteChange() { change = change ?? .background }

  /// Milliseconds until the next timer, step, frame or journal write; nil without one.
  private func timeout() -> Int? {
    let frame = change.map { pacer.due($0, now: .now) }
    let due = [
      performer.timers.due, steps.due, files.journalTime, files.lookTime, frame,
      performer.events.due,
    ].compactMap(\.self).min()
    return due.map { max(0, Int(($0 - .now) / .milliseconds(1)) + 1) }
  }

  // MARK: What the loop waited for

  /// Handles what came from the terminal and draws it before the engine's results are read.
  private func handleInput(_ wakeup: Wakeup) {
    performer.events.append(wakeup.events)
    if wakeup.isHungUp || !wakeup.signals.isEmpty { performer.events.release() }
    performer.handleWaiting()
    for signal in wakeup.signals { handle(signal) }
    if wakeup.isHungUp { performer.exitCode = performer.exitCode ?? 129 }
    // Anything but the engine and timers may have damaged the screen, too.
    let isQuiet = wakeup.events.isEmpty && wakeup.signals.isEmpty
    let hasEnded = performer.timers.due.map { $0 <= .now } ?? false
    if !isQuiet || !wakeup.isWoken && !hasEnded {
      change = .input
      drawIfDue()
    }
  }

  private func handle(_ signal: Wakeup.Signal) {
    switch signal {
    case .terminate, .interrupt: performer.exitCode = 143
    case .hangUp: performer.exitCode = 129
    case .suspend: performer.suspend()
    }
  }

  /// Reports the timers that have ended, the earliest first. Returns whether there were any.
  private func endTimers() -> Bool {
    let now = ContinuousClock.now
    var hasEnded = false
    while let ended = performer.timers.takeNext(now: now) {
      performer.handle(.woke(ended.timer), of: ended.document)
      hasEnded = true
    }
    return hasEnded
  }

  private func receive(_ deliveries: [Delivery]) {
    for delivery in deliveries {
      if delivery.isAnswer { change = .input }
      receive(delivery)
    }
  }

  private func receive(_ delivery: Delivery) {
    switch delivery {
    case .event(let event): performer.handle(event)
    case .document(let id, let event):
      if case .clipboard = event, !files.isSaving { performer.events.release() }
      performer.handle(event, of: id)
    case .saved(let id, let outcome):
      let answers = files.finish(outcome, of: id, after: performer.workspace.takeChanges(of: id))
      if !files.isSaving { performer.events.release() }
      for answer in answers { performer.handle(answer, of: id) }
    case .disk(let id, let change, let before):
      guard let document = performer.workspace[id]?.document else { break }
      let event = files[id]?.take(
        change, since: before, after: performer.workspace.takeChanges(of: id),
        format: document.format)
      if let event { performer.handle(event, of: id) }
    case .step(let run, let reply, let due): steps.append(reply, of: run, due: due)
    case .session(let id, let session):
      if let event = performer.driver.keep(id, session) { performer.handle(event) }
    case .answer(let id, let reply):
      if performer.driver.isAwaited(id) { performer.handle(.inquiry(id, reply)) }
    }
  }
}
