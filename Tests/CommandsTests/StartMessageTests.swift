import Commands
import Editing
import Inference
import Platform
import Settings
import TestSupport
import Testing

@testable import palimpsest

/// What the editor says when it starts.
@Suite struct StartMessageTests {
  private func faults(_ count: Int, file: String = "c") -> [SettingsError] {
    (0..<count).map {
      SettingsError(file: file, line: $0 + 1, column: 1, key: "k", expected: "1", found: "2")
    }
  }

  @Test func everyFaultOfTheSettingsIsListed() {
    let all = Preferences(
      configuration: Configuration(), faults: (faults(2) + faults(1, file: "t")).reversed())
    #expect(
      all.message
        == .warning(
          "t:1:1: k: expected 1, found 2\nc:1:1: k: expected 1, found 2\n"
            + "  2:1: k: expected 1, found 2"))
    #expect(all.longList == nil)
    #expect(Preferences(configuration: Configuration()).message == nil)

    let many = Preferences(configuration: Configuration(), faults: faults(7))
    let text = many.message?.text ?? ""
    #expect(text.contains("5:1: k") && !text.contains("6:1: k") && text.contains("and 2 more"))
    #expect(many.longList?.split(separator: "\n").count == 7)
    #expect(many.longList?.hasSuffix("c:7:1: k: expected 1, found 2\n") == true)
  }

  @Test func messagesAreJoined() {
    let (new, warning, failure) = (
      Message.note("New file"), Message.warning("w"), Message.failure("f")
    )
    #expect(Message(joining: []) == nil)
    #expect(Message(joining: [new]) == new)
    #expect(Message(joining: [new, warning]) == warning)
    #expect(Message(joining: [warning, failure]) == .failure("w\nf"))
    #expect(Message(joining: [.readOnly]) == .readOnly)
  }

  @Test func aModelThatIsNotThere() throws {
    let home = try Scratch()
    var source = ModelSource()
    #expect(source.fault == nil)
    source.model = home.path("none.gguf")
    #expect(source.fault?.hasPrefix("No model \(home.path("none.gguf"))") == true)
    source.model = try home.file("some.gguf", "")
    #expect(source.fault == nil)
    source.adapter = home.path("none")
    #expect(source.fault?.hasPrefix("No adapter \(home.path("none"))") == true)
  }

  @Test func argumentsThatAreNotUTF8AreRefused() throws {
    #expect(try RawArguments.texts([Array("a\u{e9}".utf8), []]) == ["a\u{e9}", ""])
    let latin: [UInt8] = Array("caf".utf8) + [0xe9] + Array(".txt \u{e9}".utf8) + [0xc3]
    let error = #expect(throws: (any Error).self) { try RawArguments.texts([latin]) }
    #expect("\(try #require(error))".contains("caf\\xE9.txt \u{e9}\\xC3"))
  }
}
