/// Bytes aligned to 64 and followed by at least 64 readable bytes, so that kernels may load whole
/// vectors at the end: owned, zeroed at first, or part of something else that is kept alive.
///
/// Unchecked: the memory is written by whoever created the buffer before it is shared (`Tensor`,
/// `LinearWeights`), or is confined with its owner to one engine (`Matrix`).
@safe final class AlignedBuffer: @unchecked Sendable {
  let byteCount: Int
  let bytes: UnsafeMutableRawBufferPointer
  private let owner: (any AnyObject & Sendable)?

  init(byteCount: Int) {
    precondition(byteCount >= 0, "\(byteCount) bytes")
    self.byteCount = byteCount
    owner = nil
    let capacity = (byteCount + 127) / 64 * 64
    #if GUARD_PAGES
      unsafe bytes = GuardedMemory.allocate(capacity)
    #else
      unsafe bytes = .allocate(byteCount: capacity, alignment: 64)
    #endif
    unsafe bytes.initializeMemory(as: UInt8.self, repeating: 0)
  }

  /// `byteCount` bytes from `start` on, which `owner` keeps, aligned and followed as above. Nobody
  /// writes to them.
  init(at start: UnsafeRawPointer, byteCount: Int, owner: any AnyObject & Sendable) {
    precondition(UInt(bitPattern: start).isMultiple(of: 64), "bytes not aligned")
    self.byteCount = byteCount
    self.owner = owner
    unsafe bytes = UnsafeMutableRawBufferPointer(
      start: UnsafeMutableRawPointer(mutating: start), count: byteCount + 64)
  }

  deinit {
    guard owner == nil else { return }
    #if GUARD_PAGES
      unsafe GuardedMemory.free(bytes, used: byteCount)
    #else
      unsafe bytes.deallocate()
    #endif
  }

  /// The start, as elements of `type`.
  func pointer<Element>(to type: Element.Type) -> UnsafeMutablePointer<Element> {
    unsafe bytes.baseAddress!.assumingMemoryBound(to: type)
  }
}
