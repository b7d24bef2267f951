import Foundation
import Spelling
import Testing

@Suite struct SpellingTests {
  /// A small dictionary in a folder of its own.
  private static func dictionary(
    _ words: [String], encoding: String.Encoding = .utf8, named name: String = "UTF-8"
  ) throws -> SpellingDictionary {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try "SET \(name)\nTRY esianrtolcdugmphbyfvkwz\nSFX S Y 1\nSFX S 0 s .\n".write(
      to: folder.appending(path: "xx_YY.aff"), atomically: true, encoding: encoding)
    try "\(words.count)\n\(words.joined(separator: "\n"))\n".write(
      to: folder.appending(path: "xx_YY.dic"), atomically: true, encoding: encoding)
    return try #require(
      SpellingDictionary.find("xx_YY", in: [folder.path]) { path in
        (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
      })
  }

  @Test func wordsOfTheDictionary() throws {
    let checker = try SpellChecker(Self.dictionary(["plum/S", "café", "don't"]))
    for word in ["plum", "plums", "Plum", "PLUMS", "café", "don't", "don\u{2019}t"] {
      #expect(checker.isRight(word), "\(word)")
    }
    #expect(!checker.isRight("plmu") && !checker.isRight("cafe"))
    #expect(checker.suggestions(for: "plmu").contains("plum"))
    checker.add("plmu")
    #expect(checker.isRight("plmu"))
  }

  @Test func anotherEncoding() throws {
    let dictionary = try Self.dictionary(
      ["Bär", "groß"], encoding: .isoLatin1, named: "ISO8859-1")
    let checker = try SpellChecker(dictionary)
    #expect(checker.isRight("Bär") && checker.isRight("groß") && !checker.isRight("Bar"))
    #expect(checker.suggestions(for: "gros").contains("groß"))
    // Not in the encoding: the dictionary cannot have it, and does not mark it.
    #expect(checker.isRight("漢字"))
  }

  @Test func anUnknownEncodingIsNone() throws {
    let dictionary = try Self.dictionary(["a"], named: "NO-SUCH-CODE")
    #expect(
      throws: SpellingError.unusable(
        dictionary: dictionary.words, reason: "unknown encoding NO-SUCH-CODE")
    ) { try SpellChecker(dictionary) }
  }

  @Test func longWordsAreLeftAlone() throws {
    let checker = try SpellChecker(Self.dictionary(["a"]))
    let long = String(repeating: "x", count: 100_000)
    #expect(checker.isRight(long) && checker.suggestions(for: long).isEmpty)
  }

  @Test(arguments: [
    ("de_DE", "/a/de_DE"), ("de_AT", "/a/de_DE"), ("fr_FR", "/b/fr"), ("en_GB", "/b/en_GB"),
    ("it_IT", nil), ("nb_NO", nil),
  ])
  func theNearestIsFound(name: String, path: String?) {
    let folders = [
      "/a": ["de_DE.aff", "de_DE.dic", "hyph_it_IT.dic", "nb_NO.dic"],
      "/b": ["fr.aff", "fr.dic", "en_GB.aff", "en_GB.dic", "en_US.aff", "en_US.dic"],
    ]
    let found = SpellingDictionary.find(name, in: ["/a", "/none", "/b"]) { folders[$0] ?? [] }
    #expect(found?.words == path.map { $0 + ".dic" })
  }

  @Test func locales() {
    #expect(SpellingDictionary.language(ofLocale: ["", nil, "de_DE.UTF-8@euro"]) == "de_DE")
    for locale in ["C", "C.UTF-8", "POSIX", ""] {
      #expect(SpellingDictionary.language(ofLocale: [locale]) == "en_US")
    }
  }
}
