import Decoding
import Infilling
import SyntheticModels
import Testing
import Tokenizers

@testable import Inference

/// A passage does not open with the words of the text after it.
@Suite struct OpeningTests {
  let tokenizer: Tokenizer

  init() throws { tokenizer = try Tokenizer(json: TinyModel.tokenizer) }

  @Test func capitalsMakeNoDifference() {
    let edges = PassageEdges(
      InfillRequest(prefix: "", original: "It rained", suffix: "\n river light was quiet."))
    let rules = PassageRules(
      edges, expected: 8, tokenizer,
      PassageTokens(tokenizer, vocabularySize: TinyModel.vocabularySize), silent: [],
      following: tokenizer.encode("\n river light was quiet."))
    #expect(rules.verdict(on: tokenizer.encode("River Light over")) == .broken)
    #expect(rules.verdict(on: tokenizer.encode("River boat over")) == .mayEnd)
    #expect(rules.verdict(on: tokenizer.encode("A of to")) == .goesOn, "no word of three letters")
  }

  /// What may not follow `begun` in a passage in the place of `old` before `after`.
  func banned(_ begun: String, old: String, after: String) -> String {
    let edges = PassageEdges(InfillRequest(prefix: "", original: old, suffix: after))
    let rules = PassageRules(
      edges, expected: 8, tokenizer,
      PassageTokens(tokenizer, vocabularySize: TinyModel.vocabularySize), silent: [],
      following: tokenizer.encode(after))
    return rules.banned(after: tokenizer.encode(begun)).map(tokenizer.text(of:)).joined()
  }

  @Test func aSecondWordOfFourLettersIsEnough() {
    #expect(banned(" river", old: "It rained.", after: " river light was quiet.") == " light")
    #expect(banned(" boat", old: "It rained.", after: " river light was quiet.").isEmpty)
  }

  @Test func ofASmallOneTheThirdCounts() {
    #expect(banned(" river", old: "It rained.", after: " river was quiet.").isEmpty)
    #expect(banned(" river was", old: "It rained.", after: " river was quiet.") == " quiet")
  }

  @Test func anItemHasTheRuleAndAPhraseHasNot() {
    #expect(banned(" river", old: "It rained", after: "\n river light was") == " light")
    #expect(banned(" river", old: "it rained", after: " river light was").isEmpty)
  }

  @Test func theOldWordsMayReturn() {
    let old = "river light over the old house."
    #expect(banned(" river", old: old, after: " river light was quiet.").isEmpty)
    #expect(banned(" river", old: "river boat.", after: " river light was.") == " light")
  }
}
