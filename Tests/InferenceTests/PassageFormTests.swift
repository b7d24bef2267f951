import Infilling
import Testing

@testable import Inference

/// What of a passage stays whatever fills it, and how its words are told apart.
@Suite struct PassageFormTests {
  func edges(_ prefix: String, _ original: String, _ suffix: String) -> PassageEdges {
    PassageEdges(InfillRequest(prefix: prefix, original: original, suffix: suffix))
  }

  @Test func whiteSpaceAtTheEndsStays() {
    let some = edges("One. ", "  two three \n", "four")
    #expect(some.head == "  " && some.core == "two three" && some.tail == " \n")
    #expect(some.takesBlank && some.prefix == "One.  ")
    #expect(some.suffix == " \nfour")
    let none = edges("One", "", "two")
    #expect(none.core.isEmpty && none.addsBlank && none.tail == " ")
    #expect(edges("(", "a", ")").beginsWithBlank == false)
    #expect(edges("a\r\nb ", "c\r\nd", "\r\n").core == "c\nd")
  }

  @Test func whereSentencesBegin() {
    #expect(edges("", "It", "").beginsSentence && edges("One.\n", "It", "").beginsLine)
    #expect(edges("He said. ", "It", "").beginsSentence)
    #expect(!edges("He said ", "it", "").beginsSentence)
    #expect(edges("    ", "let", "").beginsLine)
    for prefix in ["# ", "One.\n- ", "| a | ", "1. "] {
      #expect(edges(prefix, "It", "").beginsPart, "\(prefix)")
    }
    #expect(!edges("- one ", "two", "").beginsPart)
  }

  /// A title names the text after it, so it is drafted with that text in view.
  @Test(arguments: ["", "# ", "\n", "== "])
  func theFirstLineIsATitle(prefix: String) {
    #expect(edges(prefix, "The harbour", "\n\nThe ferry had not come.").isTitle)
    #expect(!edges(prefix, "The ferry had not come.", "\n\nIt was late.").isTitle)
    #expect(!edges(prefix, "The harbour", "").isTitle)
    #expect(!edges("One. " + prefix, "The harbour", "\n\nThe ferry had not come.").isTitle)
  }

  @Test(arguments: [
    ("It rained.", PassageRules.Ending.sentence), ("“Why?”", .sentence), ("by the sea", .word),
    ("Ingredients:", .mark(":")), ("George W. Bush", .word), ("(so)", .word),
  ])
  func howPassagesEnd(_ text: String, _ ending: PassageRules.Ending) {
    #expect(PassageRules.ending(of: text) == ending)
  }

  @Test func abbreviationsEndNothing() {
    #expect(PassageRules.endsSentence("It rained.") && PassageRules.endsSentence("Did he?\""))
    #expect(!PassageRules.endsSentence("He met Mr.") && !PassageRules.endsSentence("George W."))
    #expect(!PassageRules.endsSentence("in the U.S.") && !PassageRules.endsSentence("It rained"))
    #expect(PassageRules.sentenceCount("Mr. Smith came. He left!") == 2)
    #expect(!PassageRules.hasInnerEnd("by the sea") && PassageRules.hasInnerEnd("sea. There was"))
  }

  @Test func loopsAreFound() {
    #expect(PassageRules.loops(["the", "the"]) && !PassageRules.loops(["had", "had"]))
    #expect(PassageRules.loops(["to", "the", "garden", "and", "to", "the", "garden"]))
    #expect(!PassageRules.loops(["to", "the", "garden", "and", "to", "the", "house"]))
    #expect(PassageRules.loops(["the", "wheel", "wheel", "is", "haunted"]))
  }

  @Test func bracketsAndQuotesBalance() {
    #expect(Balance("a (b) \"c\"") == Balance("d"))
    #expect(Balance("a (b") != Balance("d") && Balance("a)").isBroken(against: Balance("d")))
    #expect(Balance("\" Her eyes").isBroken(against: Balance("\"d")))
    #expect(!Balance("\"Her\" eyes").isBroken(against: Balance("d")))
  }

  // MARK: What stands beside a passage

  @Test func aSentenceIsNoCopyOfItsNeighbours() {
    let beside = Neighbours(
      edges("", "It was late.", " Octavian kept hens; at least he kept some of them. So it went."))
    func words(_ text: String) -> [String] { PassageRules.words(text) }
    #expect(beside.hasSentence(words("Octavian kept hens; at noon he kept some of them")))
    #expect(!beside.hasSentence(words("At least he kept his hens.")))
    #expect(beside.nextSays(words("Octavian kept a few hens; he kept some.")))
    #expect(!beside.nextSays(words("It was Octavian who had the idea to begin with.")))
    #expect(!beside.nextSays(words("He kept hens.")), "four words are too few to tell")
  }

  @Test func wordsTwiceAtTheEdgesAreCounted() {
    let within = Neighbours(edges("They want to ", "delay", " the vote."))
    #expect(within.doubles(of: ["to", "put", "off"]) == 1)
    #expect(within.doubles(of: ["to", "put", "off", "the"]) == 2)
    #expect(within.doubles(of: ["to"]) == 1 && within.doubles(of: ["postpone"]) == 0)
    let apart = Neighbours(edges("They want to.\nThe ", "end", ". The vote"))
    #expect(apart.doubles(of: ["to", "say", "the"]) == 0)
    #expect(apart.doubles(of: ["the", "end"]) == 1)
    #expect(Neighbours(edges("as good ", "good as", " as before")).doubles(of: ["good"]) == 0)
  }

