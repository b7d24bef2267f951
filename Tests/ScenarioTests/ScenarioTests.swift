import Foundation
import Testing

/// Plays every folder of Scenarios. `UPDATE_GOLDEN=1` writes what came out instead of comparing.
@Suite struct ScenarioTests {
  @Test(arguments: Scenario.names)
  func plays(_ name: String) throws {
    var scenario = try Scenario(name)
    try scenario.play()
    try compare(scenario.out, with: "out", in: scenario.folder, isWanted: true)
    for (file, text) in scenario.frames {
      try compare(text, with: file, in: scenario.folder, isWanted: file != "frame")
    }
  }

  @Test func thereAreScenarios() {
    #expect(Scenario.names.count >= 10)
  }

  /// A file that is not wanted is compared only where it exists.
  private func compare(
    _ text: String, with file: String, in folder: URL, isWanted: Bool
  ) throws {
    let path = folder.appending(path: file)
    let exists = FileManager.default.fileExists(atPath: path.path)
    guard isWanted || exists else { return }
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
      try Data(text.utf8).write(to: path)
      return
    }
    #expect(text == (try Scenario.read(folder, file)), "\(folder.lastPathComponent)/\(file)")
  }
}
