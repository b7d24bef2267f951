import Decoding
import Infilling
import SyntheticModels
import Testing
import Tokenizers

@testable import Inference

/// What is asked for, and which answers are passages.
@Suite struct RewriteRuleTests {
  static let passage = "After lunch I met Hugh McGuire in Paris on May 28, 2006."

  let tokenizer: Tokenizer

  init() throws { tokenizer = try Tokenizer(json: TinyModel.tokenizer) }

  func rules(
    _ instruction: String, passage: String = passage, prefix: String = "It began well. ",
    pinned: [String] = []
  ) -> InstructedRules {
    let edges = PassageEdges(
      InfillRequest(prefix: prefix, original: passage, suffix: " Then it rained."))
    return InstructedRules(
      edges, RewriteWish(instruction), original: tokenizer.encode(" " + passage), tokenizer,
      PassageTokens(tokenizer, vocabularySize: TinyModel.vocabularySize), silent: [1, 2],
      ends: [2], pinned: pinned)
  }

  func cost(_ text: String, _ rules: InstructedRules) -> Float {
    rules.cost(of: tokenizer.encode(text).map { Closing.Token(id: $0, surprise: 0) })
  }

  // MARK: Wishes

  @Test(
    arguments: zip(
      ["shorter", "More formal", "friendlier", "simpler", "correct the grammar", "a bit longer"],
      [RewriteWish.shorter, .formal, .friendly, .simple, .grammar, .longer]))
  func aWishIsKnownByItsWords(instruction: String, wish: RewriteWish) {
    #expect(RewriteWish(instruction) == wish)
  }

  @Test(arguments: RewritePreset.allCases) func everyPresetIsMeasured(preset: RewritePreset) {
    if case .other = RewriteWish(preset.rawValue) {
      Issue.record("\(preset.rawValue) is measured by nothing")
    }
  }

  @Test func otherWishesAreAskedForInTheirWords() {
    #expect(RewriteWish("less formal") == .other("less formal"))
    #expect(RewriteWish("less formal").message("x") == "Make this text less formal: x")
    #expect(RewriteWish(" as a question ").message("x") == "Rewrite this text, as a question: x")
    #expect(RewriteWish("shorter").message("x") == "Make this text shorter: x")
  }

  // MARK: Content

  @Test func namesAndNumbersAreFound() {
    let content = PassageContent(Self.passage + " He's \"Old\" Tom’s friend, and I'm his.")
    #expect(content.names == ["hugh", "mcguire", "paris", "may", "old", "tom"])
    #expect(content.numbers == ["28", "2006"])
  }

  @Test func whatIsLostOrMadeUpCosts() {
    let rules = rules("more formal")
    let kept = cost("After lunch I encountered Hugh McGuire in Paris on May 28, 2006.", rules)
    for worse in [
      "After lunch I encountered McGuire in Paris on May 28, 2006.",
      "After lunch I encountered Hugh McGuire in Paris on May 28.",
      "After lunch I encountered Hugh McGuire in Paris on May 28, 2006 with Emily.",
      "After lunch you encountered Hugh McGuire in Paris on May 28, 2006.",
      "After lunch I never encountered Hugh McGuire in Paris on May 28, 2006.",
      Self.passage,
    ] {
      #expect(cost(worse, rules) > kept + 3, "\(worse)")
    }
    let pinned = self.rules("more formal", pinned: [" met"])
    #expect(
      cost("After lunch I encountered Hugh.", pinned) > cost("After lunch I met Hugh.", pinned))
  }

  @Test func shorterIsShorter() {
    let old = PassageContent(Self.passage)
    func cost(_ text: String) -> Float {
      RewriteWish.shorter.cost(of: PassageContent(text), for: old)
    }
    let good = cost("I met Hugh McGuire in Paris on May 28, 2006.")
    #expect(good == 0)
    #expect(cost("After lunch I met Hugh McGuire in Paris, on May 28, 2006.") > good)
    #expect(cost("I met Hugh.") > good)
    let length = RewriteWish.shorter.length(20)
    #expect(length.shortest == 8 && length.longest == 20)
    #expect(RewriteWish.longer.length(20).shortest > 20)
  }

  // MARK: Talk

  @Test func talkAboutTheTextIsNoPassage() {
    let rules = rules("shorter")
    for text in [
      "Sure, I met Hugh.", "Here is a shorter version: I met Hugh.", "Shorter: I met Hugh.",
      "\"I met Hugh McGuire in Paris.\"", "The revised sentence is shorter.", "Hello Hugh.",
      "I’m sorry, but I met Hugh.",
    ] {
      #expect(rules.verdict(on: tokenizer.encode(text)) == .broken, "\(text)")
    }
    let plain = tokenizer.encode("I met Hugh McGuire in Paris on May 28, 2006.")
    #expect(rules.verdict(on: plain) == .mayEnd)
    #expect(rules.verdict(on: plain.dropLast()) == .goesOn)
    // The passage's own words are its own.
    let own = self.rules("shorter", passage: "Here is the revised text: read it.")
    #expect(own.verdict(on: tokenizer.encode("Here is the revised text: read.")) == .mayEnd)
  }

  // MARK: Tokens

  @Test func anAnswerBeginsALineAndEndsItsTurn() {
    let rules = rules("shorter")
    let blank = tokenizer.encode(" the")
    #expect(Set(blank).isSubset(of: rules.bannedFirst))
    #expect(rules.stops.contains(2) && !rules.banned.contains(2) && rules.banned.contains(1))
    #expect(rules.end == 2)
    let part = self.rules("shorter", passage: "the old boat")
    #expect([part.end] == tokenizer.encode("."))
    #expect(Set(tokenizer.encode("T")).isSubset(of: part.bannedFirst))
  }

  /// A number after a blank is the token of the blank and one for each digit.
  @Test func aNumberCanFollowABlank() throws {
    let number = tokenizer.encode(" 28")
    try #require(number.count == 3)
    let rules = rules("shorter")
    #expect(Set(number).isDisjoint(with: rules.banned))
    let afterBlank = Set(rules.banned(after: tokenizer.encode(" May") + [number[0]]))
    #expect(afterBlank.isDisjoint(with: number.dropFirst()))
    #expect(afterBlank.isSuperset(of: tokenizer.encode(" the") + tokenizer.encode("the")))
    #expect(afterBlank.contains(number[0]))
    let without = self.rules("shorter", passage: "After lunch I met Hugh.")
    #expect(Set(number).isSubset(of: without.banned))
  }

  @Test func aDraftIsPutInItsPlace() {
    let tokens = tokenizer.encode("the old boat").map { Closing.Token(id: $0, surprise: 1) }
    #expect(rules("shorter").inPlace(tokens).map(\.id) == tokenizer.encode(" the old boat"))
    #expect(rules("shorter", prefix: "").inPlace(tokens).map(\.id) == tokens.map(\.id))
  }
}
