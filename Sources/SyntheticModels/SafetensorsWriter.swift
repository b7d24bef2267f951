internal import JSON

/// Writes fp32 tensors in the safetensors format: eight bytes of header length, a JSON header, data.
package struct SafetensorsWriter {
  private var header = JSONObject()
  private var data: [UInt8] = []

  package init(metadata: [String: String] = [:]) {
    guard !metadata.isEmpty else { return }
    let sorted = metadata.sorted { $0.key < $1.key }
    header["__metadata__"] = .object(JSONObject(sorted.map { ($0.key, .string($0.value)) }))
  }

  /// Appends a tensor. Traps unless the number of values is that of the shape.
  package mutating func add(_ name: String, shape: [Int], _ values: [Float]) {
    precondition(values.count == shape.reduce(1, *), "\(name): \(values.count) for \(shape)")
    let start = data.count
    for value in values {
      let bits = value.bitPattern
      for shift in [0, 8, 16, 24] as [UInt32] {
        data.append(UInt8(truncatingIfNeeded: bits >> shift))
      }
    }
    header[name] = [
      "dtype": "F32", "shape": .array(shape.map { .integer($0) }),
      "data_offsets": [.integer(start), .integer(data.count)],
    ]
  }

  /// The file's bytes; the header is padded with blanks to a multiple of eight.
  package func bytes() -> [UInt8] {
    var text = Array(JSONValue.object(header).serialized().utf8)
    while text.count % 8 != 0 { text.append(UInt8(ascii: " ")) }
    let length = UInt64(text.count)
    let prefix = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * UInt64($0))) }
    return prefix + text + data
  }
}
