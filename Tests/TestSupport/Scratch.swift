import Foundation

/// A folder that goes away with the test.
public final class Scratch: Sendable {
  public let folder: String

  public init() throws {
    let url = FileManager.default.temporaryDirectory
      .appending(path: "palimpsest-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    folder = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  public func path(_ name: String) -> String { folder + "/" + name }

  public func read(_ name: String) -> String? {
    FileManager.default.contents(atPath: path(name)).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Writes a file and returns its path.
  @discardableResult
  public func file(_ name: String, _ text: String) throws -> String {
    try Data(text.utf8).write(to: URL(filePath: path(name)))
    return path(name)
  }

  /// Variables that make this the home of all that a program keeps.
  public var environment: [String: String] {
    [
      "XDG_DATA_HOME": path("data"), "XDG_CONFIG_HOME": path("config"),
      "XDG_STATE_HOME": path("state"), "LC_ALL": "C.UTF-8",
    ]
  }
}
