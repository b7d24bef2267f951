import Documents
import Testing

@Suite struct SentenceRangesTests {
  /// Sentence by sentence, as a cursor that moves over the text finds them.
  private func walked(_ text: Text) -> [Range<Int>] {
    var result: [Range<Int>] = []
    for offset in 0..<text.count {
      let range = text.sentenceRange(at: offset)
      if !range.isEmpty, result.last != range { result.append(range) }
    }
    return result
  }

  @Test(arguments: [
    "One. Two! Three? Four", "- item one. More.\n- item two.\n\n# Title\n\nA b c. D e\nf g. H.",
    "", "\n\n", "no end", "   Leading. \n\n\n Trailing.  \n", "Mr. Smith came. He left.",
  ])
  func areThoseAtEveryPlace(_ string: String) {
    let text = Text(string)
    #expect(text.sentenceRanges(in: 0..<text.count) == walked(text))
  }

  @Test func aLongParagraphIsReadToItsEnd() {
    let string = (0..<900).map { "Sentence number \($0) is here." }.joined(separator: " ")
    let text = Text(string)
    let ranges = text.sentenceRanges(in: 0..<text.count)
    #expect(ranges.count == 900)
    #expect(ranges.map { text.string(in: $0) }.joined(separator: " ") == string)
  }

  @Test func onlyWhatIsTouched() {
    let text = Text("One two. Three four. Five six.")
    #expect(text.sentenceRanges(in: 10..<12).map { text.string(in: $0) } == ["Three four."])
    #expect(text.sentenceRanges(in: 5..<12).count == 2)
  }
}
