/// Bytes to be written, hashed or shown, which need not be in memory at once.
public struct Contents: Sendable {
  /// Calls its argument with the bytes in order.
  public typealias Slices =
    @Sendable (_ body: (ArraySlice<UInt8>) throws(SystemError) -> Void) throws(SystemError) -> Void

  private enum Source {
    case memory([UInt8])
    case held(HeldFile)
    case slices(Slices)
  }

  public let count: Int
  private let source: Source

  public init(_ bytes: [UInt8]) {
    count = bytes.count
    source = .memory(bytes)
  }

  public init(_ file: HeldFile) {
    count = file.count
    source = .held(file)
  }

  /// `slices` gives `count` bytes, each time the same.
  public init(count: Int, slices: @escaping Slices) {
    self.count = count
    source = .slices(slices)
  }

  /// The file of the bytes, if they are not in memory.
  public var held: HeldFile? {
    if case .held(let file) = source { file } else { nil }
  }

  private static let part = 1 << 20

  /// Calls `body` with the bytes in order, in parts of some size.
  func forEachPart(
    _ body: (ArraySlice<UInt8>) throws(SystemError) -> Void
  ) throws(SystemError) {
    switch source {
    case .memory(let bytes):
      if !bytes.isEmpty { try body(bytes[...]) }
    case .held(let file):
      var start = 0
      while start < count {
        let end = min(start + Contents.part, count)
        try body(try file.bytes(in: start..<end)[...])
        start = end
      }
    case .slices(let slices):
      var part: [UInt8] = []
      try slices { slice throws(SystemError) in
        part += slice
        guard part.count >= Contents.part else { return }
        try body(part[...])
        part.removeAll(keepingCapacity: true)
      }
      if !part.isEmpty { try body(part[...]) }
    }
  }

  /// All of them in memory. O(n).
  public func bytes() throws(SystemError) -> [UInt8] {
    if case .memory(let bytes) = source { return bytes }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    try forEachPart { part throws(SystemError) in bytes += part }
    return bytes
  }

  /// Their `ContentHash`. O(n) the first time.
  public func hash() throws(SystemError) -> UInt64 {
    if let known = held?.hash { return known }
    var hasher = ContentHasher(count: count)
    try forEachPart { part throws(SystemError) in hasher.add(part) }
    held?.keep(hash: hasher.hash)
    return hasher.hash
  }
}