  /// What the old passage may do, the new one may.
  @Test func whatTheOldPassageSaysStays() {
    let old = "Octavian kept hens; at least he kept some."
    let beside = Neighbours(
      edges("", old, " Octavian kept hens; at least he kept some of them. So it went."))
    #expect(!beside.hasSentence(PassageRules.words(old)))
    #expect(!beside.nextSays(PassageRules.words(old)))
    #expect(Neighbours(edges("- milk\n- ", "tea", "\n- milk\n")).hasPart(["tea"]))
  }

  @Test func anItemOrCellIsNoOther() {
    let cell = Neighbours(
      edges("| Plant | Care |\n| --- | --- |\n| Beans | ", "water", " |\n| Kale | thin twice |\n"))
    #expect(cell.hasPart(["care"]) && cell.hasPart(["thin", "twice"]) && cell.hasPart(["beans"]))
    #expect(cell.hasPart(["water"]) && !cell.hasPart(["thin"]))
    #expect(Neighbours(edges("- a torch\n- ", "tent", "\n- a map\n")).hasPart(["a", "torch"]))
    #expect(!Neighbours(edges("a torch\n", "tent", "\na map\n")).hasPart(["a", "torch"]))
  }

  @Test func whereWordsBeginAndLinesEnd() {
    #expect(edges("Hi,\n\n", "thanks", ".").beginsWord && !edges("un", "tied", "").beginsWord)
    #expect(edges("a ", "b", "").beginsWord && edges("(", "b", ")").beginsWord)
    #expect(edges("", "b", "\nc").endsLineOrCell && edges("| ", "b", " | c").endsLineOrCell)
    #expect(!edges("", "b", " c").endsLineOrCell && !edges("", "b", "").endsLineOrCell)
  }

  // MARK: Plans

  func plan(_ text: String) -> [PassagePlan.Segment] { PassagePlan(text).segments }

  @Test func aSentenceIsOneHole() {
    #expect(plan("It rained.") == [.gap("It rained.", blank: false)])
  }

  @Test func linesKeepTheirMarks() {
    #expect(
      plan("- two loaves\n- milk\n\n2. ---") == [
        .fixed("-"), .gap("two loaves", blank: true), .fixed("\n-"),
        .gap("milk", blank: true),
        .fixed("\n\n2. ---"),
      ])
    #expect(
      plan("a | b |\n| c | 1 |").contains(.fixed(" |")) == false)
    let table = plan("| red | stop |\n| blue | 12 |")
    #expect(
      table.filter(\.isGap) == [
        .gap("red", blank: true), .gap("stop", blank: true),
        .gap("blue", blank: true),
      ])
  }

  @Test func aLongLineIsFilledSentenceBySentence() {
    let sentence = "The river was quiet in the evening, and snow fell on the old stone road there."
    let text = Array(repeating: sentence, count: 6).joined(separator: " ")
    let holes = plan(text).filter(\.isGap)
    #expect(holes.count == 3 && !plan(text).contains(.fixed(" ")))
  }

  /// Whatever the text, its parts in order are the text.
  @Test func plansLoseNothing() {
    var random = SystemRandomNumberGenerator()
    let seed = random.next()
    var generator = SeededGenerator(seed)
    let pieces = ["- ", "\n", "word", " ", "One two. ", "|", "# ", "  ", "> ", "12. ", ".", "é"]
    for _ in 0..<300 {
      let text = (0..<Int.random(in: 1...40, using: &generator)).map { _ in
        pieces.randomElement(using: &generator) ?? ""
      }.joined()
      let joined = plan(text).map { segment in
        switch segment {
        case .fixed(let text): text
        case .gap(let text, let blank): (blank ? " " : "") + text
        }
      }.joined()
      #expect(joined == text, "seed \(seed)")
    }
  }

  // MARK: Wrapping

  static let wrapped = """
    The committee met on Tuesday to discuss the plans for the new library. After a
    long debate about the costs, the members agreed to ask the town council for
    another loan. The mayor was not present, but she sent a letter.
    """

  @Test func aHardWrappedParagraphIsReadAsOneLine() throws {
    let cut = try #require(Self.wrapped.firstRange(of: "After a\nlong debate about the costs"))
    let edges = edges(
      String(Self.wrapped[..<cut.lowerBound]), String(Self.wrapped[cut]),
      String(Self.wrapped[cut.upperBound...]))
    let wrapping = try #require(edges.wrapping)
    #expect(wrapping.width == 78 && wrapping.mark.isEmpty && wrapping.column == 71)
    #expect(edges.core == "After a long debate about the costs" && !edges.suffix.contains("\n"))
    let words = wrapping.wrapped(["Later", " and", " after", " much", " talk"])
    #expect(words.compactMap(\.self).joined() == "Later\nand after much talk")
    // ", the members agreed to ask the town council for" stands behind it.
    #expect(wrapping.tail == 48)
    let more = wrapping.wrapped([
      "Later", " and", " after a great deal of", " talk between", " them",
    ])
    #expect(
      more.compactMap(\.self).joined() == "Later\nand after a great deal of talk between\nthem")
  }

  @Test func versesAndListsAreNotWrapped() {
    #expect(
      edges("", "Roses are red,\nviolets are blue,\nsugar is sweet", "\nand so.").wrapping == nil)
    #expect(edges("- one\n- ", "two", "\n- three").wrapping == nil)
  }

  @Test func quotedMailKeepsItsMark() throws {
    let mail = Self.wrapped.split(separator: "\n").map { "> " + $0 }.joined(separator: "\n")
    let edges = edges("", mail, "\n\nYes.")
    #expect(edges.wrapping?.mark == "> ")
    #expect(!edges.core.contains("\n"))
  }
}

struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
