import JSON
import TestSupport
import Testing

@testable import palimpsest

/// `palimpsest fill` with a model of random weights.
struct FillTests {
  static let text = "One two three four.\nFive é six {{seven}} eight.\nNine [] ten.\n"

  private func fill(
    _ options: [String], home: Scratch, text: String = text
  ) throws -> BuiltProgram.Result {
    let file = try home.file("document.txt", text)
    return try BuiltProgram.run(
      ["fill", file, "--model", try TinyModel.path.get()] + options, home: home)
  }

  @Test func onlyTheSpanChanges() throws {
    let home = try Scratch()
    let result = try fill(["--span", "1:5-1:14", "--steps", "4"], home: home)
    #expect(result.error == "")
    #expect(result.status == 0)
    #expect(result.output.hasPrefix("One "))
    #expect(result.output.hasSuffix(String(Self.text.dropFirst(13))))
    #expect(home.read("document.txt") == Self.text)
  }

  @Test func theSameSeedGivesTheSameText() throws {
    let home = try Scratch()
    let options = ["--span", "1:5-1:14", "--temperature", "1", "--seed"]
    let first = try fill(options + ["7"], home: home)
    #expect(first.status == 0)
    #expect(try fill(options + ["7"], home: home).output == first.output)
    #expect(try fill(options + ["8"], home: home).output != first.output)
  }

  @Test func markersGoAwayWithEveryPassage() throws {
    let home = try Scratch()
    let result = try fill(
      ["--marker", "{{", "}}", "--between", #"\["#, #"\]"#, "--json", "--threshold", "0.9"],
      home: home)
    #expect(result.status == 0)
    let lines = try result.output.split(separator: "\n").map {
      try JSONValue.parse(Array($0.utf8), file: "output")
    }
    let last = try #require(lines.last)
    let passages = try #require(last["passages"]?.array)
    let texts = passages.compactMap(\.string)
    #expect(texts.count == 2)
    #expect(
      last["document"]?.string
        == "One two three four.\nFive é six \(texts[0]) eight.\nNine [\(texts[1])] ten.\n")

    // Each passage's steps count from 1 and end without masks; what else was found comes after
    // them, the passage taken first.
    for passage in 1...2 {
      let steps = lines.filter { $0["passage"]?.int == passage && $0["candidates"] == nil }
      let found = lines.filter { $0["passage"]?.int == passage && $0["candidates"] != nil }
      for object in found {
        let candidates = object["candidates"]?.array ?? []
        #expect(candidates.map { $0["chosen"]?.bool }.firstIndex(of: true) == 0)
        #expect(candidates.first?["text"]?.string == texts[passage - 1])
      }
      #expect(steps.map { $0["step"]?.int } == Array(1...max(1, steps.count)))
      #expect(steps.last?["masksLeft"]?.int == 0)
      for step in steps {
        let canvas = try #require(step["canvas"]?.array)
        #expect(canvas.count { $0.isNull } == step["masksLeft"]?.int)
        for change in try #require(step["changed"]?.array) {
          #expect(canvas.indices.contains(try #require(change["slot"]?.int)))
          #expect((0...1).contains(try #require(change["confidence"]?.double)))
        }
      }
    }
  }

  @Test func inPlaceKeepsTheRest() throws {
    let home = try Scratch()
    let text = "\u{FEFF}One\r\ntwo three\r\n"
    let result = try fill(["--span", "2:1-2:4", "--in-place"], home: home, text: text)
    #expect(result.status == 0)
    #expect(result.output == "")
    let written = try #require(home.read("document.txt"))
    #expect(written.utf8.starts(with: "\u{FEFF}One\r\n".utf8))
    #expect(written.hasSuffix(" three\r\n"))
  }

  @Test func standardInput() throws {
    let home = try Scratch()
    let result = try BuiltProgram.run(
      ["fill", "-", "--span", "1:1-1:4", "--model", try TinyModel.path.get()], input: Self.text,
      home: home)
    #expect(result.status == 0)
    #expect(result.output.hasSuffix(String(Self.text.dropFirst(3))))
  }

  @Test func failuresSayWhere() throws {
    let home = try Scratch()
    let result = try fill(["--span", "1:5-9:1"], home: home)
    #expect(result.status == 1)
    #expect(result.output == "")
    #expect(
      result.error == "Error: --span 1:5-9:1: no line 9; the document has 4 lines.\n")

    let missing = try BuiltProgram.run(
      ["fill", home.path("none"), "--span", "1:1-1:1"], home: home)
    #expect(missing.status == 1)
    #expect(missing.error.contains(home.path("none")))

    let file = try home.file("document.txt", Self.text)
    let model = try BuiltProgram.run(["fill", file, "--span", "1:1-1:4"], home: home)
    #expect(model.status == 1)
    #expect(model.error.contains("palimpsest model fetch"))
    #expect(home.read("document.txt") == Self.text)
  }
}

/// The same with the model that people get.
@Suite(.enabled(if: DefaultModel.path != nil, "needs the default model: palimpsest model fetch"))
struct DefaultModelFillTests {
  @Test func theDefaultModelRefillsTheLetter() throws {
    let home = try Scratch()
    let text = "Dear Clara,\n\nThank you for your letter. I was happy to read it.\n"
    let file = try home.file("letter.txt", text)
    let model = try #require(DefaultModel.path)
    let options = ["fill", file, "--span", "3:28-3:51", "--model", model, "--steps", "8"]
    let result = try BuiltProgram.run(options, home: home)
    #expect(result.error == "")
    #expect(result.status == 0)
    #expect(result.output.hasPrefix("Dear Clara,\n\nThank you for your letter."))
    #expect(result.output != text)
    #expect(try BuiltProgram.run(options, home: home).output == result.output)
  }
}
