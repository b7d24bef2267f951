internal import Infilling
internal import Synchronization

/// What the spans of a request have reported and the client has not been sent yet: every result, and
/// of each span the latest frame alone. So spans never wait for a slow client.
final class Outbox: Sendable {
  struct Batch: Equatable {
    /// In the order of their choices.
    var frames: [StepFrame] = []
    var results: [(choice: Int, result: SpanResult)] = []

    static func == (a: Batch, b: Batch) -> Bool {
      a.frames == b.frames && a.results.elementsEqual(b.results) { $0 == $1 }
    }
  }

  private struct Contents {
    var frames: [Int: InfillStep] = [:]
    var results: [(choice: Int, result: SpanResult)] = []
  }

  private let contents = Mutex(Contents())
  /// A tick where there is something to take; the end after the last.
  let ticks: AsyncStream<Void>
  private let bell: AsyncStream<Void>.Continuation

  init() {
    (ticks, bell) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  func put(_ step: InfillStep, of choice: Int) {
    contents.withLock { $0.frames[choice] = step }
    bell.yield()
  }

  /// A result takes the place of the frames of its span.
  func put(_ result: SpanResult, of choice: Int) {
    contents.withLock {
      $0.frames[choice] = nil
      $0.results.append((choice, result))
    }
    bell.yield()
  }

  func finish() { bell.finish() }

  /// Everything since the last call.
  func take() -> Batch {
    let taken = contents.withLock { contents in
      defer { contents = Contents() }
      return contents
    }
    return Batch(
      frames: taken.frames.sorted { $0.key < $1.key }.map { StepFrame(choice: $0, step: $1) },
      results: taken.results)
  }
}
