public import Strings
public import Tensors

/// A GGUF file, versions 2 and 3, little-endian: metadata and memory-mapped tensors.
///
/// The layout is that of the GGUF specification: magic, version, counts, key-value pairs, tensor
/// records, padding to `general.alignment`, tensor data.
public struct GGUFFile: Sendable {
  public let path: String
  public let version: Int
  public let metadata: [String: GGUFValue]
  /// Tensors by name. Shapes are row-major, outermost first: the reverse of the file's, so that a
  /// weight is `[out, in]`.
  public let tensors: [String: Tensor]
  /// Names in the order of the file.
  public let tensorNames: [String]
  /// Size of the whole file in bytes.
  public let fileSize: Int
  private let file: MappedFile
  /// Byte ranges of the metadata pairs (key, type and value), in file order.
  private let pairs: [(key: String, range: Range<Int>)]

  /// Maps the file and reads its header. O(header); tensor data is not touched.
  public init(path: String) throws(FileError) {
    try self.init(MappedFile(path: path))
  }

  /// As `MappedFile.releasePages`.
  public func releasePages() { file.releasePages() }

  /// Reads the header of an open file; the tensors keep it alive.
  public init(_ file: MappedFile) throws(FileError) {
    self.file = file
    var cursor = unsafe GGUFCursor(file.bytes, file: file.path, position: 0)
    let version = try unsafe Self.version(&cursor)
    // A record is a name, one dimension, a type and an offset; a pair a key, a type and a byte.
    let tensorCount = try unsafe cursor.count(of: 8 + 4 + 8 + 4 + 8, "tensor count")
    let pairCount = try unsafe cursor.count(of: 8 + 4 + 1, "metadata count")
    let (metadata, pairs) = try unsafe Self.metadata(&cursor, pairCount)
    let alignment = try Self.alignment(metadata, file: file.path)

    var records: [TensorRecord] = []
    records.reserveCapacity(tensorCount)
    for index in 0..<tensorCount { records.append(try unsafe TensorRecord(&cursor, index)) }

    let data = (unsafe cursor.position + alignment - 1) / alignment * alignment
    var tensors: [String: Tensor] = [:]
    tensors.reserveCapacity(tensorCount)
    for record in records {
      let range = try record.range(data: data, alignment: alignment, file: file)
      let bytes = unsafe UnsafeRawBufferPointer(rebasing: file.bytes[range])
      let tensor = unsafe Tensor(
        type: record.type, shape: record.shape, bytes: bytes, owner: file)
      guard tensors.updateValue(tensor, forKey: record.name) == nil else {
        throw FileError(
          file: file.path, place: "tensor \(record.name.quotedForMessage)",
          expected: "one tensor of this name", found: "two")
      }
    }
    self.path = file.path
    self.pairs = pairs
    self.version = version
    self.metadata = metadata
    self.tensors = tensors
    tensorNames = records.map(\.name)
    fileSize = file.count
  }

  private static func version(_ cursor: inout GGUFCursor) throws(FileError) -> Int {
    let start = unsafe cursor
    let magic = try unsafe cursor.integer(UInt32.self, "magic")
    guard magic == 0x4655_4747 else {
      throw unsafe start.failure(
        "magic", expected: "“GGUF”", found: "0x\(String(magic.byteSwapped, radix: 16))")
    }
    let versionStart = unsafe cursor
    let version = try unsafe cursor.integer(UInt32.self, "version")
    guard version == 2 || version == 3 else {
      let isSwapped = version.byteSwapped == 2 || version.byteSwapped == 3
      throw unsafe versionStart.failure(
        "version", expected: "2 or 3", found: isSwapped ? "a big-endian file" : "\(version)")
    }
    return Int(version)
  }

