import JSON
import Platform
import TestSupport
import Testing

@testable import palimpsest

/// The commands on models beside `fill`, with a model of random weights.
struct EngineCommandTests {
  private func run(_ arguments: [String], home: Scratch, input: String = "") throws
    -> BuiltProgram.Result
  {
    try BuiltProgram.run(arguments, input: input, home: home)
  }

  private func objects(_ text: String) throws -> [JSONValue] {
    try text.split(separator: "\n").map { try JSONValue.parse(Array($0.utf8), file: "output") }
  }

  @Test func generateWritesTheSameTextInBothModes() throws {
    let home = try Scratch()
    let model = try TinyModel.path.get()
    let options = ["generate", "the old boat", "--model", model, "--tokens", "30"]
    let plain = try run(options, home: home)
    #expect(plain.status == 0 && plain.error == "")
    let speculative = try run(options + ["--mode", "self-spec", "--verbose"], home: home)
    #expect(speculative.output == plain.output)
    #expect(speculative.error.contains("tokens a pass") && speculative.error.contains("kept"))
  }

  @Test func generateReportsEachStepAndAllOfThem() throws {
    let home = try Scratch()
    let model = try TinyModel.path.get()
    let result = try run(
      ["generate", "the", "--model", model, "--tokens", "20", "--mode", "self-spec", "--json"],
      home: home)
    let lines = try objects(result.output)
    let last = try #require(lines.last)
    let steps = lines.dropLast()
    #expect(steps.map { $0["step"]?.int } == Array(1...steps.count))
    #expect(last["tokens"]?.int == last["ids"]?.array?.count)
    #expect(
      last["forwardPasses"]?.int == steps.reduce(0) { $0 + ($1["forwardPasses"]?.int ?? 0) })
    let accepted = last["acceptanceLengths"]?.array?.compactMap(\.int) ?? []
    #expect(accepted.reduce(1, +) == last["tokens"]?.int)
    let ratio = try #require(last["tokensPerForward"]?.double)
    #expect(abs(ratio * Double(last["forwardPasses"]?.int ?? 0) - 20) < 1e-3)
    #expect((last["tokensPerSecond"]?.double ?? 0) > 0 && last["end"]?.string == "length")
  }

  @Test func generateTakesStandardInputAndStops() throws {
    let home = try Scratch()
    let model = try TinyModel.path.get()
    let options = ["generate", "--file", "-", "--model", model, "--tokens", "30"]
    let whole = try run(options, home: home, input: "the old boat")
    let words = whole.output.split(separator: " ")
    let word = String(try #require(words.dropFirst(2).first))
    let cut = try run(options + ["--stop", word], home: home, input: "the old boat")
    #expect(whole.output.hasPrefix(cut.output.dropLast()) && !cut.output.contains(word))
  }

  @Test func whatMakesNoSenseIsRefusedWithTheReason() throws {
    let home = try Scratch()
    let model = try TinyModel.path.get()
    for (options, reason) in [
      (["--mode", "diffusion"], "was not trained to fill blocks of masks"),
      (["--mode", "quadratic"], "does not have both a causal and a diffusion mode"),
      (["--cache", "dual"], "are for diffusion"), (["--chat"], "no known chat template"),
    ] {
      let result = try run(["generate", "the", "--model", model] + options, home: home)
      #expect(result.status == 1 && result.output == "", "\(options)")
      #expect(result.error.contains(reason), "\(result.error)")
    }
    let file = try home.file("a.txt", "one two three")
    let fill = ["fill", file, "--span", "1:1-1:4", "--model", model]
    let dual = try run(fill + ["--cache", "dual"], home: home)
    #expect(dual.status == 1 && dual.error.contains("two-sided"))
    #expect(try run(fill + ["--cache", "two-sided", "--json"], home: home).status == 0)
    for wrong in [
      ["--factor", "1", "--threshold", "0.5"], ["--refresh", "3"], ["--eta", "0.1"],
      ["--eos", "last", "--eos-penalty", "2"], ["--remasking", "cap", "--factor", "1"],
    ] {
      #expect(try run(fill + wrong, home: home).status == 64, "\(wrong)")
    }
  }

  @Test func tokenizeListsIDsAndTexts() throws {
    let home = try Scratch()
    let model = try TinyModel.path.get()
    let result = try run(["tokenize", "the old\té", "--model", model], home: home)
    let lines = result.output.split(separator: "\n").map { $0.split(separator: "\t") }
    #expect(result.status == 0 && lines.allSatisfy { Int($0[0]) != nil })
    let json = try objects(
      try run(["tokenize", "the old\té", "--model", model, "--json"], home: home).output)[0]
    #expect(json["ids"]?.array?.count == json["count"]?.int)
    #expect(json["ids"]?.array?.compactMap(\.int) == lines.compactMap { Int($0[0]) })
    #expect(json["texts"]?.array?.compactMap(\.string).contains(" old") == true)
  }

  @Test func aConvertedModelWritesOn() throws {
    let home = try Scratch()
    let model = try TinyModel.path.get()
    let target = home.path("small.gguf")
    let converted = try objects(
      try run(["model", "convert", model, target, "--type", "q8_0", "--json"], home: home).output)
    let report = try #require(converted.last)
    #expect(report["path"]?.string == target)
    #expect((report["bytes"]?.int ?? .max) < (report["bytesBefore"]?.int ?? 0))
    let facts = try objects(try run(["model", "inspect", target, "--json"], home: home).output)[0]
    #expect(facts["format"]?.string == "packed" && facts["family"]?.string == "llama")
    #expect(facts["geometry"]?["layers"]?.int == 2)
    #expect(facts["parameters"]?.int == report["parameters"]?.int)
    #expect(facts["bytesByType"]?["q8_0"]?["tensors"]?.int ?? 0 > 0)
    #expect(facts["abilities"]?["generate"]?.array?.compactMap(\.string) == ["ar", "self-spec"])
    let options = ["generate", "the", "--model", target, "--tokens", "8"]
    let text = try run(options, home: home)
    #expect(text.status == 0 && !text.output.isEmpty)
    let speculative = try run(options + ["--mode", "self-spec"], home: home)
    #expect(speculative.output == text.output)
    // There is no adapter whose masks could draft.
    let masked = try run(options + ["--mode", "self-spec", "--block", "4"], home: home)
    #expect(masked.status == 1 && masked.error.contains("this model has none"))
    let again = try run(["model", "convert", model, target], home: home)
    #expect(again.status == 1 && again.error.contains("exists"))
    #expect(try run(["model", "convert", model, "x", "--type", "q4_K"], home: home).status == 64)
  }

  @Test func listingsAreObjectsOnRequest() throws {
    let home = try Scratch()
    let list = try objects(try run(["model", "list", "--json"], home: home).output)[0]
    #expect(list["models"]?.array?.isEmpty == true && list["folder"]?.string != nil)
    let model = try TinyModel.path.get()
    let facts = try objects(try run(["model", "inspect", model, "--json"], home: home).output)[0]
    #expect(facts["abilities"]?["fill"]?.bool == true)
    #expect(facts["abilities"]?["selfSpeculates"]?.bool == true)
  }

  /// Packing takes longer than all else that so short a command does.
  @Test(.enabled(if: DefaultModel.path != nil, "needs the default model: palimpsest model fetch"))
  func aShortCommandLeavesThePackedWeightsForTheNext() throws {
    let home = try Scratch()
    let model = try #require(DefaultModel.path)
    let result = try BuiltProgram.run(
      ["generate", "The", "--model", model, "--tokens", "1"], home: home,
      environment: ["XDG_CACHE_HOME": home.path("cache")])
    #expect(result.status == 0)
    let files = Files.visibleNames(in: home.path("cache/palimpsest/weights"))
    #expect(files.count == 1 && files.allSatisfy { $0.hasSuffix(".weights") })
  }
}

/// Modes and fills of every family that golden data has a tiny checkpoint of.
@Suite struct FamilyCommandTests {
  @Test(arguments: [
    "llada", "dream", "dreamon", "sdar", "llada2_moe", "fast_dllm_v2", "nemotron_labs_diffusion",
  ])
  func everyFamilyGeneratesAndFills(family: String) throws {
    let home = try Scratch()
    let model = try #require(SharedFiles.path("golden/open/\(family)"))
    let text = try BuiltProgram.run(
      ["generate", "The boat", "--mode", "diffusion", "--model", model, "--tokens", "12"],
      home: home)
    #expect(text.status == 0 && text.error == "")
    let file = try home.file("a.txt", "One two three four five.\n")
    let fill = try BuiltProgram.run(
      ["fill", file, "--span", "1:5-1:14", "--model", model, "--factor", "0.9"], home: home)
    #expect(fill.status == 0 && fill.error == "")
    #expect(fill.output.hasPrefix("One ") && fill.output.hasSuffix(" four five.\n"))
  }
}
