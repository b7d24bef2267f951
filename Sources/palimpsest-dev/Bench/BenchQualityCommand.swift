internal import ArgumentParser
internal import Commands
internal import Decoding
internal import Documents
internal import Evaluation
internal import Inference
internal import Infilling
internal import JSON
internal import Platform
internal import Strings
internal import Tensors
internal import Transformers

struct BenchQualityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quality",
    abstract: "Compare likelihoods under the packed weights with those under fp32.",
    usage: "palimpsest-dev bench quality FILE ... [options]",
    discussion: """
      Sentences are drawn from the files by seed. NLL: the sentence from the left under the base \
      model. Infill NLL: the sentence's tokens where they are masked, between its surroundings, \
      under base and adapter, at three shares of masks. Both in nats a token. Give text the model \
      was not trained on.

      Example:
        palimpsest-dev bench quality Samples/*.txt --count 40

      Exit codes: 0 success; 1 failure; 64 invalid command line.
      """)

  @Argument(help: ArgumentHelp("Documents to draw sentences from.", valueName: "file"))
  var files: [String]

  @Option(help: ArgumentHelp("Sentences to draw, at most.", valueName: "n"))
  var count = 40

  @Option(help: ArgumentHelp("The same seed draws the same sentences and masks.", valueName: "n"))
  var seed: UInt64 = 5

  @Flag(help: "Print an object a line.")
  var json = false

  @OptionGroup(title: "Model") var model: ModelOptions

  func validate() throws {
    if !(1...100_000).contains(count) {
      throw ValidationError("--count \(count) is not in 1...100000.")
    }
  }

  func run() throws {
    let documents = try files.map { Text(try Files.read($0, upTo: .max)) }
    let packed = try losses(documents, kernels: model.kernels)
    let exact = try losses(documents, kernels: .openblas)
    var output = json ? "" : "\(packed.backend) against \(exact.backend)\n"
    for (a, b) in zip(packed.losses, exact.losses) {
      let change = (a.nll - b.nll) / b.nll * 100
      if json {
        let object: JSONValue = [
          "name": .string(a.name), "tokens": .integer(a.tokens), "nll": .rounded(a.nll, 5),
          "fp32_nll": .rounded(b.nll, 5), "change_percent": .rounded(change, 3),
        ]
        output += object.serialized() + "\n"
      } else {
        output +=
          a.name.leading(24) + "\(a.tokens)".trailing(7) + " tokens" + a.nll.fixed(4).trailing(9)
          + b.nll.fixed(4).trailing(9) + change.fixed(2).trailing(8) + " %\n"
      }
    }
    try Console.output(output)
  }

  /// Means over tokens with the kernels of `level`; OpenBLAS computes in fp32.
  private func losses(_ documents: [Text], kernels level: KernelLevel?) throws -> (
    backend: String, losses: [(name: String, tokens: Int, nll: Double)]
  ) {
    var source = model.source
    source.kernels = level
    let parts = try ModelParts(source)
    let windows = WindowSampler(seed: seed).windows(
      from: documents, tokenizer: parts.tokenizer, count: count)
    guard !windows.isEmpty else {
      throw CommandFailure("No sentence of 5 to 48 tokens with text before and after it was found.")
    }
    let scorer = Scorer(parts.adapterModel)
    var base: [Double] = []
    let shares = [1.0, 0.5, 0.15]
    var masked = [[Double]](repeating: [], count: shares.count)
    for (index, window) in windows.enumerated() {
      try scorer.setPrefix(window.prefix)
      base += try scorer.baseLosses(window.middle)
      for (part, share) in shares.enumerated() {
        let open = window.middle.indices.filter {
          CounterRandom.unit(seed: seed &+ UInt64(index), slot: $0, token: part) < share
        }
        if !open.isEmpty { masked[part] += try scorer.maskedLosses(window, open: open) }
      }
    }
    let mean = { (values: [Double]) in values.reduce(0, +) / Double(max(values.count, 1)) }
    return (
      parts.summary.backend,
      [("NLL", base.count, mean(base))]
        + zip(shares, masked).map {
          ("infill NLL, \(($0 * 100).fixed(0)) % masked", $1.count, mean($1))
        }
    )
  }
}
