import Checkpoints
import JSON
import Tensors
import TestSupport
import Testing

/// A folder of golden data: `golden.json`, `golden.safetensors` and a checkpoint.
struct GoldenSet {
  let path: String
  let cases: [JSONValue]
  let arrays: SafetensorsFile

  init(_ path: String) throws {
    self.path = path
    let json = try JSONValue.parse(MappedFile(path: "\(path)/golden.json"))
    cases = json["cases"]?.array ?? []
    arrays = try SafetensorsFile(path: "\(path)/golden.safetensors")
  }

  static func open(_ name: String) throws -> GoldenSet {
    try GoldenSet(try #require(SharedFiles.path("golden/open/\(name)")))
  }

  func first(_ name: String) throws -> JSONValue {
    try #require(cases.first { $0["name"]?.string == name }, "no case \(name)")
  }

  func all(kind: String) -> [JSONValue] { cases.filter { $0["kind"]?.string == kind } }

  func floats(_ name: String?) throws -> [Float] { try arrays.tensor(try #require(name)).floats() }
}

extension JSONValue {
  var ints: [Int] { array?.compactMap(\.int) ?? [] }
  var doubles: [Double] { array?.compactMap(\.double) ?? [] }
}

/// The largest absolute difference.
func largestDifference(_ a: [Float], _ b: [Float]) -> Float {
  precondition(a.count == b.count, "\(a.count) and \(b.count) values")
  return zip(a, b).map { abs($0 - $1) }.max() ?? 0
}
