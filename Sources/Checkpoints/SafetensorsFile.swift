internal import JSON
public import Strings
public import Tensors

/// A safetensors file: eight bytes of header length, a JSON header, tensor data.
///
/// The header must meet the rules of the reference reader: ranges inside the data, in sequence
/// without gap or overlap, of shape times element size.
public struct SafetensorsFile: Sendable {
  /// A tensor as the header lists it, whether or not its type can be used.
  public struct Entry: Sendable, Equatable {
    public let name: String
    /// As spelled in the file: `F32`, `BF16`, `I64`, ...
    public let type: String
    public let shape: [Int]
    /// Where in the tensor data.
    public let range: Range<Int>
  }

  public let path: String
  public let metadata: [String: String]
  /// All tensors by name.
  public let entries: [String: Entry]
  /// The tensors of types F32, F16 and BF16, memory-mapped.
  public let tensors: [String: Tensor]
  /// Names by place in the file.
  public let tensorNames: [String]
  /// Size of the whole file in bytes.
  public let fileSize: Int
  private let file: MappedFile
  /// Where the tensor data begins.
  private let dataStart: Int

  /// Maps the file and reads its header. O(header); tensor data is not touched.
  public init(path: String) throws(FileError) {
    try self.init(MappedFile(path: path))
  }

  /// As `MappedFile.releasePages`.
  public func releasePages() { file.releasePages() }

  /// Reads the header of an open file; the tensors keep it alive.
  public init(_ file: MappedFile) throws(FileError) {
    self.file = file
    let header = try Self.header(file)
    let object = header.value
    let room = file.count - header.end
    metadata = try Self.metadata(object["__metadata__"], file.path)

    var entries: [Entry] = []
    for (name, value) in zip(object.keys, object.values) where name != "__metadata__" {
      entries.append(try Entry(name, value, room: room, file: file.path))
    }
    entries.sort {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    var end = 0
    for entry in entries {
      guard entry.range.lowerBound == end else {
        throw FileError(
          file: file.path, place: "tensor \(entry.name.quotedForMessage)",
          expected: "data that begins at \(end), where the tensor before it ends",
          found: "\(entry.range.lowerBound)")
      }
      end = entry.range.upperBound
    }
    guard end == room else {
      throw FileError(
        file: file.path, place: "tensor data", expected: "\(end) bytes", found: "\(room)")
    }

    var tensors: [String: Tensor] = [:]
    var table: [String: Entry] = [:]
    for entry in entries {
      table[entry.name] = entry
      guard let type = Entry.elementTypes[entry.type] else { continue }
      let range = (header.end + entry.range.lowerBound)..<(header.end + entry.range.upperBound)
      let bytes = unsafe UnsafeRawBufferPointer(rebasing: file.bytes[range])
      tensors[entry.name] = unsafe Tensor(
        type: type, shape: entry.shape, bytes: bytes, owner: file)
    }
    path = file.path
    fileSize = file.count
    dataStart = header.end
    self.entries = table
    self.tensors = tensors
    tensorNames = entries.map(\.name)
  }

  /// The tensor `name`.
  public func tensor(_ name: String) throws(FileError) -> Tensor {
    if let tensor = tensors[name] { return tensor }
    let place = "tensor \(name.quotedForMessage)"
    if let entry = entries[name] {
      throw FileError(
        file: path, place: place, expected: "type F32, F16 or BF16", found: entry.type)
    }
    throw FileError(
      file: path, place: place, expected: "the tensor", found: "none of this name")
  }

  /// A copy of the stored bytes of the tensor `name`, of whatever type. O(bytes).
  public func bytes(of name: String) throws(FileError) -> [UInt8] {
    guard let range = entries[name]?.range else {
      throw FileError(
        file: path, place: "tensor \(name.quotedForMessage)", expected: "the tensor",
        found: "none of this name")
    }
    return unsafe Array(
      file.bytes[dataStart + range.lowerBound..<dataStart + range.upperBound])
  }

  private static func header(
    _ file: MappedFile
  ) throws(FileError) -> (value: JSONObject, end: Int) {
    let place = "header length"
    guard file.count >= 8 else {
      throw FileError(
        file: file.path, place: place, expected: "8 bytes", found: "\(file.count)")
    }
    let length = unsafe UInt64(littleEndian: file.bytes.loadUnaligned(as: UInt64.self))
    let limit = min(file.count - 8, 100_000_000)
    guard length <= UInt64(limit) else {
      throw FileError(
        file: file.path, place: place, expected: "at most \(limit) bytes", found: "\(length)")
    }
    let end = 8 + Int(length)
    let value = try JSONValue.parse(file, 8..<end)
    guard let object = value.object else {
      throw FileError(
        file: file.path, place: "header", expected: "an object", found: value.summary)
    }
    return (object, end)
  }

  private static func metadata(
    _ value: JSONValue?, _ file: String
  ) throws(FileError) -> [String: String] {
    guard let value else { return [:] }
    guard let object = value.object else {
      throw FileError(
        file: file, place: "__metadata__", expected: "an object", found: value.summary)
    }
    var result: [String: String] = [:]
    for (key, value) in zip(object.keys, object.values) {
      guard let text = value.string else {
        throw FileError(
          file: file, place: "__metadata__ \(key.quotedForMessage)", expected: "a string",
          found: value.summary)
      }
      result[key] = text
    }
    return result
  }
}

extension SafetensorsFile.Entry {
  static let elementTypes: [String: ElementType] = ["F32": .f32, "F16": .f16, "BF16": .bf16]

