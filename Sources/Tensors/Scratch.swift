import Synchronization

/// Memory that a kernel needs for the time of a call, kept between calls and grown when a call needs
/// more than any before it. Calls that share it take turns.
final class Scratch: Sendable {
  private let buffer = Mutex(AlignedBuffer(byteCount: 0))

  func withBytes(_ count: Int, _ body: (AlignedBuffer) -> Void) {
    buffer.withLock { buffer in
      if buffer.byteCount < count { buffer = AlignedBuffer(byteCount: count) }
      body(buffer)
    }
  }
}
