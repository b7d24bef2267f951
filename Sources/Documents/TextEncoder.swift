/// A place in a text that an encoding cannot write.
public struct UnencodableText: Error, Sendable, Equatable {
  /// Of its first byte.
  public var offset: Int
  /// nil for a byte that is not UTF-8.
  public var scalar: Unicode.Scalar?
}

/// Turns text into the bytes of an encoding, part by part; parts may end within a character.
public struct TextEncoder: Sendable {
  private let encoding: TextEncoding
  private var reader = ScalarAssembler()

  /// For another encoding than UTF-8, in which text is.
  public init(_ encoding: TextEncoding) { self.encoding = encoding }

  /// Appends the bytes of a part. Throws at the first character that the encoding does not have, and at
  /// bytes that are not UTF-8. O(part).
  public mutating func encode(
    _ part: ArraySlice<UInt8>, into bytes: inout [UInt8]
  ) throws(UnencodableText) {
    for byte in part {
      guard let value = try reader.add(byte) else { continue }
      guard append(value, to: &bytes) else {
        throw UnencodableText(offset: reader.start, scalar: Unicode.Scalar(value))
      }
    }
  }

  /// Throws where the text ends within a character.
  public func finish() throws(UnencodableText) {
    if reader.isWithin { throw UnencodableText(offset: reader.start) }
  }

  /// Whether the encoding has the scalar.
  @inline(__always) private func append(_ value: UInt32, to bytes: inout [UInt8]) -> Bool {
    switch encoding {
    case .utf8: preconditionFailure("text is UTF-8")
    case .utf16LE, .utf16BE:
      if value < 0x10000 {
        append(unit: value, to: &bytes)
      } else {
        append(unit: 0xD800 + (value - 0x10000) >> 10, to: &bytes)
        append(unit: 0xDC00 + (value - 0x10000) & 0x3FF, to: &bytes)
      }
    case .latin1:
      guard value < 0x100 else { return false }
      bytes.append(UInt8(value))
    case .windows1252:
      if value < 0x80 || (0xA0..<0x100).contains(value) {
        bytes.append(UInt8(value))
      } else {
        guard let index = TextEncoding.windows.firstIndex(where: { UInt32($0) == value }) else {
          return false
        }
        bytes.append(UInt8(0x80 + index))
      }
    }
    return true
  }

  private func append(unit: UInt32, to bytes: inout [UInt8]) {
    let (low, high) = (UInt8(unit & 0xFF), UInt8(unit >> 8))
    bytes.append(encoding == .utf16LE ? low : high)
    bytes.append(encoding == .utf16LE ? high : low)
  }
}

/// Puts scalars together from bytes of UTF-8 (the decoder of the Encoding Standard of WHATWG).
struct ScalarAssembler: Sendable {
  private var offset = 0
  private var value: UInt32 = 0
  private var missing = 0
  private var allowed: ClosedRange<UInt8> = 0x80...0xBF
  /// Where the present scalar begins.
  private(set) var start = 0

  /// Whether a scalar is begun and not complete.
  var isWithin: Bool { missing > 0 }

  /// The scalar that a byte completes. Throws at a byte that is not UTF-8, and is of no use after that.
  @inline(__always) mutating func add(_ byte: UInt8) throws(UnencodableText) -> UInt32? {
    defer { offset += 1 }
    guard missing > 0 else {
      start = offset
      switch byte {
      case ..<0x80: return UInt32(byte)
      case 0xC2...0xDF: begin(byte & 0x1F, 1)
      case 0xE0...0xEF:
        begin(byte & 0x0F, 2)
        if byte == 0xE0 { allowed = 0xA0...0xBF }
        if byte == 0xED { allowed = 0x80...0x9F }
      case 0xF0...0xF4:
        begin(byte & 0x07, 3)
        if byte == 0xF0 { allowed = 0x90...0xBF }
        if byte == 0xF4 { allowed = 0x80...0x8F }
      default: throw UnencodableText(offset: start)
      }
      return nil
    }
    guard allowed.contains(byte) else { throw UnencodableText(offset: start) }
    allowed = 0x80...0xBF
    value = value << 6 | UInt32(byte & 0x3F)
    missing -= 1
    return missing == 0 ? value : nil
  }

  private mutating func begin(_ bits: UInt8, _ more: Int) {
    value = UInt32(bits)
    missing = more
    allowed = 0x80...0xBF
  }
}

extension Document {
  /// The bytes to write to disk, part by part, the byte order mark among them. Throws at the first place
  /// that the encoding cannot write, or what `body` throws. O(n).
  public func forEachEncoded<Failure: Error>(
    _ body: (ArraySlice<UInt8>) throws(Failure) -> Void
  ) throws(Failure) -> UnencodableText? {
    if !format.mark.isEmpty { try body(format.mark[...]) }
    var encoder = TextEncoder(format.encoding)
    var failure: Result<UnencodableText, Failure>?
    var bytes: [UInt8] = []
    text.forEachSlice(in: 0..<text.count) { slice in
      do throws(UnencodableText) {
        if format.encoding != .utf8 {
          bytes.removeAll(keepingCapacity: true)
          try encoder.encode(slice, into: &bytes)
        }
      } catch {
        failure = .success(error)
        return false
      }
      do throws(Failure) {
        try body(format.encoding == .utf8 ? slice : bytes[...])
      } catch {
        failure = .failure(error)
        return false
      }
      return true
    }
    if let failure { return try failure.get() }
    do throws(UnencodableText) {
      try encoder.finish()
      return nil
    } catch {
      return error
    }
  }

  /// How many bytes that is. Throws at the first place that the encoding cannot write. O(1) for UTF-8,
  /// else O(n).
  public func encodedCount() throws(UnencodableText) -> Int {
    if format.encoding == .utf8 { return format.mark.count + text.count }
    var count = 0
    if let failure = forEachEncoded({ count += $0.count }) { throw failure }
    return count
  }

  /// The bytes to write to disk. O(n).
  public func contents() throws(UnencodableText) -> [UInt8] {
    var bytes: [UInt8] = []
    if let failure = forEachEncoded({ bytes += $0 }) { throw failure }
    return bytes
  }

  /// What the encoding cannot write, for the reader: `ISO-8859-1 cannot write line 3, column 7: “€”
  /// (U+20AC)`.
  public func fault(_ place: UnencodableText) -> String {
    "\(format.encoding.title) cannot write \(description(of: place))"
  }

  /// Where a place is and what is there, for the reader: `line 3, column 7: “€” (U+20AC)`.
  public func description(of place: UnencodableText) -> String {
    let line = text.line(at: place.offset)
    let start = text.offset(ofLine: line)
    // Bytes of a line that is too long for clusters.
    let column =
      place.offset - start > 10_000
      ? place.offset - start + 1
      : text.clusters(in: start..<text.graphemeBoundary(atOrBefore: place.offset)).count + 1
    let what =
      place.scalar.map { scalar in
        let digits = String(scalar.value, radix: 16, uppercase: true)
        let zeros = String(repeating: "0", count: max(0, 4 - digits.count))
        return "\u{201c}\(DisplayForm.visible(String(scalar)))\u{201d} (U+\(zeros)\(digits))"
      } ?? "a byte that is not UTF-8 (0x\(String(text[place.offset], radix: 16)))"
    return "line \(line + 1), column \(column): \(what)"
  }
}
