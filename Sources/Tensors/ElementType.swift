internal import CKernels

/// Element types of stored tensors: plain floats and the block formats of GGML, named as there.
///
/// A block holds `blockElements` consecutive elements of a row in `blockBytes` bytes.
public enum ElementType: String, Sendable, CaseIterable {
  case f32, f16, bf16
  // swift-format-ignore: AlwaysUseLowerCamelCase
  case q8_0, q4_0, q4_1, q5_0, q5_1
  // swift-format-ignore: AlwaysUseLowerCamelCase
  case q2_K, q3_K, q4_K, q5_K, q6_K
  // swift-format-ignore: AlwaysUseLowerCamelCase
  case iq4_nl, iq4_xs

  /// Elements in a block; 1 for plain floats.
  public var blockElements: Int {
    switch self {
    case .f32, .f16, .bf16: 1
    case .q8_0, .q4_0, .q4_1, .q5_0, .q5_1, .iq4_nl: 32
    case .q2_K, .q3_K, .q4_K, .q5_K, .q6_K, .iq4_xs: 256
    }
  }

  /// Bytes of a block.
  public var blockBytes: Int {
    switch self {
    case .f32: 4
    case .f16, .bf16: 2
    case .q8_0: 34
    case .q4_0, .iq4_nl: 18
    case .q4_1: 20
    case .q5_0: 22
    case .q5_1: 24
    case .q2_K: 84
    case .q3_K: 110
    case .q4_K: 144
    case .q5_K: 176
    case .q6_K: 210
    case .iq4_xs: 136
    }
  }

  /// Bytes of `count` elements; nil if `count` is not a multiple of the block or the size overflows.
  public func byteCount(of count: Int) -> Int? {
    guard count >= 0, count.isMultiple(of: blockElements) else { return nil }
    let (bytes, overflow) = (count / blockElements).multipliedReportingOverflow(by: blockBytes)
    return overflow ? nil : bytes
  }

  var code: ck_type {
    switch self {
    case .f32: ck_type_f32
    case .f16: ck_type_f16
    case .bf16: ck_type_bf16
    case .q8_0: ck_type_q8_0
    case .q4_0: ck_type_q4_0
    case .q4_1: ck_type_q4_1
    case .q5_0: ck_type_q5_0
    case .q5_1: ck_type_q5_1
    case .q2_K: ck_type_q2_k
    case .q3_K: ck_type_q3_k
    case .q4_K: ck_type_q4_k
    case .q5_K: ck_type_q5_k
    case .q6_K: ck_type_q6_k
    case .iq4_nl: ck_type_iq4_nl
    case .iq4_xs: ck_type_iq4_xs
    }
  }
}
