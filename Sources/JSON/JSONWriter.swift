extension JSONValue {
  /// Where a serialised document goes, which decides what its strings escape.
  public enum Destination: Sendable {
    case file
    /// The `script` element of a web page: `<`, `>` and `&` are escaped too, so that no text ends it.
    case script
  }

  /// The document as text without spaces, members in their order. Numbers that are not finite,
  /// which JSON lacks, become `null`. O(bytes).
  public func serialized(for destination: Destination = .file) -> String {
    var writer = JSONWriter(destination: destination)
    writer.write(self)
    return String(decoding: writer.output, as: UTF8.self)
  }
}

private struct JSONWriter {
  let destination: JSONValue.Destination
  var output: [UInt8] = []

  mutating func write(_ value: JSONValue) {
    switch value {
    case .null: output += "null".utf8
    case .bool(let value): output += (value ? "true" : "false").utf8
    case .integer(let value): output += "\(value)".utf8
    case .number(let value): output += (value.isFinite ? "\(value)" : "null").utf8
    case .string(let value): write(value)
    case .array(let values):
      output.append(UInt8(ascii: "["))
      for (index, value) in values.enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        write(value)
      }
      output.append(UInt8(ascii: "]"))
    case .object(let object):
      output.append(UInt8(ascii: "{"))
      for (index, (key, value)) in zip(object.keys, object.values).enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        write(key)
        output.append(UInt8(ascii: ":"))
        write(value)
      }
      output.append(UInt8(ascii: "}"))
    }
  }

  private mutating func write(_ text: String) {
    output.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): output += [UInt8(ascii: "\\"), byte]
      case 0x0A: output += "\\n".utf8
      case 0x0D: output += "\\r".utf8
      case 0x09: output += "\\t".utf8
      case 0..<0x20, 0x7F: escape(byte)
      case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"):
        if destination == .script { escape(byte) } else { output.append(byte) }
      default: output.append(byte)
      }
    }
    output.append(UInt8(ascii: "\""))
  }

  private mutating func escape(_ byte: UInt8) {
    let digits = String(byte, radix: 16)
    output += "\\u00\(digits.count < 2 ? "0" : "")\(digits)".utf8
  }
}
