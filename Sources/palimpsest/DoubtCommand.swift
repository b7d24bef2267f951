internal import ArgumentParser
internal import Commands
internal import Documents
internal import Inference
internal import Infilling
internal import JSON
internal import Strings

struct DoubtCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doubt",
    abstract: "List the least likely words of a text.",
    discussion: """
      Masks each word in turn and predicts it from the text on both sides. Prints a line for each of \
      the least likely words: position, word, probability, and the words the model prefers. The \
      last line has the work done.

      With --json one object: "words" with "place", "word", "probability", "alternatives"; \
      "forwardPasses", "tokens" and "milliseconds".

      Examples:
        palimpsest doubt letter.txt
        palimpsest doubt letter.txt --top 0 --json
        palimpsest doubt caption.txt --image chart.png --model PATH

      Exit codes: 0 success; 1 failure, explained on standard error; 64 invalid command line.
      """)

  @Argument(help: ArgumentHelp("The document; - is standard input.", valueName: "file"))
  var file: String

  @Option(
    help: ArgumentHelp("Number of words to list; 0 lists all in document order.", valueName: "n"))
  var top = 20

  @Flag(help: "Write one JSON object.")
  var json = false

  @OptionGroup(title: "Pictures") var pictures: PictureArguments
  @OptionGroup(title: "Model") var model: ModelOptions

  func validate() throws {
    if top < 0 { throw ValidationError("--top \(top) is below 0.") }
  }

  func run() async throws {
    let text = Text(try TextInput.text(nil, file: file))
    let words = Self.words(of: text)
    let infiller = try model.infiller(onPictures: { $0.show() })
    if !pictures.image.isEmpty {
      for glance in try await infiller.glance(at: pictures.context).seen {
        Console.error("palimpsest: \(glance.words).\n")
      }
    }
    let report = try await infiller.doubtReport(
      about: DoubtRequest(
        text: text.string(in: 0..<text.count), words: words, pictures: pictures.context))
    var order = Array(words.indices)
    if top > 0 {
      order.sort { report.doubts[$0].probability < report.doubts[$1].probability }
      order = Array(order.prefix(top))
    }
    let lines = order.map { index in
      Line(
        place: TextPlace(offset: words[index].lowerBound, in: text).description,
        word: text.string(in: words[index]), doubt: report.doubts[index])
    }
    if json {
      let object: JSONValue = [
        "words": .array(lines.map(\.json)), "forwardPasses": .integer(report.forwardPasses),
        "tokens": .integer(report.tokens), "milliseconds": .number(report.milliseconds),
      ]
      try Console.output(object.serialized() + "\n")
      return
    }
    try Console.output(lines.map(\.text).joined())
    try Console.output(
      """
      \(words.count) words, \(report.forwardPasses) forward passes over \(report.tokens) tokens, \
      \(Int(report.milliseconds.rounded())) ms

      """)
  }

  /// Runs of letters and digits.
  static func words(of text: Text) -> [Range<Int>] {
    var words: [Range<Int>] = []
    var offset = 0
    while offset < text.count {
      let end = text.nextWordEnd(after: offset)
      guard end > offset else { break }
      let word = max(offset, text.previousWordStart(before: end))..<end
      if text.string(in: word).contains(where: \.isWordPart) {
        words.append(word)
      }
      offset = end
    }
    return words
  }

  private struct Line {
    var place: String
    var word: String
    var doubt: WordDoubt

    var text: String {
      let others = doubt.alternatives.map(\.text).joined(separator: " ")
      return "\(place)\t\(word)\t\(Double(doubt.probability).fixed(4))\t\(others)\n"
    }

    var json: JSONValue {
      [
        "place": .string(place), "word": .string(word),
        "probability": .number(Double(doubt.probability)),
        "alternatives": .array(
          doubt.alternatives.map {
            ["word": .string($0.text), "probability": .number(Double($0.probability))]
          }),
      ]
    }
  }
}
