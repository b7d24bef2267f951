internal import ArgumentParser
internal import Commands
internal import Documents
internal import Editing
internal import Inference
internal import Infilling
internal import Rendering
internal import Storage

struct FillCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fill",
    abstract: "Refill passages of a document without the editor.",
    usage: "palimpsest fill FILE (--span L:C-L:C | --between A B | --marker OPEN CLOSE) [options]",
    discussion: """
      Writes the whole document, its passages refilled, to standard output, or back to FILE with \
      --in-place. FILE may be -, standard input. Several passages are refilled in document order, \
      each seeing the ones before it as they are then.

      Lines and columns count from 1, columns in characters; the end of a span is exclusive, so \
      that 4:1-4:80 is the first 79 characters of line 4. Markers go away, whatever stands \
      between them is refilled; that may be nothing at all.

      Examples:
        palimpsest fill letter.txt --span 8:327-8:396
        palimpsest fill notes.md --marker '{{' '}}' --seed 3 --in-place
        palimpsest fill story.txt --between 'Inside it was' '\\.' --watch
        palimpsest fill - --span 2:1-2:20 --json < poem.txt

      With --json each step is an object of one line: "passage" and "step" from 1, "canvas" with \
      the text of each slot (null for a mask), "changed" with slot, token, text, confidence and \
      alternatives, "milliseconds", "forwardPasses", "masksLeft". A step of a search has "search", \
      too: "stage" (drafting, reading, polishing), "tries" begun, "alive" of them, and "join", -ln \
      p a token of the text after the passage, null before that was read. The last object has \
      "passages" with the texts, "document", "tokens", "forwardPasses", "tokensPerForward", \
      "tokensPerSecond", "milliseconds".

      A search ends with several passages, the best of which is kept. With --json an object with \
      "passage" and "candidates" lists them, best first: "text", "seed", "slots" and "chosen".

      --candidates N lists N of them with their scores: ln p a token of the passage and ln p of \
      what follows it, as the model reads from left to right. Where one search finds fewer, it \
      searches again with the next seed and keeps the likeliest of the best. A model that does \
      not search fills each passage N times, with other numbers of slots and above temperature 0 \
      other seeds, and keeps the likeliest. The steps are those of the one kept.

      Exit codes: 0 done; 1 it failed, and nothing was written; 64 the command line is wrong.
      """)

  @Argument(help: ArgumentHelp("The document; - is standard input.", valueName: "file"))
  var file: String

  @Option(
    help: ArgumentHelp("A passage by line and column; may be given again.", valueName: "L:C-L:C"))
  var span: [String] = []

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "The text between a match of one regular expression and the next match of another.",
      valueName: "regex regex"))
  var between: [String] = []

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Every text between two markers.", valueName: "open close"))
  var marker: [String] = []

  @Flag(help: "Write the result back to FILE, atomically.")
  var inPlace = false

  @Flag(help: "Draw the steps on the terminal, in place, as they come.")
  var watch = false

  @Flag(help: "Write one JSON object a step.")
  var json = false

  @Option(
    help: ArgumentHelp(
      """
      What the passages are to become, with a model that follows instructions: in your words, or \
      \(RewritePreset.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")).
      """,
      valueName: "text"))
  var instruct: String?

  @Option(
    help: ArgumentHelp("Find n passages in the place of each and keep the best.", valueName: "n"))
  var candidates = 1

  @Option(
    help: ArgumentHelp(
      "Record the steps: .jsonl for replay, .html, .svg or .cast; several passages are numbered.",
      valueName: "file"))
  var record: String?

  @OptionGroup(title: "Denoising") var denoising: DenoisingOptions
  @OptionGroup(title: "Diffusion") var decoding: DecodingArguments
  @OptionGroup(title: "Model") var model: ModelOptions

  func validate() throws {
    if !between.count.isMultiple(of: 2) { throw ValidationError("--between takes two values.") }
    if marker.count != 0 && marker.count != 2 {
      throw ValidationError("--marker takes two values, and is given once.")
    }
    if span.isEmpty && between.isEmpty && marker.isEmpty {
      throw ValidationError("Which passage? Give --span, --between or --marker.")
    }
    if inPlace && file == "-" { throw ValidationError("--in-place needs a file, not -.") }
    if let record, ExportRequest.Form(path: record) == nil {
      throw ValidationError("--record \(record) does not end in .jsonl, .html, .svg or .cast.")
    }
    guard (1...64).contains(candidates) else {
      throw ValidationError("--candidates \(candidates) is not in 1...64.")
    }
    try decoding.check(steps: denoising.steps, threshold: denoising.threshold)
    if json && watch { throw ValidationError("--json and --watch exclude each other.") }
  }

  func run() async throws {
    let loaded = file == "-" ? nil : try FileStore().load(file)
    if let loaded, loaded.identity == nil {
      throw CommandFailure("\(file): there is no such file.")
    }
    var document = Document(
      contents: try loaded.map { try Text($0.contents) } ?? Text(Console.input()))
    let passages = try passages(in: document.text)

    let infiller = try model.infiller(
      decoding: decoding.options(steps: denoising.steps ?? 20))
    var output: any FillOutput =
      if json {
        JSONFillOutput(write: Console.output)
      } else if watch, Console.isTerminal(Console.standardError) {
        WatchFillOutput(descriptor: Console.standardError)
      } else {
        SilentFillOutput()
      }
    if watch && !Console.isTerminal(Console.standardError) {
      Console.error("palimpsest: standard error is no terminal, so there is nothing to watch.\n")
    }
    var failure: String?
    if let record {
      let name = file.split(separator: "/").last.map(String.init) ?? file
      output = RecordFillOutput(output, name: name) { recording, passage, passages in
        let path = Self.path(record, passage: passage, of: passages)
        failure = failure ?? Self.write(recording, to: path)
      }
    }
    var run = FillRun(
      document: document, passages: passages, settings: denoising.settings,
      ranking: candidates == 1
        ? nil : CandidateRanking(count: candidates) { try await infiller.scores(of: $0, for: $1) },
      instruction: instruct,
      instructionGuidance: denoising.guidance == nil ? EditorSettings().guidance : nil)
    // Nothing is written over the picture.
    var later: [String] = []
    let isDrawn = watch && Console.isTerminal(Console.standardError)
    run.notify = { notice in
      if isDrawn { later.append(notice) } else { Self.tell(notice) }
    }
    try await run.perform(infiller, output)
    later.forEach(Self.tell)
    document = run.document

    let bytes = document.contents()
    if inPlace {
      if let identity = loaded?.identity {
        try FileStore().save(bytes, to: file, expecting: .unchanged(identity))
      }
    } else if !json {
      try Console.output(bytes)
    }
    try output.finished(texts: run.texts, document: bytes)
    if let failure { throw CommandFailure(failure) }
  }

  private static func tell(_ notice: String) { Console.error("palimpsest: \(notice).\n") }

  /// `a.svg`, or of several passages `a-2.svg`.
  static func path(_ path: String, passage: Int, of passages: Int) -> String {
    guard passages > 1, let dot = path.lastIndex(of: ".") else { return path }
    return "\(path[..<dot])-\(passage)\(path[dot...])"
  }

  private static func write(_ recording: Recording, to path: String) -> String? {
    guard let form = ExportRequest.Form(path: path) else { return "\(path): unknown ending" }
    return ExportWriter.write(
      ExportRequest(path: path, form: form, recording: recording, columns: 80, rows: 24),
      theme: Preferences.load(theme: nil).theme)
  }

  func passages(in text: Text) throws -> [Passage] {
    var found = try span.map { try Passage(span: $0, in: text) }
    for index in stride(from: 0, to: between.count, by: 2) {
      found.append(try Passage(between: between[index], and: between[index + 1], in: text))
    }
    if marker.count == 2 {
      found += try Passage.marked(marker[0], marker[1], in: text)
    }
    return try Passage.ordered(found, in: text)
  }
}