  /// Bytes an element takes, of the types whose elements are whole bytes.
  private static let sizes: [String: Int] = [
    "BOOL": 1, "U8": 1, "I8": 1, "F8_E4M3": 1, "F8_E5M2": 1, "F8_E8M0": 1, "I16": 2, "U16": 2,
    "F16": 2, "BF16": 2, "I32": 4, "U32": 4, "F32": 4, "I64": 8, "U64": 8, "F64": 8, "C64": 8,
  ]

  fileprivate init(
    _ name: String, _ value: JSONValue, room: Int, file: String
  ) throws(FileError) {
    func failure(_ field: String, _ expected: String, _ found: String) -> FileError {
      FileError(
        file: file, place: "tensor \(name.quotedForMessage), \(field)", expected: expected,
        found: found)
    }
    func numbers(_ field: String) throws(FileError) -> [Int] {
      guard let list = value[field]?.array else {
        throw failure(field, "a list of numbers", value[field]?.summary ?? "nothing")
      }
      var result: [Int] = []
      for element in list {
        guard case .integer(let number) = element, number >= 0 else {
          throw failure(field, "numbers from 0", element.summary)
        }
        result.append(number)
      }
      return result
    }
    guard let type = value["dtype"]?.string else {
      throw failure("dtype", "a type", value["dtype"]?.summary ?? "nothing")
    }
    let shape = try numbers("shape")
    let offsets = try numbers("data_offsets")
    guard offsets.count == 2, offsets[0] <= offsets[1], offsets[1] <= room else {
      throw failure(
        "data_offsets", "two ascending offsets within \(room) bytes of data", "\(offsets)")
    }
    if let size = Self.sizes[type] {
      var product = size
      for length in shape {
        let (next, overflow) = product.multipliedReportingOverflow(by: length)
        if overflow { throw failure("shape", "a product that fits", "\(shape)") }
        product = next
      }
      guard product == offsets[1] - offsets[0] else {
        throw failure(
          "data_offsets", "\(product) bytes for \(type) \(shape)", "\(offsets[1] - offsets[0])")
      }
    }
    self.name = name
    self.type = type
    self.shape = shape
    range = offsets[0]..<offsets[1]
  }
}
