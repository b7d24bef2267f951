// The standard library's own composition: the same tables that compare strings, without Foundation.
@_spi(_Unicode) internal import Swift

/// What is done to text before it is split.
enum Normalizer: Sendable {
  case none
  /// Unicode normalisation form C.
  case composed

  /// `range` of `bytes`, normalised; nil where nothing changes.
  func apply(_ bytes: [UInt8], _ range: Range<Int>) -> [UInt8]? {
    switch self {
    case .none: return nil
    case .composed:
      // Every scalar below U+0300, in UTF-8 a leading byte below 0xCC, is stable under composition.
      guard bytes[range].contains(where: { $0 >= 0xCC }) else { return nil }
      var composed = String.UnicodeScalarView()
      for scalar in String(decoding: bytes[range], as: UTF8.self)._nfc { composed.append(scalar) }
      return Array(String(composed).utf8)
    }
  }
}
