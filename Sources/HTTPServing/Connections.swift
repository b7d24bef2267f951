internal import NIOCore
internal import Synchronization

/// The open connections.
final class Connections: Sendable {
  private struct State {
    var open: [ObjectIdentifier: ConnectionTimer] = [:]
    var isDraining = false
  }

  private let limit: Int
  private let state = Mutex(State())

  init(limit: Int) { self.limit = limit }

  var count: Int { state.withLock { $0.open.count } }

  /// Takes in a connection; nil where there are as many as may be, or none are wanted any more.
  func open(_ channel: any Channel) -> ConnectionTimer? {
    state.withLock { state in
      guard state.open.count < limit, !state.isDraining else { return nil }
      let timer = ConnectionTimer(channel)
      state.open[ObjectIdentifier(timer)] = timer
      return timer
    }
  }

  func close(_ timer: ConnectionTimer) {
    timer.end()
    state.withLock { $0.open[ObjectIdentifier(timer)] = nil }
  }

  /// Closes those that wait for a request; the others close after their answer.
  func drain() {
    let open = state.withLock { state in
      state.isDraining = true
      return Array(state.open.values)
    }
    for timer in open { timer.drain() }
  }
}

/// Closes a connection on which something takes too long: the next request, its arrival, its answer.
final class ConnectionTimer: Sendable {
  private struct State {
    var scheduled: Scheduled<Void>?
    /// Requests that have arrived, or begun to, and are not answered.
    var pending = 0
    var isDraining = false
  }

  private let channel: any Channel
  private let state = Mutex(State())

  init(_ channel: any Channel) { self.channel = channel }

  /// Whether the connection ends with the answer under way.
  var isDraining: Bool { state.withLock { $0.isDraining } }

  /// Waits for the first request.
  func begin(idle: Int) { state.withLock { schedule(idle, &$0) } }

  /// A request has begun to arrive.
  func arriving(within seconds: Int) {
    state.withLock {
      $0.pending += 1
      schedule(seconds, &$0)
    }
  }

  /// It is there; its answer takes at most so many seconds.
  func arrived(answer seconds: Int) { state.withLock { schedule(seconds, &$0) } }

  /// An answer was sent.
  func answered(idle: Int) {
    let closes = state.withLock { state in
      state.pending -= 1
      if state.pending == 0 { schedule(idle, &state) }
      return state.pending == 0 && state.isDraining
    }
    if closes { channel.close(promise: nil) }
  }

  func drain() {
    let closes = state.withLock { state in
      state.isDraining = true
      return state.pending == 0
    }
    if closes { channel.close(promise: nil) }
  }

  func end() {
    state.withLock {
      $0.scheduled?.cancel()
      $0.scheduled = nil
    }
  }

  private func schedule(_ seconds: Int, _ state: inout State) {
    state.scheduled?.cancel()
    state.scheduled = channel.eventLoop.scheduleTask(in: .seconds(Int64(seconds))) { [channel] in
      channel.close(promise: nil)
    }
  }
}
