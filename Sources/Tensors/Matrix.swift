/// An fp32 matrix `[rows, columns]`, row-major and contiguous, zero at first, 64-byte aligned.
///
/// A reference type: kernels write into it, so it belongs to one engine and is not `Sendable`. A
/// vector is a matrix of one row.
@safe public final class Matrix {
  public let rows: Int
  public let columns: Int
  private let storage: AlignedBuffer

  /// Traps if a dimension is negative or the size overflows.
  public init(rows: Int, columns: Int) {
    precondition(rows >= 0 && columns >= 0, "matrix [\(rows), \(columns)]")
    self.rows = rows
    self.columns = columns
    storage = AlignedBuffer(byteCount: rows * columns * MemoryLayout<Float>.stride)
  }

  /// A matrix with a copy of `values` in row-major order.
  public convenience init(rows: Int, columns: Int, _ values: [Float]) {
    self.init(rows: rows, columns: columns)
    precondition(values.count == rows * columns, "\(values.count) values for [\(rows), \(columns)]")
    unsafe values.withUnsafeBufferPointer { source in
      if let start = source.baseAddress {
        unsafe pointer.update(from: start, count: source.count)
      }
    }
  }

  /// All elements of `tensor` as fp32, `[tensor.rows, tensor.columns]`; a 1-D tensor gives one row.
  public convenience init(_ tensor: Tensor) {
    self.init(rows: tensor.rows, columns: tensor.columns)
    unsafe tensor.decodeRows(0..<tensor.rows, into: pointer)
  }

  /// The first element, for kernels. Valid while the matrix lives.
  @unsafe public var pointer: UnsafeMutablePointer<Float> {
    unsafe storage.pointer(to: Float.self)
  }

  public subscript(row: Int, column: Int) -> Float {
    get {
      check(row, column)
      return unsafe pointer[row * columns + column]
    }
    set {
      check(row, column)
      unsafe pointer[row * columns + column] = newValue
    }
  }

  /// A copy of row `index`.
  public func row(_ index: Int) -> [Float] {
    check(rows: index..<index + 1)
    return unsafe Array(UnsafeBufferPointer(start: pointer + index * columns, count: columns))
  }

  /// A copy of all elements in row-major order.
  public func values() -> [Float] {
    unsafe Array(UnsafeBufferPointer(start: pointer, count: rows * columns))
  }

  public func fill(_ value: Float) {
    unsafe pointer.update(repeating: value, count: rows * columns)
  }

  /// Replaces row `index`. Traps unless there are `columns` values.
  public func setRow(_ index: Int, _ values: [Float]) {
    check(rows: index..<index + 1)
    precondition(values.count == columns, "\(values.count) values for \(columns) columns")
    unsafe values.withUnsafeBufferPointer { source in
      if let start = source.baseAddress {
        unsafe (pointer + index * columns).update(from: start, count: columns)
      }
    }
  }

  /// Replaces row `index` by row `source` of `tensor`, dequantised: an embedding lookup.
  public func setRow(_ index: Int, from tensor: Tensor, row source: Int) {
    check(rows: index..<index + 1)
    precondition(tensor.columns == columns, "\(tensor.columns) columns into \(columns)")
    unsafe tensor.decodeRows(source..<source + 1, into: pointer + index * columns)
  }

  /// Multiplies row `index` by `factor`.
  public func scaleRow(_ index: Int, by factor: Float) {
    check(rows: index..<index + 1)
    for column in 0..<columns { unsafe pointer[index * columns + column] *= factor }
  }

  /// Copies rows `range` of `source` to the rows from `first` on. The two may be the same matrix and
  /// the ranges may overlap.
  public func copyRows(_ range: Range<Int>, of source: Matrix, to first: Int) {
    source.check(rows: range)
    check(rows: first..<first + range.count)
    precondition(source.columns == columns, "\(source.columns) columns into \(columns)")
    unsafe (pointer + first * columns)
      .update(from: source.pointer + range.lowerBound * columns, count: range.count * columns)
  }

  /// Copies the rows `indices` of `source`, in that order, to rows 0, 1, ....
  public func gather(_ indices: [Int], of source: Matrix) {
    for row in 0..<indices.count {
      copyRows(indices[row]..<indices[row] + 1, of: source, to: row)
    }
  }

  func check(rows range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows \(range) of \(rows)")
  }

  private func check(_ row: Int, _ column: Int) {
    precondition(
      row >= 0 && row < rows && column >= 0 && column < columns,
      "element [\(row), \(column)] of [\(rows), \(columns)]")
  }
}
