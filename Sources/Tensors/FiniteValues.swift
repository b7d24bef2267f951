internal import CKernels

extension Tensor {
  /// The first row that holds an infinity or NaN, in block types a block with a scale that is one;
  /// nil where all are finite. O(bytes); of blocks only the scales are read.
  public var firstRowNotFinite: Int? {
    let place = unsafe withUnsafeBytes { bytes in
      unsafe bytes.baseAddress.map { unsafe ck_first_not_finite(type.code, $0, count) } ?? count
    }
    return place < count ? place / max(columns, 1) : nil
  }
}

extension Matrix {
  /// The first of the rows 0..<`count` that holds an infinity or NaN; nil where all are finite.
  public func firstRowNotFinite(below count: Int) -> Int? {
    check(rows: 0..<count)
    let place = unsafe ck_first_not_finite(ck_type_f32, pointer, count * columns)
    return place < count * columns ? place / max(columns, 1) : nil
  }
}
