import Editing
import Infilling
internal import Platform

/// Performs the editor's engine effects: one session per run, at most one active task per run.
/// Candidates that begin together share a task until they have begun.
@MainActor
final class FillDriver {
  private let infiller: any Infiller
  private let mailbox: Mailbox
  private var sessions: [RunID: any InfillSession] = [:]
  private var tasks: [RunID: Task<Void, Never>] = [:]
  private var inquiries: [InquiryID: Task<Void, Never>] = [:]
  /// The task that computes, or computed, the last step of a session, cancelled or not.
  private var steps: [RunID: Task<Void, Never>] = [:]
  private var reading: Task<Void, Never>?

  init(infiller: any Infiller, mailbox: Mailbox) {
    self.infiller = infiller
    self.mailbox = mailbox
  }

  /// Loads the model; the answer is `Event.model`.
  func prepare() {
    let (infiller, mailbox) = (infiller, mailbox)
    Task.detached(executorPreference: BackgroundThreads.shared) {
      _ = await Self.prepare(infiller, mailbox)
    }
  }

  /// Finds out what the model can do without loading it; the answer is `Event.outlined`. A model that
  /// cannot be read is reported when it is loaded.
  func outline() {
    let (infiller, mailbox) = (infiller, mailbox)
    Task.detached(executorPreference: BackgroundThreads.shared) {
      mailbox.post(.event(.outlined((try? await infiller.outline()) ?? ModelOutline())))
    }
  }

  /// Reports what the pictures cost, loads the model if needed, then opens one session per run. The
  /// answers are `Event.glanced`, `Event.model` and for each run `RunReply.began` or `failed`.
  func begin(_ starts: [RunStart]) {
    for start in starts { drop(start.run) }
    let (infiller, mailbox) = (infiller, mailbox)
    let task = Task.detached(executorPreference: BackgroundThreads.shared) {
      if let first = starts.first {
        await Self.glance(first.request.pictures, for: first.run.document, infiller, mailbox)
      }
      do {
        if let failure = try await Self.prepared(infiller, mailbox) {
          for start in starts { mailbox.post(.event(.run(start.run, .failed(failure)))) }
          return
        }
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
          mailbox.post(.event(.run(start.run, .failed("\(error)"))))
        }
      }
    }
    for start in starts { tasks[start.run] = task }
  }

  /// Keeps the session that `begin` opened; nil when its run was dropped in the meantime.
  func keep(_ id: RunID, _ session: any InfillSession) -> Event? {
    guard tasks[id] != nil else { return nil }
    tasks[id] = nil
    sessions[id] = session
    return .run(
      id,
      .began(
        canvas: session.canvas, notice: session.notice, unread: session.unreadPictures))
  }

  /// Computes the next step now and delivers it no sooner than `delay` from now, so that a fast
  /// engine leaves the eye time to follow.
  func step(_ id: RunID, delay: Duration) {
    guard let session = sessions[id] else { return }
    let mailbox = mailbox
    let due = ContinuousClock.now + delay
    cancel(id)
    let before = steps[id]
    let task = Task.detached(executorPreference: BackgroundThreads.shared) {
      // A step that is still being computed comes first, even if this one is faster.
      await before?.value
      do {
        let step = try await session.next()
        // A step that was computed is delivered even if it was cancelled: the session has moved on,
        // and the record must hold every step.
        mailbox.post(.step(id, step.map(RunReply.step) ?? .ended, due: due))
      } catch is CancellationError {
      } catch {
        mailbox.post(.event(.run(id, .failed("\(error)"))))
      }
    }
    tasks[id] = task
    steps[id] = task
  }

  /// Asks the engine to score texts in place of a passage; the answer is a `Delivery.answer`.
  func score(_ id: InquiryID, _ texts: [String], _ request: InfillRequest) {
    ask(id) { .scores(try await $0.scores(of: texts, for: request)) }
  }

  /// Asks the engine to score words; the answer is a `Delivery.answer`.
  func weigh(_ id: InquiryID, _ request: DoubtRequest) {
    ask(id) { .doubts(try await $0.doubts(about: request)) }
  }

  /// Prefills the text around a passage, in place of any other. Errors of the request are reported
  /// when its passage begins.
  func readAhead(_ request: InfillRequest?) {
    reading?.cancel()
    let infiller = infiller
    reading = request.map { request in
      Task.detached(executorPreference: BackgroundThreads.shared) {
        try? await infiller.readAhead(request)
      }
    }
  }

  /// Reads the headers of pictures for a document. Unreadable pictures are reported when a passage
  /// begins.
  func glance(_ pictures: PictureContext, for document: DocumentID) {
    let (infiller, mailbox) = (infiller, mailbox)
    Task.detached(executorPreference: BackgroundThreads.shared) {
      await Self.glance(pictures, for: document, infiller, mailbox)
    }
  }

  private nonisolated static func glance(
    _ pictures: PictureContext, for document: DocumentID, _ infiller: any Infiller,
    _ mailbox: Mailbox
  ) async {
    guard !pictures.paths.isEmpty, let glances = try? await infiller.glance(at: pictures) else {
      return
    }
    mailbox.post(.document(document, .glanced(glances.seen)))
  }

  private func ask(
    _ id: InquiryID, _ question: @escaping @Sendable (any Infiller) async throws -> InquiryReply
  ) {
    withdraw(id)
    let (infiller, mailbox) = (infiller, mailbox)
    inquiries[id] = Task.detached(executorPreference: BackgroundThreads.shared) {
      do {
        if let failure = try await Self.prepared(infiller, mailbox) {
          mailbox.post(.answer(id, .failed(failure)))
        } else {
          mailbox.post(.answer(id, try await question(infiller)))
        }
      } catch is CancellationError {
      } catch {
        mailbox.post(.answer(id, .failed("\(error)")))
      }
    }
  }

  /// Whether a question is still open. The call closes it.
  func isAwaited(_ id: InquiryID) -> Bool { inquiries.removeValue(forKey: id) != nil }

  /// Cancels a question. No answer follows.
  func withdraw(_ id: InquiryID) { inquiries.removeValue(forKey: id)?.cancel() }

  /// Stops the work on a run between two layers; the session stays for a later step.
  func cancel(_ id: RunID) {
    guard let task = tasks.removeValue(forKey: id) else { return }
    if !tasks.values.contains(task) { task.cancel() }
  }

  /// Stops the work on a run and forgets its session.
  func drop(_ id: RunID) {
    cancel(id)
    sessions[id] = nil
    steps[id] = nil
  }

  func dropAll() {
    readAhead(nil)
    for id in Set(tasks.keys).union(sessions.keys) { drop(id) }
    for id in inquiries.keys { withdraw(id) }
  }

  /// Loads the model. Returns the reason if that fails, nil if the model is loaded. Throws if the task is
  /// cancelled.
  private nonisolated static func prepared(
    _ infiller: any Infiller, _ mailbox: Mailbox
  ) async throws(CancellationError) -> String? {
    if let failure = await prepare(infiller, mailbox) { return failure }
    if Task.isCancelled { throw CancellationError() }
    return nil
  }

  /// Loads the model. Returns the reason if that fails, nil if it is loaded or the task was cancelled.
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
