internal import ArgumentParser
internal import Commands
internal import DecodingPolicies
internal import Documents
internal import Editing
internal import Inference
internal import Infilling
internal import Rendering
internal import Storage

struct FillCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fill",
    abstract: "Rewrite passages of a document without the editor.",
    usage: "palimpsest fill FILE (--span L:C-L:C | --between A B | --marker OPEN CLOSE) [options]",
    discussion: """
      Writes the whole document with its passages rewritten to standard output, or back to FILE \
      with --in-place. FILE may be -, standard input. Several passages are rewritten in document \
      order, each with the new text of those before it.

      Lines and columns count from 1, columns in characters; the end of a span is exclusive, so \
      that 4:1-4:80 is the first 79 characters of line 4. Markers are removed and the text between \
      them, which may be empty, is rewritten.

      Examples:
        palimpsest fill letter.txt --span 8:327-8:396
        palimpsest fill notes.md --marker '{{' '}}' --seed 3 --in-place
        palimpsest fill story.txt --between 'Inside it was' '\\.' --watch
        palimpsest fill - --span 2:1-2:20 --json < poem.txt
        palimpsest fill page.md --between 'Fig. 1: ' '\\.' --image fig1.png --model PATH

      With --json each step is an object on one line: "passage" and "step" from 1, "canvas" with \
      the text of each slot (null for a mask), "changed" with slot, token, text, confidence and \
      alternatives, "milliseconds", "forwardPasses", "masksLeft". A step of a search also has \
      "search": "stage" (drafting, reading, polishing), drafts begun ("tries") and still "alive", \
      and "join", -ln p per token of the text after the passage (null until it is known). The last object has \
      "passages" with the texts, "document", "tokens", "forwardPasses", "tokensPerForward", \
      "tokensPerSecond", "milliseconds".

      A search ends with several candidates, of which the best is kept. With --json an object with \
      "passage" and "candidates" lists them, best first: "text", "seed", "slots" and "chosen".

      --candidates N lists N candidates with their scores: ln p per token of the passage and ln p \
      of the text after it, read from left to right. If a search finds fewer, it is repeated with \
      the next seed. A model that does not search fills each passage N times, with different \
      numbers of slots and, above temperature 0, different seeds. The likeliest candidate is kept; \
      the steps printed are its own.

      Exit codes: 0 success; 1 failure, nothing written; 64 invalid command line.
      """)

  @Argument(help: ArgumentHelp("The document; - is standard input.", valueName: "file"))
  var file: String

  @Option(
    help: ArgumentHelp("A passage by line and column; may be repeated.", valueName: "L:C-L:C"))
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

  @Flag(help: "Show the steps on the terminal as they come.")
  var watch = false

  @Flag(help: "Write one JSON object per step.")
  var json = false

  @Option(
    help: ArgumentHelp(
      """
      Rewrite by this instruction, with a model that supports instructions: in your words, or \
      \(RewritePreset.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")).
      """,
      valueName: "text"))
  var instruct: String?

  @Option(
    help: ArgumentHelp("Make n candidates for each passage and keep the best.", valueName: "n"))
  var candidates = 1

  @Option(
    help: ArgumentHelp(
      "Record the steps to a file: .jsonl for replay, .html, .svg or .cast; with several passages, one numbered file each.",
      valueName: "file"))
  var record: String?

  @OptionGroup(title: "Denoising") var denoising: DenoisingOptions
  @OptionGroup(title: "Diffusion") var decoding: DecodingArguments
  @OptionGroup(title: "Pictures") var pictures: PictureArguments
  @OptionGroup(title: "Engine") var engine: EngineOptions
  @OptionGroup(title: "Model") var model: ModelOptions

  func validate() throws {
    if !between.count.isMultiple(of: 2) { throw ValidationError("--between takes two values.") }
    if marker.count != 0 && marker.count != 2 {
      throw ValidationError("--marker takes two values and cannot be repeated.")
    }
    if span.isEmpty && between.isEmpty && marker.isEmpty {
      throw ValidationError("Give a passage with --span, --between or --marker.")
    }
    if inPlace && file == "-" { throw ValidationError("--in-place needs a file, not -.") }
    if let record, ExportRequest.Form(path: record) == nil {
      throw ValidationError("--record \(record) does not end in .jsonl, .html, .svg or .cast.")
    }
    guard (1...64).contains(candidates) else {
      throw ValidationError("--candidates \(candidates) is not in 1...64.")
    }
    try decoding.check(steps: denoising.steps != nil, others: denoising.unmaskingRules)
    if json && watch { throw ValidationError("--json and --watch cannot be combined.") }
  }

  func run() async throws {
    let loaded = file == "-" ? nil : try FileStore().load(file)
    if let loaded, loaded.identity == nil {
      throw CommandFailure("\(file): no such file.")
    }
    let text = try DecodedFile(loaded?.contents ?? Contents(Console.input()))
    var document = Document(text.text, text.format)
    let passages = try passages(in: document.text)

    var settings = denoising.settings
    decoding.apply(to: &settings, steps: denoising.steps ?? 20)
    let infiller = try engine.infiller(
      over: model.infiller(onPictures: { $0.show() }), for: file)
    var output: any FillOutput =
      if json {
        JSONFillOutput(write: Console.output)
      } else if watch, Console.isTerminal(Console.standardError) {
        WatchFillOutput(descriptor: Console.standardError)
      } else {
        SilentFillOutput()
      }
    if watch && !Console.isTerminal(Console.standardError) {
      Console.error("palimpsest: --watch is ignored because standard error is not a terminal.\n")
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
      document: document, passages: passages, settings: settings,
      ranking: candidates == 1
        ? nil : CandidateRanking(count: candidates) { try await infiller.scores(of: $0, for: $1) },
      instruction: instruct,
      instructionGuidance: denoising.guidance == nil ? EditorSettings().guidance : nil,
      pictures: pictures.context)
    // Nothing is written over the picture.
    var later: [String] = []
    let isDrawn = watch && Console.isTerminal(Console.standardError)
    run.notify = { notice in
      if isDrawn { later.append(notice) } else { Self.tell(notice) }
    }
    try await run.perform(infiller, output)
    later.forEach(Self.tell)
    document = run.document

    let bytes: [UInt8]
    do throws(UnencodableText) {
      bytes = try document.contents()
    } catch {
      throw CommandFailure(
        "\(document.fault(error)). "
          + "Convert \(file) to UTF-8 first.")
    }
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
