internal import CPlatform

/// Checksums of bytes.
public enum ContentHash {
  /// A 64-bit hash to compare contents; not secure against collisions made on purpose. O(bytes).
  public static func hash(_ bytes: [UInt8]) -> UInt64 {
    var hasher = ContentHasher(count: bytes.count)
    hasher.add(bytes[...])
    return hasher.hash
  }

  /// CRC-32C (Castagnoli). O(bytes).
  static func crc32c(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    unsafe bytes.withUnsafeBytes { unsafe cp_crc32c(0, $0.baseAddress, $0.count) }
  }
}

/// The same hash of bytes in several parts.
public struct ContentHasher: Sendable {
  private var state = cp_hash64_state()

  /// `count` is that of all parts together.
  public init(count: Int) {
    unsafe cp_hash64_begin(&state, count)
  }

  public mutating func add(_ bytes: ArraySlice<UInt8>) {
    unsafe bytes.withUnsafeBytes { unsafe cp_hash64_add(&state, $0.baseAddress, $0.count) }
  }

  /// Hash of the bytes added so far.
  public var hash: UInt64 {
    var state = state
    return unsafe cp_hash64_end(&state)
  }
}
