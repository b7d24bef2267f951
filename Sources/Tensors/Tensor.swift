internal import CKernels

/// A read-only tensor whose bytes belong to an owner: a mapped file, or an array made by this
/// module.
///
/// Row-major, shape outermost first: a weight is `[rows = out, columns = in]`. The bytes may have
/// any alignment. A value keeps its owner alive.
///
/// Unchecked: the bytes that `base` points at are never written after `init`, as its callers promise.
@safe public struct Tensor: @unchecked Sendable {
  public let type: ElementType
  public let shape: [Int]
  /// Number of elements.
  public let count: Int
  /// Elements of the last dimension; 1 for a scalar.
  public let columns: Int
  /// Number of rows: the product of all dimensions but the last.
  public let rows: Int
  /// Number of bytes.
  public let byteCount: Int
  private let base: UnsafeRawPointer
  private let owner: any AnyObject & Sendable

  /// A tensor over `bytes`, which `owner` keeps valid and unchanged for its lifetime.
  ///
  /// Traps unless the last dimension is whole blocks of `type` and `bytes` has exactly the bytes of
  /// the shape: readers of files check first, with `ElementType.byteCount(of:)`.
  public init(
    type: ElementType, shape: [Int], bytes: UnsafeRawBufferPointer,
    owner: any AnyObject & Sendable
  ) {
    let count = shape.reduce(1, *)
    precondition(
      (shape.last ?? 1).isMultiple(of: type.blockElements),
      "a row of \(shape) is not whole blocks of \(type)")
    let expected = type.byteCount(of: count)
    precondition(
      expected == bytes.count, "\(type) \(shape) needs \(expected ?? -1) bytes, has \(bytes.count)")
    self.type = type
    self.shape = shape
    self.count = count
    columns = shape.last ?? 1
    rows = shape.dropLast().reduce(1, *)
    self.byteCount = bytes.count
    // A tensor without bytes reads none: any address serves.
    unsafe self.base = bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 64)!
    self.owner = owner
  }

  /// An fp32 tensor with a copy of `floats`. Traps unless their number is that of the shape.
  public init(_ floats: [Float], shape: [Int]) {
    precondition(floats.count == shape.reduce(1, *), "\(floats.count) floats for \(shape)")
    let storage = AlignedBuffer(byteCount: floats.count * MemoryLayout<Float>.stride)
    unsafe floats.withUnsafeBytes { unsafe storage.bytes.copyMemory(from: $0) }
    unsafe self.init(
      type: .f32, shape: shape,
      bytes: UnsafeRawBufferPointer(rebasing: storage.bytes[..<storage.byteCount]), owner: storage)
  }

  /// All elements as fp32. Complexity: O(count) time and memory.
  public func floats() -> [Float] {
    unsafe [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      if let target = buffer.baseAddress {
        unsafe ck_dequantize(type.code, base, target, count)
      }
      initialized = count
    }
  }

  /// Row `index` as fp32, with all dimensions but the last flattened.
  public func row(_ index: Int) -> [Float] {
    unsafe [Float](unsafeUninitializedCapacity: columns) { buffer, initialized in
      if let target = buffer.baseAddress {
        unsafe decodeRows(index..<index + 1, into: target)
      }
      initialized = columns
    }
  }

  /// The tensor of rows `range`, sharing the bytes: shape `[range.count, columns]`.
  public func rows(_ range: Range<Int>) -> Tensor {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows \(range) of \(rows)")
    let rowBytes = byteCount / max(rows, 1)
    return unsafe Tensor(
      type: type, shape: [range.count, columns],
      bytes: UnsafeRawBufferPointer(
        start: base + range.lowerBound * rowBytes, count: range.count * rowBytes),
      owner: owner)
  }

  /// The tensor of another shape with the same elements in the same order, sharing the bytes. Traps for
  /// another number of elements, or rows that are not whole blocks of the type.
  public func reshaped(_ shape: [Int]) -> Tensor {
    unsafe Tensor(
      type: type, shape: shape, bytes: UnsafeRawBufferPointer(start: base, count: byteCount),
      owner: owner)
  }

  /// Calls `body` with the stored bytes.
  public func withUnsafeBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    unsafe try body(UnsafeRawBufferPointer(start: base, count: byteCount))
  }

  /// Writes rows `range` as fp32 to `target`, `columns` elements apart.
  func decodeRows(_ range: Range<Int>, into target: UnsafeMutablePointer<Float>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows \(range) of \(rows)")
    let rowBytes = byteCount / max(rows, 1)
    unsafe ck_dequantize(
      type.code, base + range.lowerBound * rowBytes, target, range.count * columns)
    withExtendedLifetime(owner) {}
  }
}
