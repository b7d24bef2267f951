import Testing

@testable import Editing

struct FuzzyPatternTests {
  @Test func lettersAreInOrder() {
    #expect(FuzzyPattern("abc").score("xaxbxc") != nil)
    #expect(FuzzyPattern("ABC").score("aabbcc") != nil)
    #expect(FuzzyPattern("a c").score("abc") != nil)
    #expect(FuzzyPattern("cab").score("abc") == nil)
    #expect(FuzzyPattern("aa").score("a") == nil)
    #expect(FuzzyPattern("").score("anything") == 0)
    #expect(FuzzyPattern("é").score("Café.md") != nil)
  }

  /// The first of each row fits better than the second.
  @Test(arguments: [
    ("edit", "Sources/Editing/Editor.swift", "Sources/Documents/Text.swift"),
    ("ef", "Editor+Files.swift", "Reference.swift"),
    ("note", "a/b/note.txt", "notes/other/elsewhere.txt"),
    ("text", "Text.swift", "TheExactThing.swift"),
    ("readme", "README.md", "Sources/ReadLineMemory.swift"),
    ("src/ma", "src/main.c", "src/old/gamma.c"),
  ])
  func betterFitsComeFirst(_ pattern: String, _ better: String, _ worse: String) {
    let pattern = FuzzyPattern(pattern)
    let (first, second) = (pattern.score(better), pattern.score(worse))
    #expect((first ?? -.max) > (second ?? -.max), "\(String(describing: first))")
  }

  @Test func filesAreListedTheBestFirst() {
    var listing = FileListing()
    listing.add(FileListing.Part(["b/notes.txt", "note.txt"]))
    #expect(listing.note == "reading… 2 files")
    listing.add(FileListing.Part(["not/elsewhere.txt", "a.c"], end: .tooMany))
    #expect(listing.note == "the first 4 files")
    #expect(
      listing.matches("note", atMost: 9).map { listing.paths[$0] } == [
        "note.txt", "b/notes.txt", "not/elsewhere.txt",
      ])
    #expect(listing.matches(" ", atMost: 2) == [0, 1])
  }
}
