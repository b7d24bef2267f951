extension JSONValue {
  /// Parses one document (RFC 8259). Strings must be valid UTF-8 with paired surrogate escapes,
  /// nesting ends at 128 levels. Errors name line and column, both from 1, columns in bytes.
  ///
  /// O(bytes); the value takes at most some twenty times the memory of the text.
  public static func parse(_ bytes: [UInt8], file: String) throws(CheckpointError) -> JSONValue {
    let result = unsafe bytes.withUnsafeBytes { (buffer) -> Result<JSONValue, CheckpointError> in
      unsafe parse(buffer: buffer, file: file)
    }
    return try result.get()
  }

  /// Parses a mapped file.
  public static func parse(_ file: MappedFile) throws(CheckpointError) -> JSONValue {
    try unsafe parse(buffer: file.bytes, file: file.path).get()
  }

  static func parse(
    buffer: UnsafeRawBufferPointer, file: String
  ) -> Result<JSONValue, CheckpointError> {
    var parser = unsafe JSONParser(bytes: buffer)
    do throws(JSONParser.Failure) {
      return .success(try unsafe parser.document())
    } catch {
      return .failure(unsafe parser.located(error, file: file))
    }
  }
}

/// Recursive descent over bytes that outlive it.
@unsafe
private struct JSONParser {
  struct Failure: Error {
    var offset: Int
    var expected: String
    var found: String?
  }

  let bytes: UnsafeRawBufferPointer
  var position = 0
  var depth = 0

  init(bytes: UnsafeRawBufferPointer) { unsafe self.bytes = bytes }

  mutating func document() throws(Failure) -> JSONValue {
    let result = try unsafe value()
    unsafe skipSpace()
    guard unsafe position == bytes.count else { throw unsafe unexpected("the end of the document") }
    return result
  }

  func located(_ failure: Failure, file: String) -> CheckpointError {
    var line = 1
    var column = 1
    for index in 0..<failure.offset {
      if unsafe bytes[index] == UInt8(ascii: "\n") {
        line += 1
        column = 1
      } else {
        column += 1
      }
    }
    return CheckpointError(
      file: file, place: "\(line):\(column)", expected: failure.expected,
      found: failure.found ?? (unsafe describe(failure.offset)))
  }

  private func describe(_ offset: Int) -> String {
    guard unsafe offset < bytes.count else { return "the end of the file" }
    let byte = unsafe bytes[offset]
    return 0x20..<0x7F ~= byte
      ? "“\(Character(Unicode.Scalar(byte)))”" : "byte 0x\(String(byte, radix: 16))"
  }

  private func unexpected(_ expected: String, at offset: Int? = nil, found: String? = nil)
    -> Failure
  {
    unsafe Failure(offset: offset ?? position, expected: expected, found: found)
  }

  private mutating func skipSpace() {
    while unsafe position < bytes.count {
      switch unsafe bytes[position] {
      case 0x20, 0x0A, 0x0D, 0x09: unsafe position += 1
      default: return
      }
    }
  }

  /// The next byte, or 0 at the end; 0 is not part of any JSON token.
  private var next: UInt8 { unsafe position < bytes.count ? bytes[position] : 0 }

