internal import Platform
public import Tensors

/// Writes GGUF files, version 3: metadata first, then tensors whose bytes come one after another,
/// so that at most a part of one is in memory.
public struct GGUFWriter {
  /// A tensor of the file; shape outermost first, as everywhere here.
  public struct Entry: Sendable, Equatable {
    public var name: String
    public var shape: [Int]
    public var type: ElementType

    public init(_ name: String, shape: [Int], type: ElementType) {
      self.name = name
      self.shape = shape
      self.type = type
    }

    /// Traps for a shape that is not whole blocks.
    public var byteCount: Int {
      guard let bytes = type.byteCount(of: shape.reduce(1, *)) else {
        preconditionFailure("\(name): \(shape) is not whole blocks of \(type)")
      }
      return bytes
    }
  }

  private var pairs: [UInt8] = []
  private var pairCount = 0
  private static let alignment = 32

  public init() {}

  /// Adds a pair as another file holds it. An alignment that is not 32 does not fit: leave it out.
  public mutating func add(encoded pair: [UInt8]) {
    pairs += pair
    pairCount += 1
  }

  /// Adds a pair. Integers are written in 32 bits if they fit, floats always in 32.
  public mutating func add(_ key: String, _ value: GGUFValue) {
    pairCount += 1
    Self.append(key, to: &pairs)
    Self.append(value, to: &pairs)
  }

  /// Writes a temporary file and renames it to `path`. `body` is called for each tensor in order
  /// with its entry and a function that takes its bytes, in any number of parts; traps unless their
  /// total is the size in the entry.
  public func write(
    to path: String, _ entries: [Entry], _ body: (Entry, ([UInt8]) throws -> Void) throws -> Void
  ) throws {
    try Files.write(path) { file in
      try file.append(header(entries))
      for entry in entries {
        var count = 0
        try body(entry) { bytes in
          count += bytes.count
          try file.append(bytes)
        }
        precondition(count == entry.byteCount, "\(entry): \(count) bytes")
        try file.append([UInt8](repeating: 0, count: Self.padding(count)))
      }
    }
  }

  private func header(_ entries: [Entry]) -> [UInt8] {
    var bytes = Array("GGUF".utf8)
    Self.append(UInt32(3), to: &bytes)
    Self.append(UInt64(entries.count), to: &bytes)
    Self.append(UInt64(pairCount), to: &bytes)
    bytes += pairs
    var offset = 0
    for entry in entries {
      Self.append(entry.name, to: &bytes)
      Self.append(UInt32(entry.shape.count), to: &bytes)
      for size in entry.shape.reversed() { Self.append(UInt64(size), to: &bytes) }
      guard let number = GGUFTensorType.numbers[entry.type] else {
        preconditionFailure("\(entry.type) has no number")
      }
      Self.append(number, to: &bytes)
      Self.append(UInt64(offset), to: &bytes)
      offset += entry.byteCount + Self.padding(entry.byteCount)
    }
    return bytes + [UInt8](repeating: 0, count: Self.padding(bytes.count))
  }

  private static func padding(_ count: Int) -> Int { (alignment - count % alignment) % alignment }

  private static func append(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
    for shift in stride(from: 0, to: value.bitWidth, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }

  private static func append(_ text: String, to bytes: inout [UInt8]) {
    append(UInt64(text.utf8.count), to: &bytes)
    bytes += text.utf8
  }

  private static func append(_ value: GGUFValue, to bytes: inout [UInt8]) {
    func list<Element>(
      _ type: UInt32, _ values: [Element], _ write: (Element, inout [UInt8]) -> Void
    ) {
      append(UInt32(9), to: &bytes)
      append(type, to: &bytes)
      append(UInt64(values.count), to: &bytes)
      for value in values { write(value, &bytes) }
    }
    switch value {
    case .integer(let number):
      if let small = UInt32(exactly: number) {
        append(UInt32(4), to: &bytes)
        append(small, to: &bytes)
      } else {
        append(UInt32(11), to: &bytes)
        append(Int64(number), to: &bytes)
      }
    case .unsigned(let number):
      append(UInt32(10), to: &bytes)
      append(number, to: &bytes)
    case .float(let number):
      append(UInt32(6), to: &bytes)
      append(Float(number).bitPattern, to: &bytes)
    case .bool(let flag):
      append(UInt32(7), to: &bytes)
      bytes.append(flag ? 1 : 0)
    case .string(let text):
      append(UInt32(8), to: &bytes)
      append(text, to: &bytes)
    case .integers(let values): list(5, values) { append(Int32(clamping: $0), to: &$1) }
    case .floats(let values): list(6, values) { append(Float($0).bitPattern, to: &$1) }
    case .bools(let values): list(7, values) { $1.append($0 ? 1 : 0) }
    case .strings(let values): list(8, values) { append($0, to: &$1) }
    case .arrays(let values):
      // An array within an array has no type tag.
      list(9, values) { value, bytes in
        var inner: [UInt8] = []
        append(value, to: &inner)
        bytes += inner.dropFirst(4)
      }
    }
  }
}
