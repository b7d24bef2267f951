import Platform
import TestSupport
import Testing

@testable import palimpsest

/// The doubt map with the default model on the sample that is about it.
@Suite(
  .enabled(
    if: TmuxTerminal.isInstalled && DefaultModel.path != nil,
    "needs tmux and the default model: palimpsest model fetch"), .serialized)
struct DoubtMapStoryTests {
  @Test func aSlipLightsUp() async throws {
    let home = try Scratch()
    let bytes = try #require(Files.contents(SharedFiles.packageRoot + "/Samples/slips.txt"))
    let file = try home.file("slips.txt", String(decoding: bytes, as: UTF8.self))
    let model = try #require(DefaultModel.path)
    let terminal = try TmuxTerminal(
      "'\(BuiltProgram.path)' --model '\(model)' +5:1 '\(file)'; sleep 600", home: home)
    try await terminal.wait(forText: "libary")
    try terminal.press("F7")
    // The sentence at the cursor is read first; the rest takes its time.
    _ = try await terminal.wait(for: "a doubtful word") { $0.contains(/\ [1-9]\d* words?/) }
    try terminal.press("F8")
    try await terminal.wait(forText: "“libary”")
    try terminal.press("M-a")
    try await terminal.wait(forText: "Instead")
  }
}
