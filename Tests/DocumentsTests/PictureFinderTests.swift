import Documents
import TestSupport
import Testing

@Suite struct PictureFinderTests {
  /// Path and description of each picture.
  func found(_ text: String, _ format: DocumentFormat) -> [[String?]] {
    let bytes = Array(text.utf8)
    return format.pictures(in: bytes).map { reference in
      [reference.path, reference.alt.map { String(decoding: bytes[$0], as: UTF8.self) }]
    }
  }

  @Test(arguments: [
    ("![A quay](fig/quay.png)", ["fig/quay.png", "A quay"]), ("![](a.png)", ["a.png", ""]),
    ("x ![a\nb](<two words.png> \"T (1)\") y", ["two words.png", "a\nb"]),
    ("![a \\] b](a\\(1\\).png)", ["a(1).png", "a \\] b"]),
    ("![ ](a(1).png 'T')", ["a(1).png", " "]), ("![b](a%20b.png#top)", ["a b.png", "b"]),
    ("[![in](in.png)](https://example.org)", ["in.png", "in"]),
    ("<img alt='b' src=\"b.png\">", ["b.png", "b"]),
  ])
  func markdown(text: String, expected: [String?]) {
    #expect(found(text, .markdown) == [expected])
  }

  @Test(arguments: [
    ("<img src=\"a.png\" alt=\"A &amp; b\">", ["a.png", "A &amp; b"]),
    ("<IMG\n  WIDTH=3 SRC='b c.png'>", ["b c.png", nil]),
    ("<img src=a.png alt=x>", ["a.png", "x"]),
    ("<img title=\"a > b\" src=\"a&amp;b.png\" alt=\"\"/>", ["a&b.png", ""]),
    ("<img data-src=\"lazy.png\" src=\"a.png\">", ["a.png", nil]),
    ("<img src=\"file:///tmp/a.png\">", ["/tmp/a.png", nil]),
  ])
  func html(text: String, expected: [String?]) {
    #expect(found(text, .html) == [expected])
  }

  @Test func otherFormats() {
    #expect(
      found("#+CAPTION: x\n[[file:fig/a.png]] [[./b.JPG][b]] [[notes.org]]", .org)
        == [["fig/a.png", nil], ["./b.JPG", nil]])
    #expect(
      found(
        ".. figure:: a.png\n   :width: 3\n   :alt: A quay\n\n   Text\n\n.. image:: b.png\n",
        .reStructuredText)
        == [["a.png", "A quay"], ["b.png", nil]])
    #expect(
      found(
        "\\includegraphics[width=3cm,alt={A quay}]{fig/quay}\n50\\% \\includegraphics{b.png}\n% \\includegraphics{c}",
        .latex) == [["fig/quay", "A quay"], ["b.png", nil]])
  }

  @Test(arguments: [
    "![a](https://example.org/a.png)", "![a](data:image/png;base64,iVBORw0)", "![a]()",
    "![a](//host/a.png)", "<img src='HTTP://x/a.png'>", "![a](C:/a.png)", "[a](a.png)",
    "![a] (a.png)",
  ])
  func whatIsNoLocalPictureIsLeftOut(text: String) {
    #expect(found(text, .markdown) == [])
  }

  @Test func placesCountFromTheTextsOwn() {
    let reference = DocumentFormat.markdown.pictures(in: Array("é![ab](c)".utf8), at: 100)
    #expect(reference == [PictureReference(range: 102..<110, alt: 104..<106, path: "c")])
  }

  @Test func filesLieBesideTheDocument() {
    let near = PictureReference(range: 0..<1, alt: nil, path: "../a.png")
    #expect(near.file(beside: "notes/b.md") == "notes/../a.png")
    #expect(near.file(beside: "b.md") == "../a.png")
    #expect(
      PictureReference(range: 0..<1, alt: nil, path: "/a.png").file(beside: "x/b.md") == "/a.png")
  }

  @Test func formatsAreKnownByTheirEndings() {
    #expect(DocumentFormat(path: "a/B.MD") == .markdown && DocumentFormat(path: "x.tex") == .latex)
    #expect(DocumentFormat(path: "a.b/c") == nil && DocumentFormat(path: "letter.txt") == nil)
  }

  /// Any text, hostile ones too: what is found lies in it, and in time that grows with it.
  @Test func anyTextIsRead() {
    let seed = Property.seed
    var random = RandomSource(seed: seed)
    let pieces = [
      "![", "](", ")", "<img ", "src=", "alt=\"", "\"", ">", "[[file:", "]]", ".png", "\\", "(",
      "[", "\n",
      ".. image:: ", "   :alt: ", "\\includegraphics", "{", "}", "%", "é", " ", "a",
    ]
    for _ in 0..<300 {
      let text = (0..<random.below(60)).map { _ in pieces[random.below(pieces.count)] }.joined()
      let bytes = Array(text.utf8)
      for format in DocumentFormat.allCases {
        for reference in format.pictures(in: bytes) {
          #expect(
            bytes.indices.contains(reference.range.lowerBound)
              && reference.range.upperBound <= bytes.count
              && !reference.path.isEmpty, "seed \(seed): \(text)")
          if let alt = reference.alt {
            let range = reference.range
            #expect(range.lowerBound <= alt.lowerBound && alt.upperBound <= range.upperBound)
          }
        }
      }
    }
    for piece in ["![", "<img \"", "![(", "\\includegraphics[", "[["] {
      let long = Array(String(repeating: piece, count: 20_000).utf8)
      for format in DocumentFormat.allCases { #expect(format.pictures(in: long).isEmpty) }
    }
  }
}
