internal import CCurl
internal import RemoteEngines

/// One request under way.
///
/// Unchecked: everything that changes is touched by the thread of the loop alone.
@safe final class CurlTransfer: @unchecked Sendable {
  let request: HTTPRequest
  /// The library's part; nil before the beginning and after the end.
  var handle: OpaquePointer?
  private(set) var isOver = false
  private var answer: CheckedContinuation<HTTPResponse, any Error>?
  private var body: AsyncThrowingStream<[UInt8], any Error>.Continuation?
  private var status = 0
  private var fields: [HTTPField] = []
  private var headBytes = 0
  private var received = 0
  /// Why the transfer was ended here.
  private var failure: HTTPFailure?
  private let start = ContinuousClock.now
  /// Of a part of the body; the head may come long before.
  private var lastArrival: ContinuousClock.Instant?
  private let onDrop = DropNotice()

  init(_ request: HTTPRequest) { self.request = request }

  /// `drop` is called when nobody reads the body any more.
  func begin(
    _ answer: CheckedContinuation<HTTPResponse, any Error>, drop: @escaping @Sendable () -> Void
  ) {
    guard !isOver else { return answer.resume(throwing: CancellationError()) }
    self.answer = answer
    onDrop.body = drop
  }

  /// The lines of the head, as the service sends them.
  var lines: [String] {
    var lines = request.fields.map { "\($0.name): \($0.value)" }
    if let key = request.key { lines.append("Authorization: Bearer \(key.reveal())") }
    // Not to wait for leave to send a body.
    return lines + ["Expect:"]
  }

  /// Bytes of a head at which the reply is given up.
  private static let largestHead = 64 << 10

  /// A line of the reply's head; false ends the transfer.
  func take(headLine bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    headBytes += bytes.count
    guard headBytes <= Self.largestHead else {
      failure = .tooLong(limit: Self.largestHead)
      return false
    }
    let line = unsafe String(decoding: bytes, as: UTF8.self)
    if line.hasPrefix("HTTP/") {
      status = line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
      fields = []
    } else if let colon = line.firstIndex(of: ":") {
      let value = line[line.index(after: colon)...].drop(while: \.isWhitespace)
      fields.append(
        HTTPField(String(line[..<colon]), String(value.prefix { !$0.isNewline })))
    } else if !line.contains(where: { !$0.isWhitespace }), status >= 200 {
      respond()
    }
    return true
  }

  private func respond() {
    guard let answer else { return }
    self.answer = nil
    let (stream, continuation) = AsyncThrowingStream<[UInt8], any Error>.makeStream()
    continuation.onTermination = { [onDrop] _ in onDrop.body?() }
    body = continuation
    answer.resume(returning: HTTPResponse(status: status, fields: fields, body: stream))
  }

  /// A portion of the body; false ends the transfer.
  func take(bodyPart bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    received += bytes.count
    guard received <= request.largestReply else {
      failure = .tooLong(limit: request.largestReply)
      return false
    }
    lastArrival = .now
    unsafe _ = body?.yield(Array(bytes))
    return true
  }

  /// When the phase that the transfer is in has taken too long, and which phase that is.
  var deadline: (instant: ContinuousClock.Instant, phase: HTTPFailure.Phase) {
    let deadlines = request.deadlines
    let total = start + .milliseconds(deadlines.total)
    let phase: (ContinuousClock.Instant, HTTPFailure.Phase) =
      lastArrival.map { ($0 + .milliseconds(deadlines.silence), .silence) }
      ?? (start + .milliseconds(deadlines.answer), .answer)
    return phase.0 < total ? phase : (total, .total)
  }

  /// The last word: nil for a reply that is complete.
  func end(_ error: (any Error)?) {
    guard !isOver else { return }
    isOver = true
    let error = failure ?? error
    answer?.resume(throwing: error ?? HTTPFailure.brokenOff("no reply"))
    answer = nil
    body?.finish(throwing: error)
    body = nil
  }
}

/// What is called when a body is let go of.
///
/// Unchecked: set once, before the body exists.
private final class DropNotice: @unchecked Sendable {
  var body: (@Sendable () -> Void)?
}
