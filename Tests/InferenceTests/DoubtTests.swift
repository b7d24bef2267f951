import Foundation
import Inference
import Infilling
import TestSupport
import Testing

@Suite struct DoubtTests {
  let text = "The old harbour was quiet in the evening, and snow fell on the stone bridge.\n"

  /// Ranges of the runs of letters.
  func words(_ text: String) -> [Range<Int>] {
    var words: [Range<Int>] = []
    for (offset, byte) in text.utf8.enumerated()
    where UnicodeScalar(byte).properties.isAlphabetic || byte >= 0x80 {
      if let last = words.last, last.upperBound == offset {
        words[words.count - 1] = last.lowerBound..<offset + 1
      } else {
        words.append(offset..<offset + 1)
      }
    }
    return words
  }

  func request(_ text: String) -> DoubtRequest { DoubtRequest(text: text, words: words(text)) }

  @Test func everyWordHasAProbability() async throws {
    let model = try TemporaryModel()
    let request = request(text)
    let report = try await model.infiller().doubtReport(about: request)
    #expect(report.doubts.count == request.words.count)
    #expect(report.doubts.allSatisfy { (0...1).contains($0.probability) })
    #expect(Set(report.doubts.map(\.probability)).count > 4)
    for (doubt, word) in zip(report.doubts, request.words) {
      let own = String(text.utf8.dropFirst(word.lowerBound).prefix(word.count))
      #expect(!doubt.alternatives.contains { $0.text == own || $0.text.contains(" ") })
      #expect(
        zip(doubt.alternatives, doubt.alternatives.dropFirst()).allSatisfy {
          $0.probability >= $1.probability
        })
    }
    #expect(report.forwardPasses > 0 && report.tokens > request.words.count)
  }

  /// What a word's doubt is does not depend on which others are asked about, nor on how far the
  /// text goes on.
  @Test func wordsDoNotDependOnOneAnother() async throws {
    let model = try TemporaryModel()
    let long = (0..<80).map { "\(text)And \($0) " }.joined()
    let whole = request(long)
    let infiller = try model.infiller()
    let all = try await infiller.doubts(about: whole)
    for index in stride(from: 0, to: whole.words.count, by: 171) {
      let alone = try await infiller.doubts(
        about: DoubtRequest(text: long, words: [whole.words[index]]))
      #expect(abs(alone[0].probability - all[index].probability) < 1e-5, "word \(index)")
    }
  }

  @Test func aLongTextIsCutIntoWindows() async throws {
    let model = try TemporaryModel()
    let long = String(repeating: text, count: 150)
    let request = request(long)
    let doubts = try await model.infiller().doubts(about: request)
    #expect(doubts.count == request.words.count)
    #expect(doubts.allSatisfy { $0.probability < 1 })
    #expect(try await model.infiller().doubts(about: DoubtRequest(text: "", words: [])).isEmpty)
  }

  @Test func doubtingIsCancelled() async throws {
    let model = try TemporaryModel()
    let infiller = try model.infiller()
    let request = request(String(repeating: text, count: 40))
    let task = Task {
      unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
      return try await infiller.doubts(about: request)
    }
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(try await infiller.doubts(about: request).count == request.words.count)
  }

  @Test(
    arguments: ["llada", "dream", "nemotron_labs_diffusion"])
  func diffusionModelsDoubt(family: String) async throws {
    let infiller = try LocalInfiller(model: SharedFiles.path("golden/open/\(family)"), threads: 2)
    let doubts = try await infiller.doubts(about: request(text))
    #expect(doubts.count == 15 && doubts.allSatisfy { (0..<1).contains($0.probability) })
  }

  @Test(arguments: ["sdar", "llada2_moe"])
  func aModelBlindToWhatFollowsIsRefused(family: String) async throws {
    let infiller = try LocalInfiller(model: SharedFiles.path("golden/open/\(family)"), threads: 2)
    let error = await #expect(throws: InferenceError.self) {
      try await infiller.doubts(about: request(text))
    }
    #expect(error?.description.contains("does not see the text after") == true)
  }
}

/// The default model on the samples that come with the program.
@Suite(
  .serialized,
  .enabled(if: InstalledModel.isThere, "needs the default model: palimpsest model fetch"))
struct DefaultModelDoubtTests {
  /// Of a slip in a sample: at most a tenth of the words is doubted more.
  @Test func slipsAreAmongTheMostDoubted() async throws {
    let slips = [
      ("letter.txt", "the rain ran down", "the rian ran down", "rian"),
      ("letter.txt", "the tide came in", "the tide came bread", "bread"),
      ("letter.txt", "has been such a dry", "has being such a dry", "being"),
      ("letter.txt", "stopped at the little shop", "stopped at the litle shop", "litle"),
    ]
    let infiller = try LocalInfiller()
    let tests = DoubtTests()
    for (file, right, wrong, word) in slips {
      let path = SharedFiles.packageRoot + "/Samples/" + file
      let text = try String(contentsOfFile: path, encoding: .utf8)
        .replacingOccurrences(of: right, with: wrong)
      let start = try #require(text.range(of: wrong))
      let offset = text.utf8.distance(from: text.startIndex, to: start.lowerBound)
      let place = try #require(wrong.range(of: word))
      let lower = offset + wrong.utf8.distance(from: wrong.startIndex, to: place.lowerBound)
      let slip = lower..<lower + word.utf8.count
      var words = tests.words(text).filter { !$0.overlaps(slip) }
      words.append(slip)
      words.sort { $0.lowerBound < $1.lowerBound }
      let doubts = try await infiller.doubts(about: DoubtRequest(text: text, words: words))
      let own = doubts[try #require(words.firstIndex(of: slip))].probability
      let rank = doubts.count { $0.probability < own }
      #expect(
        10 * rank < words.count,
        "\(word): \(rank) of \(words.count) words are doubted more than \(own)")
    }
  }
}
