import Foundation
import Inference
import Testing

@Suite struct DigestTests {
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
  ])
  func knownDigests(text: String, digest: String) throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "digest-\(UUID().uuidString)")
    try Data(text.utf8).write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    #expect(try sha256(ofFile: url.path) == digest)
  }

  @Test func aMissingFileIsAnError() {
    #expect(throws: InferenceError.self) { try sha256(ofFile: "/nowhere/at/all") }
  }
}
