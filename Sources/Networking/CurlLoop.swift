internal import CCurl
internal import Glibc
internal import RemoteEngines
internal import Synchronization

/// The thread that moves all transfers. It sleeps while there is nothing to do, keeps connections
/// open for the next request to the same service, and ends with the process.
///
/// Unchecked: `loop` never changes; the other threads use it to wake this one alone, which the
/// library allows.
@safe final class CurlLoop: @unchecked Sendable {
  enum Command {
    case begin(CurlTransfer, CheckedContinuation<HTTPResponse, any Error>)
    case cancel(CurlTransfer)
  }

  /// The loop, started by its first use. Fails where the library is missing.
  static let shared: Result<CurlLoop, HTTPFailure> = {
    if let reason = unsafe cc_load() {
      return unsafe .failure(.unavailable(String(cString: reason)))
    }
    guard let loop = CurlLoop() else {
      return .failure(.unavailable("No thread or memory is left for HTTP."))
    }
    return .success(loop)
  }()

  private let loop: OpaquePointer
  private let inbox = Mutex<[Command]>([])

  private init?() {
    guard let loop = unsafe cc_loop_new() else { return nil }
    unsafe self.loop = loop
    let context = unsafe Unmanaged.passRetained(self).toOpaque()
    var thread = pthread_t()
    let failure = unsafe pthread_create(
      &thread, nil,
      { context in
        unsafe Unmanaged<CurlLoop>.fromOpaque(context!).takeRetainedValue().run()
      }, context)
    guard failure == 0 else { return nil }
    pthread_detach(thread)
  }

  func post(_ command: Command) {
    inbox.withLock { $0.append(command) }
    unsafe cc_loop_wake(loop)
  }

  private func run() -> Never {
    var transfers: [ObjectIdentifier: CurlTransfer] = [:]
    while true {
      let commands = inbox.withLock { list in
        defer { list = [] }
        return list
      }
      for command in commands { perform(command, &transfers) }
      unsafe cc_loop_perform(loop)
      removeEnded(&transfers)
      let now = ContinuousClock.now
      for transfer in transfers.values where transfer.deadline.instant <= now {
        end(transfer, HTTPFailure.timedOut(transfer.deadline.phase), &transfers)
      }
      let next = transfers.values.map(\.deadline.instant).min()
      let wait = next.map { max(0, min(60_000, Int(($0 - .now) / .milliseconds(1)) + 1)) }
      unsafe cc_loop_wait(loop, Int32(wait ?? 3_600_000))
    }
  }

  private func perform(_ command: Command, _ transfers: inout [ObjectIdentifier: CurlTransfer]) {
    switch command {
    case .begin(let transfer, let answer):
      transfer.begin(answer) { [weak self, weak transfer] in
        if let transfer { self?.post(.cancel(transfer)) }
      }
      guard !transfer.isOver else { return }
      transfers[ObjectIdentifier(transfer)] = transfer
      if !add(transfer) {
        end(transfer, HTTPFailure.unreachable("the address cannot be used"), &transfers)
      }
    case .cancel(let transfer): end(transfer, CancellationError(), &transfers)
    }
  }

  private func end(
    _ transfer: CurlTransfer, _ error: (any Error)?,
    _ transfers: inout [ObjectIdentifier: CurlTransfer]
  ) {
    transfer.end(error)
    if let handle = unsafe transfer.handle { unsafe cc_loop_remove(loop, handle) }
    unsafe transfer.handle = nil
    transfers[ObjectIdentifier(transfer)] = nil
  }

  private func removeEnded(_ transfers: inout [ObjectIdentifier: CurlTransfer]) {
    var end = unsafe cc_end()
    while let context = unsafe cc_loop_ended(loop, &end) {
      let transfer = unsafe Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
      let words = unsafe end.reason.map { unsafe String(cString: $0) } ?? "unknown"
      self.end(
        transfer, unsafe Self.failure(end.outcome, words, proxyStatus: end.proxy_status),
        &transfers)
    }
  }

  private static func failure(
    _ outcome: cc_outcome, _ words: String, proxyStatus: Int
  ) -> HTTPFailure? {
    switch outcome {
    case cc_ok: nil
    case cc_unreachable: .unreachable(words)
    case cc_proxy_unreachable: .proxyUnreachable(words)
    case cc_proxy_refused: .proxyRefused(status: proxyStatus)
    case cc_insecure: .insecure(words)
    case cc_bad_authorities: .badAuthorities(words)
    case cc_slow_connection: .timedOut(.connect)
    default: .brokenOff(words)
    }
  }

  private func add(_ transfer: CurlTransfer) -> Bool {
    let request = transfer.request
    let lines = unsafe transfer.lines.map { unsafe UnsafePointer<CChar>(strdup($0)) } + [nil]
    let authorities = unsafe request.authorities.map { unsafe strdup($0) } ?? nil
    defer {
      for index in unsafe lines.indices {
        unsafe free(UnsafeMutablePointer(mutating: lines[index]))
      }
      unsafe free(authorities)
    }
    let handle = unsafe request.address.withCString { address in
      unsafe lines.withUnsafeBufferPointer { lines in
        unsafe request.body.withUnsafeBufferPointer { body in
          var form = unsafe cc_request()
          unsafe form.address = address
          unsafe form.fields = lines.baseAddress
          if request.method == .post { unsafe form.body = body.baseAddress }
          unsafe form.body_count = body.count
          unsafe form.connect_milliseconds = request.deadlines.connect
          unsafe form.authorities = UnsafePointer(authorities)
          unsafe form.direct = request.isDirect
          unsafe form.context = Unmanaged.passUnretained(transfer).toOpaque()
          unsafe form.head = { context, bytes, count in
            let transfer = unsafe Unmanaged<CurlTransfer>.fromOpaque(context!)
            return unsafe transfer.takeUnretainedValue().take(
              headLine: UnsafeBufferPointer(start: bytes, count: count))
          }
          unsafe form.body_part = { context, bytes, count in
            let transfer = unsafe Unmanaged<CurlTransfer>.fromOpaque(context!)
            return unsafe transfer.takeUnretainedValue().take(
              bodyPart: UnsafeBufferPointer(start: bytes, count: count))
          }
          return unsafe cc_loop_add(loop, &form)
        }
      }
    }
    unsafe transfer.handle = handle
    return unsafe handle != nil
  }
}
