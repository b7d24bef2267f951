/// Appends integers little-endian.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  mutating func append(byte: UInt8) {
    bytes.append(byte)
  }

  mutating func append(_ value: some FixedWidthInteger) {
    unsafe withUnsafeBytes(of: value.littleEndian) { unsafe bytes.append(contentsOf: $0) }
  }

  /// The number of bytes, then the bytes.
  mutating func append(bytes new: [UInt8]) {
    append(UInt64(new.count))
    bytes += new
  }
}

/// Reads the output of `ByteWriter`; nil if bytes are missing.
struct ByteReader {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) {
    rest = bytes
  }

  mutating func next<Value: FixedWidthInteger>() -> Value? {
    guard let part = bytes(Value.bitWidth / 8) else { return nil }
    return part.reversed().reduce(0) { $0 << 8 | Value(truncatingIfNeeded: $1) }
  }

  mutating func bytes(_ count: Int) -> ArraySlice<UInt8>? {
    guard count >= 0, count <= rest.count else { return nil }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  mutating func countedBytes() -> ArraySlice<UInt8>? {
    guard let count: UInt64 = next(), count <= UInt64(rest.count) else { return nil }
    return bytes(Int(count))
  }
}
