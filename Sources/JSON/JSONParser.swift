public import Strings

extension JSONValue {
  /// Parses one document (RFC 8259). Strings must be valid UTF-8 with paired surrogate escapes,
  /// nesting ends at 128 levels. Errors name line and column, both from 1, columns in bytes.
  ///
  /// O(bytes); the value takes at most some twenty times the memory of the text.
  public static func parse(_ bytes: [UInt8], file: String) throws(FileError) -> JSONValue {
    var parser = JSONParser(bytes: bytes)
    do throws(JSONParser.Failure) {
      return try parser.document()
    } catch {
      throw parser.located(error, file: file)
    }
  }
}

/// Recursive descent.
private struct JSONParser {
  struct Failure: Error {
    var offset: Int
    var expected: String
    var found: String?
  }

  let bytes: [UInt8]
  var position = 0
  var depth = 0

  mutating func document() throws(Failure) -> JSONValue {
    let result = try value()
    skipSpace()
    guard position == bytes.count else { throw unexpected("the end of the document") }
    return result
  }

  func located(_ failure: Failure, file: String) -> FileError {
    var line = 1
    var column = 1
    for index in 0..<failure.offset {
      if bytes[index] == UInt8(ascii: "\n") {
        line += 1
        column = 1
      } else {
        column += 1
      }
    }
    return FileError(
      file: file, place: "\(line):\(column)", expected: failure.expected,
      found: failure.found ?? describe(failure.offset))
  }

  private func describe(_ offset: Int) -> String {
    guard offset < bytes.count else { return "the end of the file" }
    let byte = bytes[offset]
    return 0x20..<0x7F ~= byte
      ? "“\(Character(Unicode.Scalar(byte)))”" : "byte 0x\(String(byte, radix: 16))"
  }

  private func unexpected(_ expected: String, at offset: Int? = nil, found: String? = nil)
    -> Failure
  {
    Failure(offset: offset ?? position, expected: expected, found: found)
  }

  private mutating func skipSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x0A, 0x0D, 0x09: position += 1
      default: return
      }
    }
  }

  /// The next byte, or 0 at the end; 0 is not part of any JSON token.
  private var next: UInt8 { position < bytes.count ? bytes[position] : 0 }

  private mutating func value() throws(Failure) -> JSONValue {
    skipSpace()
    switch next {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default: throw unexpected("a JSON value")
    }
  }

  private mutating func word(_ text: String, _ value: JSONValue) throws(Failure) -> JSONValue {
    let start = position
    for byte in text.utf8 {
      guard next == byte else {
        throw unexpected("“\(text)”", at: start, found: "another word")
      }
      position += 1
    }
    return value
  }

  private mutating func enter() throws(Failure) {
    depth += 1
    if depth > 128 { throw unexpected("at most 128 levels", found: "more") }
    position += 1
    skipSpace()
  }

  private mutating func array() throws(Failure) -> JSONValue {
    try enter()
    defer { depth -= 1 }
    var values: [JSONValue] = []
    if next == UInt8(ascii: "]") {
      position += 1
      return .array(values)
    }
    while true {
      values.append(try value())
      skipSpace()
      let separator = next
      guard separator == UInt8(ascii: ",") || separator == UInt8(ascii: "]") else {
        throw unexpected("“,” or “]”")
      }
      position += 1
      if separator == UInt8(ascii: "]") { return .array(values) }
    }
  }

  private mutating func object() throws(Failure) -> JSONValue {
    try enter()
    defer { depth -= 1 }
    var members = JSONObject()
    if next == UInt8(ascii: "}") {
      position += 1
      return .object(members)
    }
    while true {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw unexpected("a key in quotes") }
      let key = try string()
      skipSpace()
      guard next == UInt8(ascii: ":") else { throw unexpected("“:”") }
      position += 1
      members[key] = try value()
      skipSpace()
      let separator = next
      guard separator == UInt8(ascii: ",") || separator == UInt8(ascii: "}") else {
        throw unexpected("“,” or “}”")
      }
      position += 1
      if separator == UInt8(ascii: "}") { return .object(members) }
    }
  }

  private mutating func number() throws(Failure) -> JSONValue {
    let start = position
    if next == UInt8(ascii: "-") { position += 1 }
    let leadsWithZero = next == UInt8(ascii: "0")
    let whole = try digits()
    if leadsWithZero && whole > 1 {
      throw unexpected("a number", at: start, found: "a leading zero")
    }
    var isInteger = true
    if next == UInt8(ascii: ".") {
      isInteger = false
      position += 1
      _ = try digits()
    }
    if next | 0x20 == UInt8(ascii: "e") {
      isInteger = false
      position += 1
      if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
      _ = try digits()
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isInteger, let value = Int(text) { return .integer(value) }
    guard let value = Double(text), value.isFinite else {
      throw unexpected("a number in the range of Double", at: start, found: "a larger one")
    }
    return .number(value)
  }

  private mutating func digits() throws(Failure) -> Int {
    let start = position
    while UInt8(ascii: "0")...UInt8(ascii: "9") ~= next { position += 1 }
    guard position > start else { throw unexpected("a digit") }
    return position - start
  }

  private mutating func string() throws(Failure) -> String {
    position += 1
    let start = position
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\"") {
        let text = try text(start..<position)
        position += 1
        return text
      }
      if byte == UInt8(ascii: "\\") { return try escapedString(from: start) }
      guard byte >= 0x20 else { throw unexpected("no control character in a string") }
      position += 1
    }
    throw unexpected("the end of a string")
  }

  private func text(_ range: Range<Int>) throws(Failure) -> String {
    guard let text = String(validating: bytes[range], as: UTF8.self) else {
      throw unexpected("UTF-8", at: range.lowerBound, found: "a string with other bytes")
    }
    return text
  }

  /// A string that holds escapes, its first one at `position`.
  private mutating func escapedString(from start: Int) throws(Failure) -> String {
    var result = try text(start..<position)
    var plain = position
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\"") {
        result += try text(plain..<position)
        position += 1
        return result
      }
      if byte == UInt8(ascii: "\\") {
        result += try text(plain..<position)
        result.unicodeScalars.append(try escape())
        plain = position
        continue
      }
      guard byte >= 0x20 else { throw unexpected("no control character in a string") }
      position += 1
    }
    throw unexpected("the end of a string")
  }

  private mutating func escape() throws(Failure) -> Unicode.Scalar {
    let start = position
    position += 1
    let letter = next
    position += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): break
    default: throw unexpected("an escape of JSON", at: start, found: "another one")
    }
    let first = try hexadecimal()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard first < 0xDC00, next == UInt8(ascii: "\\"), position + 1 < bytes.count,
      bytes[position + 1] == UInt8(ascii: "u")
    else { throw unexpected("a pair of surrogates", at: start, found: "one") }
    position += 2
    let second = try hexadecimal()
    guard 0xDC00..<0xE000 ~= second,
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { throw unexpected("a pair of surrogates", at: start, found: "one") }
    return scalar
  }

  private mutating func hexadecimal() throws(Failure) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = Character(Unicode.Scalar(next)).hexDigitValue else {
        throw unexpected("four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }
}
