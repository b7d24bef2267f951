/// Owned bytes, zeroed, aligned to 64 and followed by at least 64 readable bytes, so that kernels
/// may load whole vectors at the end.
///
/// Unchecked: the memory is written by whoever created the buffer before it is shared (`Tensor`,
/// `LinearWeights`), or is confined with its owner to one engine (`Matrix`).
@safe final class AlignedBuffer: @unchecked Sendable {
  let byteCount: Int
  let bytes: UnsafeMutableRawBufferPointer

  init(byteCount: Int) {
    precondition(byteCount >= 0, "\(byteCount) bytes")
    self.byteCount = byteCount
    let capacity = (byteCount + 127) / 64 * 64
    unsafe bytes = .allocate(byteCount: capacity, alignment: 64)
    unsafe bytes.initializeMemory(as: UInt8.self, repeating: 0)
  }

  deinit {
    unsafe bytes.deallocate()
  }

  /// The start, as elements of `type`.
  func pointer<Element>(to type: Element.Type) -> UnsafeMutablePointer<Element> {
    unsafe bytes.baseAddress!.assumingMemoryBound(to: type)
  }
}
