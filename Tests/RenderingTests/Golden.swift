import Foundation
import TestSupport
import Testing

/// Frames as text files beside the tests. `UPDATE_GOLDEN=1` writes them anew; read the diff then.
enum Golden {
  static func expect(
    _ found: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let folder = SharedFiles.packageRoot + "/Tests/RenderingTests/Golden"
    let path = "\(folder)/\(name).txt"
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
      try found.write(toFile: path, atomically: true, encoding: .utf8)
      return
    }
    let expected = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    if found == expected { return }
    let difference = found.split(separator: "\n", omittingEmptySubsequences: false)
      .difference(from: expected.split(separator: "\n", omittingEmptySubsequences: false))
    let lines = difference.map { change in
      switch change {
      case .insert(let offset, let line, _): "+\(offset + 1): \(line)"
      case .remove(let offset, let line, _): "-\(offset + 1): \(line)"
      }
    }
    Issue.record(
      "\(name) differs (- expected, + found):\n\(lines.joined(separator: "\n"))",
      sourceLocation: sourceLocation)
  }
}