  private mutating func value() throws(Failure) -> JSONValue {
    unsafe skipSpace()
    switch unsafe next {
    case UInt8(ascii: "{"): return try unsafe object()
    case UInt8(ascii: "["): return try unsafe array()
    case UInt8(ascii: "\""): return .string(try unsafe string())
    case UInt8(ascii: "t"): return try unsafe word("true", .bool(true))
    case UInt8(ascii: "f"): return try unsafe word("false", .bool(false))
    case UInt8(ascii: "n"): return try unsafe word("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try unsafe number()
    default: throw unsafe unexpected("a JSON value")
    }
  }

  private mutating func word(_ text: StaticString, _ value: JSONValue) throws(Failure) -> JSONValue
  {
    let start = unsafe position
    for index in 0..<text.utf8CodeUnitCount {
      guard unsafe next == text.utf8Start[index] else {
        throw unsafe unexpected("“\(text)”", at: start, found: "another word")
      }
      unsafe position += 1
    }
    return value
  }

  private mutating func enter() throws(Failure) {
    unsafe depth += 1
    if unsafe depth > 128 { throw unsafe unexpected("at most 128 levels", found: "more") }
    unsafe position += 1
    unsafe skipSpace()
  }

  private mutating func array() throws(Failure) -> JSONValue {
    try unsafe enter()
    defer { unsafe depth -= 1 }
    var values: [JSONValue] = []
    if unsafe next == UInt8(ascii: "]") {
      unsafe position += 1
      return .array(values)
    }
    while true {
      values.append(try unsafe value())
      unsafe skipSpace()
      let separator = unsafe next
      guard separator == UInt8(ascii: ",") || separator == UInt8(ascii: "]") else {
        throw unsafe unexpected("“,” or “]”")
      }
      unsafe position += 1
      if separator == UInt8(ascii: "]") { return .array(values) }
    }
  }

  private mutating func object() throws(Failure) -> JSONValue {
    try unsafe enter()
    defer { unsafe depth -= 1 }
    var members = JSONObject()
    if unsafe next == UInt8(ascii: "}") {
      unsafe position += 1
      return .object(members)
    }
    while true {
      unsafe skipSpace()
      guard unsafe next == UInt8(ascii: "\"") else { throw unsafe unexpected("a key in quotes") }
      let key = try unsafe string()
      unsafe skipSpace()
      guard unsafe next == UInt8(ascii: ":") else { throw unsafe unexpected("“:”") }
      unsafe position += 1
      members[key] = try unsafe value()
      unsafe skipSpace()
      let separator = unsafe next
      guard separator == UInt8(ascii: ",") || separator == UInt8(ascii: "}") else {
        throw unsafe unexpected("“,” or “}”")
      }
      unsafe position += 1
      if separator == UInt8(ascii: "}") { return .object(members) }
    }
  }

  private mutating func number() throws(Failure) -> JSONValue {
    let start = unsafe position
    if unsafe next == UInt8(ascii: "-") { unsafe position += 1 }
    let leadsWithZero = unsafe next == UInt8(ascii: "0")
    let whole = try unsafe digits()
    if leadsWithZero && whole > 1 {
      throw unsafe unexpected("a number", at: start, found: "a leading zero")
    }
    var isInteger = true
    if unsafe next == UInt8(ascii: ".") {
      isInteger = false
      unsafe position += 1
      _ = try unsafe digits()
    }
    if unsafe next | 0x20 == UInt8(ascii: "e") {
      isInteger = false
      unsafe position += 1
      if unsafe next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { unsafe position += 1 }
      _ = try unsafe digits()
    }
    let text = unsafe String(decoding: bytes[start..<position], as: UTF8.self)
    if isInteger, let value = Int(text) { return .integer(value) }
    guard let value = Double(text), value.isFinite else {
      throw unsafe unexpected("a number in the range of Double", at: start, found: "a larger one")
    }
    return .number(value)
  }

  private mutating func digits() throws(Failure) -> Int {
    let start = unsafe position
    while unsafe UInt8(ascii: "0")...UInt8(ascii: "9") ~= next { unsafe position += 1 }
    guard unsafe position > start else { throw unsafe unexpected("a digit") }
    return unsafe position - start
  }

  private mutating func string() throws(Failure) -> String {
    unsafe position += 1
    let start = unsafe position
    while unsafe position < bytes.count {
      let byte = unsafe bytes[position]
      if byte == UInt8(ascii: "\"") {
        let text = try unsafe text(start..<position)
        unsafe position += 1
        return text
      }
      if byte == UInt8(ascii: "\\") { return try unsafe escapedString(from: start) }
      guard byte >= 0x20 else { throw unsafe unexpected("no control character in a string") }
      unsafe position += 1
    }
    throw unsafe unexpected("the end of a string")
  }

  private func text(_ range: Range<Int>) throws(Failure) -> String {
    let slice = unsafe UnsafeRawBufferPointer(rebasing: bytes[range])
    guard let text = unsafe String(validating: slice, as: UTF8.self) else {
      throw unsafe unexpected("UTF-8", at: range.lowerBound, found: "a string with other bytes")
    }
    return text
  }

  /// A string that holds escapes, its first one at `position`.
  private mutating func escapedString(from start: Int) throws(Failure) -> String {
    var result = try unsafe text(start..<position)
    var plain = unsafe position
    while unsafe position < bytes.count {
      let byte = unsafe bytes[position]
      if byte == UInt8(ascii: "\"") {
        result += try unsafe text(plain..<position)
        unsafe position += 1
        return result
      }
      if byte == UInt8(ascii: "\\") {
        result += try unsafe text(plain..<position)
        result.unicodeScalars.append(try unsafe escape())
        plain = unsafe position
        continue
      }
      guard byte >= 0x20 else { throw unsafe unexpected("no control character in a string") }
      unsafe position += 1
    }
    throw unsafe unexpected("the end of a string")
  }

  private mutating func escape() throws(Failure) -> Unicode.Scalar {
    let start = unsafe position
    unsafe position += 1
    let letter = unsafe next
    unsafe position += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): break
    default: throw unsafe unexpected("an escape of JSON", at: start, found: "another one")
    }
    let first = try unsafe hexadecimal()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard first < 0xDC00, unsafe next == UInt8(ascii: "\\"), unsafe position + 1 < bytes.count,
      unsafe bytes[position + 1] == UInt8(ascii: "u")
    else { throw unsafe unexpected("a pair of surrogates", at: start, found: "one") }
    unsafe position += 2
    let second = try unsafe hexadecimal()
    guard 0xDC00..<0xE000 ~= second,
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { throw unsafe unexpected("a pair of surrogates", at: start, found: "one") }
    return scalar
  }

  private mutating func hexadecimal() throws(Failure) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = unsafe Character(Unicode.Scalar(next)).hexDigitValue else {
        throw unsafe unexpected("four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
      unsafe position += 1
    }
    return value
  }
}
