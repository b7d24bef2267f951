import Checkpoints
import FuzzReaders
import JSON
import Pictures
import Strings
import TestSupport
import Testing

/// The readers on what fuzzers start from and on what they found: files that are refused or read, and
/// never a trap. `make fuzz` looks for more.
struct FuzzTests {
  static let folder = SharedFiles.packageRoot + "/Tests/FuzzTests/Cases"

  @Test(arguments: FuzzReader.allCases)
  func seedsAreRead(_ reader: FuzzReader) throws {
    let files = SharedFiles.names(in: "\(Self.folder)/\(reader)").filter { $0.hasPrefix("seed") }
    #expect(!files.isEmpty)
    for file in files {
      let bytes = try #require(SharedFiles.bytes("\(Self.folder)/\(reader)/\(file)"))
      let refusal = reader.read(bytes)
      #expect(refusal == nil, "\(file)")
    }
  }

  @Test(arguments: FuzzReader.allCases)
  func knownDamageIsRefused(_ reader: FuzzReader) throws {
    let files = SharedFiles.names(in: "\(Self.folder)/\(reader)")
    for file in files where file.hasPrefix("refused") {
      let bytes = try #require(SharedFiles.bytes("\(Self.folder)/\(reader)/\(file)"))
      let refusal = reader.read(bytes)
      #expect(
        refusal is FileError || refusal is PictureError,
        "\(file): \(refusal.map { "\($0)" } ?? "read")")
    }
  }

  @Test(arguments: FuzzReader.allCases)
  func foundCasesAreRefusedOrRead(_ reader: FuzzReader) throws {
    let files = SharedFiles.names(in: "\(Self.folder)/\(reader)")
    for file in files where !file.hasPrefix("seed") && !file.hasPrefix("refused") {
      let bytes = try #require(SharedFiles.bytes("\(Self.folder)/\(reader)/\(file)"))
      _ = reader.read(bytes)
    }
  }
}
