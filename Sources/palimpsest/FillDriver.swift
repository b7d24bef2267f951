import Editing
import Infilling

/// Performs the editor's engine effects: one session a fill, at most one task a fill under way.
@MainActor
final class FillDriver {
  private let infiller: any Infiller
  private let mailbox: Mailbox
  private var sessions: [Fill.ID: any InfillSession] = [:]
  private var tasks: [Fill.ID: Task<Void, Never>] = [:]

  init(infiller: any Infiller, mailbox: Mailbox) {
    self.infiller = infiller
    self.mailbox = mailbox
  }

  /// Loads the model if need be, then opens a session. The answers are `Event.model` and
  /// `Event.fillBegan`, or `Event.fillFailed`.
  func begin(_ id: Fill.ID, _ request: InfillRequest) {
    drop(id)
    let (infiller, mailbox) = (infiller, mailbox)
    tasks[id] = Task.detached {
      do {
        mailbox.post(.event(.model(.ready(try await infiller.prepare()))))
      } catch is CancellationError {
        return
      } catch {
        mailbox.post(.event(.model(.failed("\(error)"))))
        mailbox.post(.event(.fillFailed(id, message: "\(error)")))
        return
      }
      do {
        mailbox.post(.session(id, try await infiller.begin(request)))
      } catch is CancellationError {
      } catch {
        mailbox.post(.event(.fillFailed(id, message: "\(error)")))
      }
    }
  }

  /// Keeps the session that `begin` opened; nil when its fill was dropped in the meantime.
  func keep(_ id: Fill.ID, _ session: any InfillSession) -> Event? {
    guard tasks[id] != nil else { return nil }
    tasks[id] = nil
    sessions[id] = session
    return .fillBegan(id, canvas: session.canvas)
  }

  /// Computes the next step now and delivers it no sooner than `delay` from now, so that a fast
  /// engine leaves the eye time to follow.
  func step(_ id: Fill.ID, delay: Duration) {
    guard let session = sessions[id] else { return }
    let mailbox = mailbox
    tasks[id]?.cancel()
    tasks[id] = Task.detached {
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
  }

  /// Stops the work on a fill between two layers; the session stays for a later step.
  func cancel(_ id: Fill.ID) {
    tasks[id]?.cancel()
    tasks[id] = nil
  }

  /// Stops the work on a fill and forgets its session.
  func drop(_ id: Fill.ID) {
    cancel(id)
    sessions[id] = nil
  }

  func dropAll() {
    for id in Set(tasks.keys).union(sessions.keys) { drop(id) }
  }
}