  private static func metadata(
    _ cursor: inout GGUFCursor, _ count: Int
  ) throws(FileError) -> ([String: GGUFValue], [(key: String, range: Range<Int>)]) {
    var metadata: [String: GGUFValue] = [:]
    metadata.reserveCapacity(count)
    var pairs: [(key: String, range: Range<Int>)] = []
    for index in 0..<count {
      let start = unsafe cursor.position
      let key = try unsafe cursor.string("metadata key \(index)")
      let value = try unsafe cursor.value(key.quotedForMessage)
      guard metadata.updateValue(value, forKey: key) == nil else {
        throw unsafe cursor.failure(
          key.quotedForMessage, expected: "one value of this key", found: "two")
      }
      pairs.append((key, start..<(unsafe cursor.position)))
    }
    return (metadata, pairs)
  }

  /// The bytes of the metadata pairs, in file order.
  public func encodedPairs() -> [(key: String, bytes: [UInt8])] {
    pairs.map { ($0.key, unsafe Array(file.bytes[$0.range])) }
  }

  private static func alignment(
    _ metadata: [String: GGUFValue], file: String
  ) throws(FileError) -> Int {
    guard let value = metadata["general.alignment"] else { return 32 }
    guard let alignment = value.int, 8...65536 ~= alignment, alignment & (alignment - 1) == 0
    else {
      throw FileError(
        file: file, place: "general.alignment", expected: "a power of two from 8 to 65536",
        found: value.summary)
    }
    return alignment
  }
}

/// One entry of the tensor table.
private struct TensorRecord {
  let name: String
  let type: ElementType
  /// Outermost first.
  let shape: [Int]
  let count: Int
  let offset: UInt64

  init(_ cursor: inout GGUFCursor, _ index: Int) throws(FileError) {
    name = try unsafe cursor.string("name of tensor \(index)")
    let place = "tensor \(name.quotedForMessage)"
    let rank = try unsafe cursor.integer(UInt32.self, "\(place), rank")
    guard 1...4 ~= rank else {
      throw unsafe cursor.failure("\(place), rank", expected: "1 to 4", found: "\(rank)")
    }
    var sizes: [Int] = []
    var count = 1
    for axis in 0..<rank {
      let size = try unsafe cursor.integer(UInt64.self, "\(place), size \(axis)")
      let (product, overflow) = count.multipliedReportingOverflow(by: Int(clamping: size))
      guard size > 0, !overflow, product < 1 << 56 else {
        throw unsafe cursor.failure(
          "\(place), size \(axis)", expected: "a positive size below 2^56 elements",
          found: "\(size)")
      }
      sizes.append(Int(size))
      count = product
    }
    shape = sizes.reversed()
    self.count = count
    let number = try unsafe cursor.integer(UInt32.self, "\(place), type")
    guard let type = GGUFTensorType.offered[number] else {
      let known = ElementType.allCases.map(\.rawValue).joined(separator: ", ")
      throw unsafe cursor.failure(
        "\(place), type", expected: "one of \(known)", found: GGUFTensorType.describe(number))
    }
    self.type = type
    guard sizes[0] % type.blockElements == 0 else {
      throw unsafe cursor.failure(
        "\(place), size 0", expected: "a multiple of \(type.blockElements) for \(type.rawValue)",
        found: "\(sizes[0])")
    }
    offset = try unsafe cursor.integer(UInt64.self, "\(place), offset")
  }

  /// Byte range of the tensor in the file, if the data section begins at `data`.
  func range(
    data: Int, alignment: Int, file: MappedFile
  ) throws(FileError) -> Range<Int> {
    let place = "tensor \(name.quotedForMessage)"
    guard offset % UInt64(alignment) == 0 else {
      throw FileError(
        file: file.path, place: "\(place), offset", expected: "a multiple of \(alignment)",
        found: "\(offset)")
    }
    let size = count / type.blockElements * type.blockBytes
    let room = max(file.count - data, 0)
    guard size <= room, offset <= UInt64(room - size) else {
      throw FileError(
        file: file.path, place: place,
        expected: "\(size) bytes at \(offset) of the tensor data", found: "\(room) bytes of it")
    }
    return (data + Int(offset))..<(data + Int(offset) + size)
  }
}
