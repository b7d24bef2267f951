internal import CKernels

/// Activations x of products y = x Wᵀ, `[rows, columns]`: in fp32 and, for weights that are
/// multiplied with something else, rounded to that. The kernels that make activations round them
/// while they have them at hand, once for all products that take them.
///
/// A reference type, confined to one engine.
@safe public final class QuantizedActivations {
  /// In fp32. Only kernels write here, so that the rounded rows are these.
  public let values: Matrix
  private let form: InputForm
  private let storage: AlignedBuffer
  private let table: UnsafePointer<ck_kernels>

  public var rows: Int { values.rows }
  public var columns: Int { values.columns }

  /// Zeros, for products with weights of `format`; weights of other formats take the fp32 values.
  public init(rows: Int, columns: Int, format: LinearWeights.Format, kernels: Kernels) {
    values = Matrix(rows: rows, columns: columns)
    form = kernels.inputForm(LinearWeights.Layout(format, kernels.level))
    storage = AlignedBuffer(byteCount: form.byteCount(rows: rows, columns: columns))
    unsafe table = kernels.table
  }

  /// Copies the rows `indices` of `source`, in that order, to rows 0, 1, .... The two may be the
  /// same where indices ascend.
  public func gather(_ indices: [Int], of source: QuantizedActivations) {
    gather(indices, 0..<indices.count, of: source)
  }

  /// The same for those of `indices` in the range `part`.
  public func gather(_ indices: [Int], _ part: Range<Int>, of source: QuantizedActivations) {
    precondition(form == source.form, "rows for other weights")
    let (target, parts) = (self.parts, source.parts)
    for row in 0..<part.count {
      let index = indices[part.lowerBound + row]
      values.copyRows(index..<index + 1, of: source.values, to: row)
      target.copyRow(index, of: parts, to: row)
    }
  }

  /// The rows as products take them.
  var parts: InputRows {
    unsafe InputRows(
      form: form, source: values.pointer, rows: rows, columns: columns,
      storage: storage.pointer(to: UInt8.self), table: table)
  }
}

/// What products with weights of a layout take.
enum InputForm: Equatable {
  /// fp32.
  case floats
  /// bfloat16 in this many bytes each, padded.
  case bf16Panels(bytes: Int)
  /// Bytes in groups with scales.
  case bytes

  /// Bytes of rounded rows.
  func byteCount(rows: Int, columns: Int) -> Int {
    let groups = groupCount(columns)
    return switch self {
    case .floats: 0
    case .bf16Panels(let size): rows * ck_bf16_padded(columns) * size
    // Values, then a scale, a start and two sums for each group.
    case .bytes: rows * groups * (Int(CK_GROUP) + 12)
    }
  }
}

extension Kernels {
  func inputForm(_ layout: LinearWeights.Layout) -> InputForm {
    switch layout {
    case .rowMajor, .panels: .floats
    case .bf16Panels: unsafe .bf16Panels(bytes: table.pointee.rounded_bytes)
    case .quantizedPanels, .fourBitPanels: .bytes
    }
  }
}

/// Rows of activations in memory; as work, the rounding of some of them.
///
/// Unchecked: a part writes the rounded form of its own rows; whoever made the pointers keeps rows
/// and storage alive while a run reads them.
@safe struct InputRows: DivisibleWork, @unchecked Sendable {
  let form: InputForm
  let source: UnsafePointer<Float>
  let columns: Int
  /// Where the form is `halves`, `[rows][ck_bf16_padded(columns)]`.
  let halves: UnsafeMutableRawPointer
  /// Where it is `bytes`.
  let bytes: ck_q8_rows
  private let table: UnsafePointer<ck_kernels>

  /// `storage` has `form.byteCount(rows: rows, columns: columns)` bytes at 64-byte alignment.
  init(
    form: InputForm, source: UnsafePointer<Float>, rows: Int, columns: Int,
    storage: UnsafeMutablePointer<UInt8>, table: UnsafePointer<ck_kernels>
  ) {
    self.form = form
    unsafe self.source = source
    self.columns = columns
    unsafe self.table = table
    let start = UnsafeMutableRawPointer(storage)
    unsafe halves = start
    let groups = groupCount(columns)
    let parameters = unsafe start + rows * groups * Int(CK_GROUP)
    unsafe bytes = ck_q8_rows(
      values: start.assumingMemoryBound(to: Int8.self),
      scales: parameters.assumingMemoryBound(to: Float.self),
      starts: (parameters + rows * groups * 4).assumingMemoryBound(to: Int32.self),
      sums: (parameters + rows * groups * 8).assumingMemoryBound(to: Int16.self), groups: groups)
  }

  func run(_ rows: Range<Int>) {
    switch form {
    case .floats: break
    case .bf16Panels:
      unsafe table.pointee.round!(
        source, columns, columns, halves, rows.lowerBound, rows.upperBound)
    case .bytes: round(rows, columns: 0..<columns)
    }
  }

  /// Whether columns can be rounded without those of other groups.
  var roundsByColumns: Bool {
    if case .bf16Panels = form { false } else { true }
  }

  /// Rounds some columns, from the beginning of a group to the end of one or of the rows.
  func round(_ rows: Range<Int>, columns part: Range<Int>) {
    if form == .floats { return }
    precondition(form == .bytes && part.lowerBound.isMultiple(of: Int(CK_GROUP)))
    let group = part.lowerBound / Int(CK_GROUP)
    var target = unsafe bytes
    unsafe target.values += part.lowerBound
    unsafe target.scales += group
    unsafe target.starts += group
    unsafe target.sums += 2 * group
    unsafe table.pointee.quantize!(
      source + part.lowerBound, columns, part.count, table.pointee.q8_range, &target,
      rows.lowerBound, rows.upperBound)
  }

  /// Copies a row of `other`, of the same form and width, as it was rounded.
  func copyRow(_ index: Int, of other: InputRows, to row: Int) {
    switch form {
    case .floats: break
    case .bf16Panels(let size):
      let width = ck_bf16_padded(columns) * size
      unsafe (halves + row * width).copyMemory(from: other.halves + index * width, byteCount: width)
    case .bytes:
      let groups = unsafe bytes.groups
      func copy<Element>(
        _ target: UnsafeMutablePointer<Element>, _ source: UnsafeMutablePointer<Element>,
        _ count: Int
      ) {
        unsafe (target + row * count).update(from: source + index * count, count: count)
      }
      unsafe copy(bytes.values, other.bytes.values, groups * Int(CK_GROUP))
      unsafe copy(bytes.scales, other.bytes.scales, groups)
      unsafe copy(bytes.starts, other.bytes.starts, groups)
      unsafe copy(bytes.sums, other.bytes.sums, 2 * groups)
    }
  }
}
