internal import CKernels

extension ElementType {
  /// Types that values can be encoded as.
  public static let encodable: [ElementType] = [
    .f32, .f16, .bf16, .q8_0, .q5_1, .q5_0, .q4_1, .q4_0,
  ]
}

extension Tensor {
  /// Rows `range` as stored bytes of `type`, one of `ElementType.encodable`. Traps where a row is
  /// not whole blocks. O(elements).
  public func encoded(_ range: Range<Int>, as type: ElementType) -> [UInt8] {
    let count = range.count * columns
    precondition(
      ElementType.encodable.contains(type) && columns.isMultiple(of: type.blockElements),
      "rows of \(columns) as \(type)")
    let bytes = type.byteCount(of: count) ?? 0
    return unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: max(1, count)) { values in
      unsafe decodeRows(range, into: values.baseAddress!)
      return unsafe [UInt8](unsafeUninitializedCapacity: bytes) { target, initialized in
        if let start = target.baseAddress {
          unsafe precondition(
            ck_quantize(type.code, values.baseAddress, start, count) == 1, "\(type) is not encoded")
        }
        initialized = bytes
      }
    }
  }
}
