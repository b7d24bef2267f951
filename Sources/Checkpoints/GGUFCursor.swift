internal import Strings

/// Reads the little-endian fields of a GGUF header. Every count is checked against the bytes left
/// before anything is allocated for it.
@unsafe
struct GGUFCursor {
  let bytes: UnsafeRawBufferPointer
  let file: String
  var position: Int

  init(_ bytes: UnsafeRawBufferPointer, file: String, position: Int) {
    unsafe self.bytes = bytes
    unsafe self.file = file
    unsafe self.position = position
  }

  var remaining: Int { unsafe bytes.count - position }

  func failure(_ field: String, expected: String, found: String) -> FileError {
    unsafe FileError(
      file: file, place: "\(field) at byte \(position)", expected: expected, found: found)
  }

  mutating func integer<T: FixedWidthInteger>(
    _ type: T.Type, _ field: @autoclosure () -> String
  ) throws(FileError) -> T {
    let size = MemoryLayout<T>.size
    guard unsafe remaining >= size else {
      throw unsafe failure(field(), expected: "\(size) bytes", found: "\(remaining)")
    }
    defer { unsafe position += size }
    return unsafe T(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: T.self))
  }

  /// A count of things that take at least `size` bytes each.
  mutating func count(
    of size: Int, _ field: @autoclosure () -> String
  ) throws(FileError) -> Int {
    let start = unsafe self
    let value = try unsafe integer(UInt64.self, field())
    guard value <= UInt64(unsafe remaining / size) else {
      throw unsafe start.failure(
        field(), expected: "at most \(remaining / size), as many as the file has room for",
        found: "\(value)")
    }
    return Int(value)
  }

  mutating func string(_ field: @autoclosure () -> String) throws(FileError) -> String {
    let length = try unsafe count(of: 1, field())
    let slice = unsafe UnsafeRawBufferPointer(rebasing: bytes[position..<(position + length)])
    guard let text = unsafe String(validating: slice, as: UTF8.self) else {
      throw unsafe failure(field(), expected: "UTF-8", found: "other bytes")
    }
    unsafe position += length
    return text
  }

  mutating func value(_ field: String) throws(FileError) -> GGUFValue {
    let type = try unsafe integer(UInt32.self, field)
    return try unsafe value(type: type, field, depth: 0)
  }

  private mutating func value(
    type: UInt32, _ field: String, depth: Int
  ) throws(FileError) -> GGUFValue {
    switch type {
    case 7: return .bool(try unsafe bool(field))
    case 8: return .string(try unsafe string(field))
    case 9: return try unsafe array(field, depth: depth)
    case 6, 12: return .float(try unsafe float(type: type, field))
    case 10:
      let value = try unsafe integer(UInt64.self, field)
      return Int(exactly: value).map(GGUFValue.integer) ?? .unsigned(value)
    default: return .integer(try unsafe smallInteger(type: type, field))
    }
  }

  private mutating func array(_ field: String, depth: Int) throws(FileError) -> GGUFValue {
    guard depth < 4 else {
      throw unsafe failure(field, expected: "at most 4 levels of arrays", found: "more")
    }
    let type = try unsafe integer(UInt32.self, field)
    let sizes = [1, 1, 2, 2, 4, 4, 4, 1, 8, 12, 8, 8, 8]
    guard Int(type) < sizes.count else { throw unsafe unknown(type, field) }
    let count = try unsafe count(of: sizes[Int(type)], field)
    switch type {
    case 6, 12:
      var values: [Double] = []
      values.reserveCapacity(count)
      for _ in 0..<count { values.append(try unsafe float(type: type, field)) }
      return .floats(values)
    case 7:
      var values: [Bool] = []
      values.reserveCapacity(count)
      for _ in 0..<count { values.append(try unsafe bool(field)) }
      return .bools(values)
    case 8:
      var values: [String] = []
      values.reserveCapacity(count)
      for index in 0..<count { values.append(try unsafe string("\(field)[\(index)]")) }
      return .strings(values)
    case 9:
      var values: [GGUFValue] = []
      for _ in 0..<count { values.append(try unsafe array(field, depth: depth + 1)) }
      return .arrays(values)
    default:
      var values: [Int] = []
      values.reserveCapacity(count)
      for _ in 0..<count { values.append(try unsafe smallInteger(type: type, field)) }
      return .integers(values)
    }
  }

  private mutating func bool(_ field: String) throws(FileError) -> Bool {
    let value = try unsafe integer(UInt8.self, field)
    guard value <= 1 else { throw unsafe failure(field, expected: "0 or 1", found: "\(value)") }
    return value == 1
  }

  private mutating func float(type: UInt32, _ field: String) throws(FileError) -> Double {
    type == 6
      ? Double(Float(bitPattern: try unsafe integer(UInt32.self, field)))
      : Double(bitPattern: try unsafe integer(UInt64.self, field))
  }

  private mutating func smallInteger(
    type: UInt32, _ field: String
  ) throws(FileError) -> Int {
    switch type {
    case 0: return Int(try unsafe integer(UInt8.self, field))
    case 1: return Int(try unsafe integer(Int8.self, field))
    case 2: return Int(try unsafe integer(UInt16.self, field))
    case 3: return Int(try unsafe integer(Int16.self, field))
    case 4: return Int(try unsafe integer(UInt32.self, field))
    case 5: return Int(try unsafe integer(Int32.self, field))
    case 10:
      let value = try unsafe integer(UInt64.self, field)
      guard let value = Int(exactly: value) else {
        throw unsafe failure(field, expected: "an integer below 2^63", found: "\(value)")
      }
      return value
    case 11: return Int(try unsafe integer(Int64.self, field))
    default: throw unsafe unknown(type, field)
    }
  }

  private func unknown(_ type: UInt32, _ field: String) -> FileError {
    unsafe failure(field, expected: "a GGUF value type, 0 to 12", found: "\(type)")
  }
}
