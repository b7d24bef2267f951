import Foundation
import Tensors

/// fp32 arrays of a safetensors file of golden values, by name.
struct GoldenArrays {
  var floats: [String: [Float]] = [:]

  init(path: String) throws {
    let data = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    let header = data[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    let json = try JSONSerialization.jsonObject(with: Data(data[8..<8 + header]))
    for (name, entry) in json as? [String: [String: Any]] ?? [:] {
      guard entry["dtype"] as? String == "F32", let range = entry["data_offsets"] as? [Int] else {
        continue
      }
      let bytes = data[8 + header + range[0]..<8 + header + range[1]]
      floats[name] = unsafe bytes.withUnsafeBytes { bytes in
        (0..<bytes.count / 4).map {
          unsafe bytes.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self)
        }
      }
    }
  }
}

/// The tensors of a well-formed GGUF file of golden blocks; no more of the format than that needs.
struct GoldenBlocks {
  var tensors: [String: Tensor] = [:]

  init(path: String) throws {
    var reader = Reader(bytes: [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))))
    reader.offset = 8
    let tensorCount = reader.integer(8)
    let pairCount = reader.integer(8)
    for _ in 0..<pairCount {
      _ = reader.string()
      reader.skipValue(type: reader.integer(4))
    }
    var infos: [(name: String, shape: [Int], type: Int, offset: Int)] = []
    for _ in 0..<tensorCount {
      let name = reader.string()
      let dimensions = reader.integer(4)
      let shape = (0..<dimensions).map { _ in reader.integer(8) }
      infos.append((name, shape.reversed(), reader.integer(4), reader.integer(8)))
    }
    let start = (reader.offset + 31) / 32 * 32
    for info in infos {
      guard let type = Self.types[info.type] else { continue }
      let size = type.byteCount(of: info.shape.reduce(1, *))!
      let owner = Bytes(Array(reader.bytes[start + info.offset..<start + info.offset + size]))
      tensors[info.name] = unsafe Tensor(
        type: type, shape: info.shape, bytes: owner.pointer, owner: owner)
    }
  }

  private static let types: [Int: ElementType] = [
    0: .f32, 1: .f16, 2: .q4_0, 3: .q4_1, 6: .q5_0, 7: .q5_1, 8: .q8_0, 10: .q2_K, 11: .q3_K,
    12: .q4_K, 13: .q5_K, 14: .q6_K, 20: .iq4_nl, 23: .iq4_xs, 30: .bf16,
  ]

  private struct Reader {
    var bytes: [UInt8]
    var offset = 0

    mutating func integer(_ size: Int) -> Int {
      offset += size
      return bytes[offset - size..<offset].reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    mutating func string() -> String {
      let count = integer(8)
      offset += count
      return String(decoding: bytes[offset - count..<offset], as: UTF8.self)
    }

    mutating func skipValue(type: Int) {
      switch type {
      case 0, 1, 7: offset += 1
      case 2, 3: offset += 2
      case 4, 5, 6: offset += 4
      case 8: _ = string()
      case 9:
        let element = integer(4)
        for _ in 0..<integer(8) { skipValue(type: element) }
      default: offset += 8
      }
    }
  }
}
