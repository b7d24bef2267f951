import Platform
import TestSupport
import Testing

@testable import palimpsest

/// What the editor opens, and what it says when it starts.
@Suite struct StartTests {
  /// With its bytes replaced the name would be that of another file.
  @Test func namesThatAreNotUTF8() throws {
    let home = try Scratch()
    try Files.makeFolder(home.path("documents"))
    let script = #"cd "$1"; n=$(printf 'caf\351.txt'); echo old >"$n"; "$2" "$n""#
    let result = try BuiltProgram.run(
      ["-c", script, "sh", home.path("documents"), BuiltProgram.path], program: "sh", home: home)
    #expect(result.status == 64)
    #expect(result.error.contains(#"“caf\xE9.txt” is not UTF-8"#))
    #expect(Files.names(in: home.path("documents")).count == 1)
  }
}
