import Editing
import Infilling

/// Performs the editor's engine effects: one session a run, at most one task a run under way. Tries
/// that begin together share a task until they have begun.
@MainActor
final class FillDriver {
  private let infiller: any Infiller
  private let mailbox: Mailbox
  private var sessions: [Fill.ID: any InfillSession] = [:]
  private var tasks: [Fill.ID: Task<Void, Never>] = [:]
  /// The task that computes, or computed, the last step of a session, cancelled or not.
  private var steps: [Fill.ID: Task<Void, Never>] = [:]
  private var reading: Task<Void, Never>?

  init(infiller: any Infiller, mailbox: Mailbox) {
    self.infiller = infiller
    self.mailbox = mailbox
  }

  /// Loads the model; the answer is `Event.model`.
  func prepare() {
    let (infiller, mailbox) = (infiller, mailbox)
    Task.detached { _ = await Self.prepare(infiller, mailbox) }
  }

  /// Loads the model if need be, then opens a session a run. The answers are `Event.model` and for
  /// each run `Event.fillBegan`, or `Event.fillFailed`.
  func begin(_ starts: [FillStart]) {
    for start in starts { drop(start.run) }
    let (infiller, mailbox) = (infiller, mailbox)
    let task = Task.detached {
      do {
        guard try await Self.isPrepared(infiller, mailbox, for: starts.map(\.run)) else { return }
        let sessions =
          starts.count == 1
          ? [try await infiller.begin(starts[0].request)]
          : try await infiller.begin(candidates: starts.map(\.request))
        for (start, session) in zip(starts, sessions) {
          mailbox.post(.session(start.run, session))
        }
      } catch is CancellationError {
      } catch {
        for start in starts {
          mailbox.post(.event(.fillFailed(start.run, message: "\(error)")))
        }
      }
    }
    for start in starts { tasks[start.run] = task }
  }

  /// Keeps the session that `begin` opened; nil when its run was dropped in the meantime.
  func keep(_ id: Fill.ID, _ session: any InfillSession) -> Event? {
    guard tasks[id] != nil else { return nil }
    tasks[id] = nil
    sessions[id] = session
    return .fillBegan(id, canvas: session.canvas, notice: session.notice)
  }

  /// Computes the next step now and delivers it no sooner than `delay` from now, so that a fast
  /// engine leaves the eye time to follow.
  func step(_ id: Fill.ID, delay: Duration) {
    guard let session = sessions[id] else { return }
    let mailbox = mailbox
    cancel(id)
    let before = steps[id]
    let task = Task.detached {
      // A step that was computed before its wait was cancelled comes first, even if this one is
      // faster.
      await before?.value
      let due = ContinuousClock.now + delay
      do {
        let step = try await session.next()
        // A step that was computed is delivered even if its wait is cancelled: the session has
        // moved on, and the record must hold every step.
        if ContinuousClock.now < due { try? await Task.sleep(until: due, clock: .continuous) }
        mailbox.post(.event(step.map { .fillStep(id, $0) } ?? .fillEnded(id)))
      } catch is CancellationError {
      } catch {
        mailbox.post(.event(.fillFailed(id, message: "\(error)")))
      }
    }
    tasks[id] = task
    steps[id] = task
  }

  /// Has texts scored in place of a passage.
  func score(_ id: Fill.ID, _ texts: [String], _ request: InfillRequest) {
    ask(id) { .scored(id, try await $0.scores(of: texts, for: request)) }
  }

  /// Has words weighed.
  func weigh(_ id: Fill.ID, _ request: DoubtRequest) {
    ask(id) { .doubted(id, try await $0.doubts(about: request)) }
  }

  /// Prefills the text around a passage, in place of any other. Errors of the request are reported
  /// when its passage begins.
  func readAhead(_ request: InfillRequest?) {
    reading?.cancel()
    let infiller = infiller
    reading = request.map { request in Task.detached { try? await infiller.readAhead(request) } }
  }

  private func ask(
    _ id: Fill.ID, _ question: @escaping @Sendable (any Infiller) async throws -> Event
  ) {
    cancel(id)
    let (infiller, mailbox) = (infiller, mailbox)
    tasks[id] = Task.detached {
      do {
        guard try await Self.isPrepared(infiller, mailbox, for: [id]) else { return }
        mailbox.post(.answer(id, try await question(infiller)))
      } catch is CancellationError {
      } catch {
        mailbox.post(.answer(id, .fillFailed(id, message: "\(error)")))
      }
    }
  }

  /// Whether an answer was not withdrawn; it is the last word on its question.
  func isAwaited(_ id: Fill.ID) -> Bool { tasks.removeValue(forKey: id) != nil }

  /// Stops the work on a run between two layers; the session stays for a later step.
  func cancel(_ id: Fill.ID) {
    guard let task = tasks.removeValue(forKey: id) else { return }
    if !tasks.values.contains(task) { task.cancel() }
  }

  /// Stops the work on a run and forgets its session.
  func drop(_ id: Fill.ID) {
    cancel(id)
    sessions[id] = nil
    steps[id] = nil
  }

  func dropAll() {
    readAhead(nil)
    for id in Set(tasks.keys).union(sessions.keys) { drop(id) }
  }

  /// False when the model cannot be loaded; the runs then fail with the reason.
  private nonisolated static func isPrepared(
    _ infiller: any Infiller, _ mailbox: Mailbox, for runs: [Fill.ID]
  ) async throws -> Bool {
    guard let failure = await prepare(infiller, mailbox) else {
      try Task.checkCancellation()
      return true
    }
    for run in runs { mailbox.post(.event(.fillFailed(run, message: failure))) }
    return false
  }

  /// Why the model was not loaded; nil when it is loaded or the task was cancelled.
  private nonisolated static func prepare(
    _ infiller: any Infiller, _ mailbox: Mailbox
  ) async -> String? {
    do {
      mailbox.post(.event(.model(.ready(try await infiller.prepare()))))
      return nil
    } catch is CancellationError {
      return nil
    } catch {
      mailbox.post(.event(.model(.failed("\(error)"))))
      return "\(error)"
    }
  }
}
