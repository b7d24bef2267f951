internal import ArgumentParser
internal import Commands
internal import Decoding
internal import Glibc
internal import Inference
internal import Infilling
internal import Platform
internal import Tensors
internal import Transformers

struct BenchSpeedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "speed",
    abstract: "Time denoising steps, context, decoding and start, beside the machine's limits.",
    usage: "palimpsest-dev bench [options]",
    discussion: """
      A step predicts all slots of a passage over cached context, confidences included; candidates \
      is a step of four candidates of 32 slots made together; drafts continue one text by a token \
      each, and closings are read after one text, 20 tokens and 24 whose likelihoods are computed. \
      Context is encoded causally. ar decodes greedily with the base model. infill and continuation \
      also encode their context, unless it was prefilled, as the editor does while a passage is \
      selected. search refills a sentence as the editor does, with the text before it encoded. \
      Self-speculation writes nine texts of ar with drafts of recurring text. \
      The shares are of the limits measured in the same run: 8-bit products on \
      registers alone, and reading memory.

      Examples:
        palimpsest-dev bench --profile
        palimpsest-dev bench --threads 2 --json
        palimpsest-dev bench --compare 'peer/step peer/base.gguf 2'

      Exit codes: 0 success; 1 failure; 64 invalid command line.
      """)

  @Flag(help: "Print an object a line, named as the peer's driver names them.")
  var json = false

  @Flag(help: "Print the time of a step by stage.")
  var profile = false

  @Option(help: ArgumentHelp("Seconds to spend on a row at least.", valueName: "s"))
  var seconds = 1.0

  @Option(
    help: ArgumentHelp(
      "Also run another command that prints such objects, and show the ratios.", valueName: "cmd"))
  var compare: String?

  @Option(
    help: ArgumentHelp("Only rows of these names, separated by commas.", valueName: "names"))
  var rows: String?

  @Flag(help: "Also time a step of a model of 8 billion random parameters: 2.5 GB of memory.")
  var large = false

  /// Ends when the model is ready; the row `start` times it.
  @Flag(help: .hidden)
  var untilReady = false

  @OptionGroup(title: "Model") var model: ModelOptions

  func validate() throws {
    if !(0...600).contains(seconds) {
      throw ValidationError("--seconds \(seconds) is not in 0...600.")
    }
  }

  func run() throws {
    let parts = try ModelParts(model.source)
    if untilReady { return }
    let ready = ProcessFacts.resident
    let work = Workloads(model: parts.adapterModel, options: parts.options, seconds: seconds)
    var measured: [BenchRow] = []
    func add(_ name: String, _ row: () throws -> BenchRow) rethrows {
      guard wants(name) else { return }
      measured.append(try row())
    }
    for (slots, context) in [(32, 256), (64, 256), (32, 1024)] {
      try add("step") { try work.step(slots: slots, context: context) }
    }
    try add("candidates") { try work.candidates(4, slots: 32, context: 256) }
    for context in [256, 1024] {
      try add("tries") { try work.drafts(16, context: context) }
    }
    try add("closings") { try work.closings(12, passage: 20, suffix: 24, context: 256) }
    try add("context") { try work.context(512) }
    try add("ar") {
      try work.continuation(name: "ar", count: 64, context: 256, encodes: false)
    }
    for (name, readsAhead) in [("infill", false), ("infill-read", true)] {
      try add(name) {
        try work.infill(
          name: name, slots: 32, steps: 8, prefix: 256, suffix: 128, readsAhead: readsAhead)
      }
    }
    try add("continuation") {
      try work.continuation(name: "continuation", count: 32, context: 384, encodes: true)
    }
    let prose = Prose(parts: parts, seconds: seconds)
    try add("search") { try prose.search("search-first", steps: 1) }
    try add("search") { try prose.search("search") }
    if wants("prose-ar") || wants("self-spec") { measured += try prose.rows() }
    let largest = ProcessFacts.largestResident
    try add("start") { try start() }
    try add("polite") { try beside { try work.step(slots: 32, context: 256) } }
    let kernels = parts.adapterModel.transformer.kernels
    for format in [LinearWeights.Format.int8, .int4] where large {
      let row = LargeModel(kernels, format: format)
        .step(slots: 32, context: 256, seconds: seconds, name: "8b-\(format.rawValue)")
      measured.append(row)
    }
    var report = BenchReport(
      backend: parts.summary.backend, rows: measured,
      limits: MachineLimits(parts.adapterModel.transformer.kernels), residentReady: ready,
      residentLargest: largest)
    if profile { report.profile = try work.profile(slots: 32, context: 256, runs: 20) }
    if let compare {
      report.other = try PeerRows(command: compare, log: "\(Self.folder)/palimpsest-compare.log")
        .medians
    }
    try Console.output(json ? report.json : report.text)
  }

  private func wants(_ name: String) -> Bool {
    rows.map { $0.split(separator: ",").contains(Substring(name)) } ?? true
  }

  /// Measures while another process keeps one processor busy.
  private func beside(_ row: () throws -> BenchRow) throws -> BenchRow {
    let log = "\(Self.folder)/palimpsest-busy.log"
    // The limit ends it if nothing else does; signals that can be blocked might not.
    let loop = "(ulimit -t 60; while :; do :; done) >/dev/null 2>&1 & echo $!"
    let started = try Subprocess.run("/bin/sh", ["-c", loop], log: log)
    Files.remove(log)
    guard let text = started?.output.split(separator: "\n").first, let process = pid_t(text) else {
      throw CommandFailure("No other process could be started: \(started?.output ?? "no shell").")
    }
    defer { kill(process, SIGKILL) }
    var row = try row()
    row.name = "polite"
    return row
  }

  private static var folder: String { Files.environment("TMPDIR") ?? "/tmp" }

  /// Runs this program until its model is ready.
  private func start() throws -> BenchRow {
    guard let program = Files.executable() else {
      throw CommandFailure("The path of this program is unknown.")
    }
    var arguments = ["bench", "speed", "--until-ready"]
    if let path = model.model { arguments += ["--model", path] }
    if let path = model.adapter { arguments += ["--adapter", path] }
    if let level = model.kernels { arguments += ["--kernels", level.rawValue] }
    if let threads = model.threads { arguments += ["--threads", "\(threads)"] }
    if let weights = model.weights { arguments += ["--weights", weights.rawValue] }
    let log = "\(Self.folder)/palimpsest-start.log"
    defer { Files.remove(log) }
    let samples = try Samples.measure(seconds: 0) {
      try milliseconds {
        let result = try Subprocess.run(program, arguments, log: log)
        guard result?.status == 0 else {
          throw CommandFailure("\(program) failed: \(result?.output ?? "it is gone").")
        }
      }
    }
    return BenchRow(name: "start", samples: samples)
  }
}
