public import Checkpoints
public import JSON
import Tensors
import TestSupport

/// A folder of golden data: `golden.json`, `golden.safetensors` and a checkpoint.
public struct GoldenSet {
  public let path: String
  public let cases: [JSONValue]
  public let arrays: SafetensorsFile

  /// What a set was expected to have.
  struct Missing: Error { var what: String }

  public init(_ path: String) throws {
    self.path = path
    let json = try JSONValue.parse(MappedFile(path: "\(path)/golden.json"))
    cases = json["cases"]?.array ?? []
    arrays = try SafetensorsFile(path: "\(path)/golden.safetensors")
  }

  public static func open(_ name: String) throws -> GoldenSet {
    guard let path = SharedFiles.path("golden/open/\(name)") else {
      throw Missing(what: "folder golden/open/\(name)")
    }
    return try GoldenSet(path)
  }

  public func first(_ name: String) throws -> JSONValue {
    guard let found = cases.first(where: { $0["name"]?.string == name }) else {
      throw Missing(what: "case \(name) of \(path)")
    }
    return found
  }

  public func all(kind: String) -> [JSONValue] { cases.filter { $0["kind"]?.string == kind } }

  public func floats(_ name: String?) throws -> [Float] {
    guard let name else { throw Missing(what: "the name of an array of \(path)") }
    return try arrays.tensor(name).floats()
  }
}

extension JSONValue {
  public var ints: [Int] { array?.compactMap(\.int) ?? [] }
  public var doubles: [Double] { array?.compactMap(\.double) ?? [] }
}

/// The largest absolute difference.
public func largestDifference(_ a: [Float], _ b: [Float]) -> Float {
  precondition(a.count == b.count, "\(a.count) and \(b.count) values")
  return zip(a, b).map { abs($0 - $1) }.max() ?? 0
}
