internal import Checkpoints
internal import Strings
internal import Tensors

/// Reads and packs the tensors of a checkpoint, each checked against the shape the configuration
/// asks for, so that nothing is allocated which the file does not hold.
struct WeightLoader {
  let checkpoint: Checkpoint
  let kernels: Kernels
  /// What matrices are packed as; vectors stay fp32.
  var format: LinearWeights.Format
  /// Factor of interleaved rotary rows: the size of a head where q and k rows are to be put back in
  /// half-split order, nil where they are in it.
  let interleavedHeadSize: Int?
  /// Where packed matrices come from, and are remembered.
  var packed: PackedWeights?

  /// The tensor `name` of `shape`, all of it finite. What comes packed from a file was looked at
  /// before it was packed.
  func tensor(_ name: String, _ shape: [Int]) throws -> Tensor {
    let tensor = try checkpoint.tensor(name)
    guard tensor.shape == shape else {
      throw FileError(
        file: checkpoint.path, place: "tensor \(name)", expected: "shape \(shape)",
        found: "\(tensor.shape)")
    }
    if packed?.isFromFile != true, let row = tensor.firstRowNotFinite {
      throw FileError(
        file: checkpoint.path, place: "tensor \(name), row \(row)", expected: "finite numbers",
        found: "NaN or infinity")
    }
    return tensor
  }

  func vector(_ name: String, _ count: Int) throws -> Matrix {
    Matrix(try tensor("\(name).weight", [count]))
  }

  /// The biases of several products, one after the other, `[1, sum of the counts]`.
  func bias(_ parts: [(name: String, count: Int)]) throws -> Matrix {
    let values = try parts.flatMap { try tensor("\($0.name).bias", [$0.count]).floats() }
    return Matrix(rows: 1, columns: values.count, values)
  }

  func linear(_ name: String, _ rows: Int, _ columns: Int) throws -> LinearWeights {
    pack(try tensor("\(name).weight", [rows, columns]))
  }

  /// The rows of all tensors as one matrix.
  func pack(_ tensors: Tensor...) -> LinearWeights { pack(tensors) }

  /// The same, the term of each tensor added to it where there are terms.
  func pack(_ tensors: [Tensor], adding terms: () -> [LowRankTerm] = { [] }) -> LinearWeights {
    func make() -> LinearWeights {
      LinearWeights(stacking: tensors, adding: terms(), format: format, kernels: kernels)
    }
    guard let packed else { return make() }
    return packed.next(
      rows: tensors.reduce(0) { $0 + $1.rows }, columns: tensors.first?.columns ?? 0, make)
  }

  /// A matrix of q or k rows, in half-split rotary order.
  func rotated(_ name: String, _ rows: Int, _ columns: Int) throws -> Tensor {
    let stored = try tensor("\(name).weight", [rows, columns])
    guard let headSize = interleavedHeadSize else { return stored }
    return stored.reorderingRows { row in
      let (head, within) = row.quotientAndRemainder(dividingBy: headSize)
      let (half, pair) = within.quotientAndRemainder(dividingBy: headSize / 2)
      return head * headSize + 2 * pair + half
    }
  }
}

extension Tensor {
  /// The tensor whose row r is this one's row `source(r)`. O(bytes).
  func reorderingRows(_ source: (Int) -> Int) -> Tensor {
    let rowBytes = byteCount / max(rows, 1)
    let copy = RowBytes(count: byteCount)
    unsafe withUnsafeBytes { bytes in
      for row in 0..<rows {
        let from = source(row) * rowBytes
        unsafe copy.bytes.baseAddress?.advanced(by: row * rowBytes).copyMemory(
          from: UnsafeRawBufferPointer(rebasing: bytes[from..<from + rowBytes]).baseAddress!,
          byteCount: rowBytes)
      }
    }
    return unsafe Tensor(
      type: type, shape: shape, bytes: UnsafeRawBufferPointer(copy.bytes), owner: copy)
  }
}

/// Owned bytes of a rearranged tensor.
///
/// Unchecked: nothing is written once the tensor is made.
@safe private final class RowBytes: @unchecked Sendable {
  @unsafe let bytes: UnsafeMutableRawBufferPointer

  init(count: Int) {
    unsafe bytes = .allocate(byteCount: count, alignment: 64)
  }

  deinit { unsafe bytes.deallocate() }
}
