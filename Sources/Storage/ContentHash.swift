internal import CPlatform

/// Checksums of bytes.
public enum ContentHash {
  /// A 64-bit hash that tells contents apart; not proof against malice. O(bytes).
  public static func hash(_ bytes: [UInt8]) -> UInt64 {
    unsafe bytes.withUnsafeBytes { unsafe cp_hash64($0.baseAddress, $0.count) }
  }

  /// CRC-32C (Castagnoli). O(bytes).
  static func crc32c(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    unsafe bytes.withUnsafeBytes { unsafe cp_crc32c(0, $0.baseAddress, $0.count) }
  }
}
