/// The packed matrices of a model in the order it asks for them: packed and remembered, so that they
/// can be written to a file, or taken from one.
///
/// The file: "palimpsest-pack1", a key of 64 bytes that names all that the weights depend on, the
/// number of matrices, then for each rows, columns, format and place, all 64-bit little-endian. The
/// matrices begin at multiples of 64 bytes and 64 bytes follow the last. A file holds bytes of
/// weights alone, so one that was tampered with gives wrong numbers at worst.
@safe public final class PackedWeights {
  private struct Entry {
    var rows: Int
    var columns: Int
    var format: LinearWeights.Format
    var place: Int
  }

  private static let magic = Array("palimpsest-pack1".utf8)
  private static let headerBytes = 16 + 64 + 8
  private static let entryBytes = 32
  private static let formats = LinearWeights.Format.allCases

  private let key: [UInt8]
  private let level: KernelLevel
  /// What a file holds; empty without one.
  private var entries: [Entry] = []
  private var file: (base: UnsafeRawPointer, owner: any AnyObject & Sendable)?
  private var given: [LinearWeights] = []
  /// Whether all that was asked for came from the file.
  public private(set) var isFromFile = false

  /// Without a file: all will be packed. `key` is 64 characters of ASCII.
  public init(key: String, level: KernelLevel) {
    self.key = Array(key.utf8)
    self.level = level
    precondition(self.key.count == 64, "a key of \(self.key.count) bytes")
  }

  /// With the file `bytes`, aligned to 64, that `owner` keeps; it is ignored unless it is whole and
  /// has this key.
  public convenience init(
    key: String, level: KernelLevel, bytes: UnsafeRawBufferPointer,
    owner: any AnyObject & Sendable
  ) {
    self.init(key: key, level: level)
    guard let base = bytes.baseAddress,
      let entries = unsafe Self.entries(bytes, key: self.key, level: level)
    else { return }
    self.entries = entries
    unsafe file = (base, owner)
    isFromFile = true
  }

  /// The entries of a file; nil where anything about it is wrong.
  private static func entries(
    _ bytes: UnsafeRawBufferPointer, key: [UInt8], level: KernelLevel
  ) -> [Entry]? {
    guard bytes.count >= headerBytes, UInt(bitPattern: bytes.baseAddress).isMultiple(of: 64),
      unsafe bytes[0..<16].elementsEqual(magic), unsafe bytes[16..<80].elementsEqual(key)
    else { return nil }
    func integer(_ offset: Int) -> Int {
      unsafe Int(Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Int64.self)))
    }
    let count = integer(80)
    guard count >= 0, count <= (bytes.count - headerBytes) / entryBytes else { return nil }
    var entries: [Entry] = []
    for index in 0..<count {
      let at = headerBytes + index * entryBytes
      let (rows, columns, format, place) = (
        integer(at), integer(at + 8), integer(at + 16), integer(at + 24)
      )
      let limit = 1 << 26
      guard 0...limit ~= rows, 0...limit ~= columns, formats.indices.contains(format),
        place >= 0, place.isMultiple(of: 64), place <= bytes.count
      else { return nil }
      let size = LinearWeights.Layout(formats[format], level).byteCount(
        rows: rows, columns: columns)
      guard size <= bytes.count - place - 64 else { return nil }
      entries.append(Entry(rows: rows, columns: columns, format: formats[format], place: place))
    }
    return entries
  }

  /// The next matrix: from the file where it has one of this shape in this place, else what `make`
  /// packs.
  public func next(rows: Int, columns: Int, _ make: () throws -> LinearWeights) rethrows
    -> LinearWeights
  {
    if let file = unsafe file, entries.indices.contains(given.count) {
      let entry = entries[given.count]
      if entry.rows == rows && entry.columns == columns {
        let size = LinearWeights.Layout(entry.format, level)
          .byteCount(rows: rows, columns: columns)
        let storage = unsafe AlignedBuffer(
          at: file.base + entry.place, byteCount: size, owner: file.owner)
        given.append(
          LinearWeights(
            rows: rows, columns: columns, format: entry.format, level: level, storage: storage))
        return given[given.count - 1]
      }
    }
    isFromFile = false
    given.append(try make())
    return given[given.count - 1]
  }

  /// Bytes of all matrices asked for.
  public var byteCount: Int { given.reduce(0) { $0 + $1.byteCount } }

  /// What writes the file, free of this object: it may be used on another thread.
  public var contents: Contents {
    Contents(key: key, weights: given)
  }

  public struct Contents: Sendable {
    let key: [UInt8]
    let weights: [LinearWeights]

    /// Calls `write` with the pieces of the file, in order.
    public func write(_ write: (UnsafeRawBufferPointer) throws -> Void) rethrows {
      var header = PackedWeights.magic + key
      func append(_ value: Int) {
        unsafe withUnsafeBytes(of: Int64(value).littleEndian) {
          unsafe header.append(contentsOf: $0)
        }
      }
      append(weights.count)
      var place = PackedWeights.headerBytes + weights.count * PackedWeights.entryBytes
      place = (place + 63) / 64 * 64
      let first = place
      for weights in weights {
        append(weights.rows)
        append(weights.columns)
        append(PackedWeights.formats.prefix { $0 != weights.format }.count)
        append(place)
        place += (weights.byteCount + 63) / 64 * 64
      }
      header += [UInt8](repeating: 0, count: first - header.count)
      unsafe try header.withUnsafeBytes(write)
      for weights in weights {
        let size = (weights.byteCount + 63) / 64 * 64
        unsafe try write(UnsafeRawBufferPointer(rebasing: weights.storage.bytes[..<size]))
      }
      unsafe try [UInt8](repeating: 0, count: 64).withUnsafeBytes(write)
    }
  }
}
