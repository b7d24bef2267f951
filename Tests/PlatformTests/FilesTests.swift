import Platform
import TestSupport
import Testing

struct FilesTests {
  @Test func aCopyHasTheSameBytes() throws {
    let scratch = try Scratch()
    let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) }
    try Files.write(bytes, to: scratch.path("source"))
    try Files.copy(scratch.path("source"), to: scratch.path("target"))
    #expect(Files.contents(scratch.path("target")) == bytes)
    #expect(Files.names(in: scratch.path("")).sorted() == ["source", "target"])
  }

  @Test func aFailedCopyLeavesNothing() throws {
    let scratch = try Scratch()
    #expect(throws: PlatformError.self) {
      try Files.copy(scratch.path("missing"), to: scratch.path("target"))
    }
    #expect(throws: PlatformError.self) {
      try Files.copy(scratch.path("."), to: scratch.path("target"))
    }
    #expect(!Files.exists(scratch.path("target")))
  }
}
