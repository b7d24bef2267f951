internal import ArgumentParser
internal import Commands
internal import Decoding
internal import Documents
internal import Evaluation
internal import Inference
internal import Infilling
internal import Platform
internal import Storage
internal import Transformers

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure how well and how fast a model refills passages.",
    usage: "palimpsest-dev evaluate (FILE ... | --windows FILE) [options]",
    discussion: """
      Draws sentences from the documents by seed, removes them and has the model fill the gap; or \
      reads windows written by Training/evaluate.py and Training/nll.py.

      The table has, for the original, for the base model's continuation cut to the same length, \
      and for ways of denoising: NLL a token of the fill and of the 32 tokens after it under the \
      base model read from left to right (lower is more fluent, and joins better), of both, the \
      share of tokens equal to the original's, ROUGE-L, the difference in length, steps, tokens a \
      forward pass, milliseconds a fill. Before it: NLL of the original's tokens under the \
      denoiser at shares of masks.

      Examples:
        palimpsest-dev evaluate Samples/*.txt --count 20 --svg curve.svg
        palimpsest-dev evaluate --windows windows.jsonl --json -

      Exit codes: 0 success; 1 failure; 64 invalid command line.
      """)

  @Argument(help: ArgumentHelp("Documents to draw sentences from.", valueName: "file"))
  var files: [String] = []

  @Option(
    help: ArgumentHelp("Windows as JSON lines, in place of documents.", valueName: "file"))
  var windows: String?

  @Option(help: ArgumentHelp("Maximum number of sentences.", valueName: "n"))
  var count = 40

  @Option(help: ArgumentHelp("The same seed draws the same sentences and masks.", valueName: "n"))
  var seed: UInt64 = 5

  @Option(
    help: ArgumentHelp(
      "Ways of denoising, separated by semicolons: \"steps 16; threshold 0.9 ar 0.5\".",
      discussion: "ar is the weight of the base's own prediction. Without it: those of the kit.",
      valueName: "list"))
  var policies: String?

  @Option(help: ArgumentHelp("Show the fills of the first n passages.", valueName: "n"))
  var examples = 0

  @Flag(help: "Only fills of the original's length.")
  var exact = false

  @Flag(help: "Without the curve of thresholds.")
  var noCurve = false

  @Option(
    help: ArgumentHelp(
      "Write all numbers as JSON; - is standard output, in place of the table.",
      valueName: "file"))
  var json: String?

  @Option(help: ArgumentHelp("Draw the quality/speed curve.", valueName: "file"))
  var svg: String?

  @OptionGroup(title: "Model") var model: ModelOptions

  func validate() throws {
    if files.isEmpty == (windows == nil) {
      throw ValidationError("Give either documents or --windows.")
    }
    if !(1...100_000).contains(count) {
      throw ValidationError("--count \(count) is not in 1...100000.")
    }
    if svg != nil && noCurve {
      throw ValidationError("--svg draws the curve that --no-curve omits.")
    }
    _ = try chosenPolicies()
  }

  func run() throws {
    let parts = try ModelParts(model.source)
    let input = try readInput(parts)
    let start = ContinuousClock.now
    var evaluator = Evaluator(
      parts, policies: try chosenPolicies(), curve: noCurve ? [] : FillPolicy.curve,
      includesFreeLength: !exact, seed: seed
    ) { (ContinuousClock.now - start) / .milliseconds(1) }
    evaluator.examples = examples
    let isWatched = Console.isTerminal(Console.standardError)
    var report = try evaluator.report(windows: input.windows, tables: input.tables) { done, all in
      if isWatched { Console.draw("\r\(done)/\(all) windows", on: Console.standardError) }
    }
    if isWatched { Console.draw("\r\u{1B}[K", on: Console.standardError) }
    report.settings = [
      ("model", parts.summary.name), ("kernels", parts.summary.backend),
      ("adapter", model.adapter ?? "that of the model"),
      ("source", windows ?? "\(files.count) files"),
      ("windows", "\(input.windows.count + input.tables.count)"), ("seed", "\(seed)"),
    ]
    try write(report)
  }

  private func chosenPolicies() throws -> [FillPolicy] {
    guard let policies else { return FillPolicy.usual }
    return try policies.split(separator: ";").map { text in
      guard let policy = FillPolicy(parsing: String(text)) else {
        throw ValidationError(
          "--policies: \"\(text)\" is neither \"steps N\" nor \"threshold P\", with \" ar W\" or not."
        )
      }
      return policy
    }
  }

  private func readInput(_ parts: ModelParts) throws -> (
    windows: [EvaluationWindow], tables: [TableWindow]
  ) {
    let configuration = parts.adapterModel.transformer.configuration
    if let windows {
      let file = try WindowFile(
        Files.read(windows, upTo: .max), file: windows,
        vocabularySize: configuration.vocabularySize, longest: configuration.contextLength / 4)
      return (file.windows, file.tables)
    }
    let documents = try files.map { Text(try Files.read($0, upTo: .max)) }
    let drawn = WindowSampler(seed: seed).windows(
      from: documents, tokenizer: parts.tokenizer, count: count)
    guard !drawn.isEmpty else {
      throw CommandFailure("No sentence of 5 to 48 tokens with text before and after it was found.")
    }
    return (drawn, [])
  }

  private func write(_ report: EvaluationReport) throws {
    if let svg, let plot = CurvePlot(report) { try FileStore().save(Array(plot.svg.utf8), to: svg) }
    guard let json else { return try Console.output(report.text) }
    if json == "-" {
      try Console.output(report.json)
    } else {
      try FileStore().save(Array(report.json.utf8), to: json)
      try Console.output(report.text)
    }
  }
}
