internal import ArgumentParser
internal import Decoding
internal import DecodingPolicies
internal import Infilling

/// The name of a mode that continues a prompt.
struct ModeName: ExpressibleByArgument {
  /// In the order of `--help`.
  private static let modes: [DecodingMode] = [
    .autoregressive, .diffusion, .selfSpeculation, .quadratic,
  ]

  let mode: DecodingMode

  init?(argument: String) {
    guard let mode = DecodingMode(name: argument) else { return nil }
    self.mode = mode
  }

  var defaultValueDescription: String { mode.name }

  static var allValueStrings: [String] { modes.map(\.name) }
}

/// How `generate` samples tokens.
struct SamplingArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "0 takes the most probable token; above 0, tokens are sampled.", valueName: "t"))
  var temperature: Double = 0

  @Option(help: ArgumentHelp("Sample from the n most probable tokens.", valueName: "n"))
  var topK: Int?

  @Option(
    help: ArgumentHelp(
      "Sample from the most probable tokens that together have this probability.", valueName: "p"))
  var topP: Double?

  @Option(
    help: ArgumentHelp(
      "Exclude tokens below this fraction of the highest probability.", valueName: "p"))
  var minP: Double?

  @Option(
    help: ArgumentHelp("Above 1: makes tokens that already occur less probable.", valueName: "x"))
  var repetitionPenalty: Double = 1

  @Option(help: ArgumentHelp("The same seed gives the same text.", valueName: "n"))
  var seed: UInt64 = 0

  func validate() throws {
    guard temperature >= 0, temperature <= 10 else {
      throw ValidationError("--temperature \(temperature) is not in 0...10.")
    }
    if let topK, topK < 1 { throw ValidationError("--top-k \(topK) is not at least 1.") }
    for (name, value) in [("top-p", topP), ("min-p", minP)] {
      guard let value else { continue }
      guard value > 0, value <= 1 else {
        throw ValidationError("--\(name) \(value) is not above 0 and at most 1.")
      }
    }
    guard repetitionPenalty > 0, repetitionPenalty <= 10 else {
      throw ValidationError("--repetition-penalty \(repetitionPenalty) is not in 0...10.")
    }
  }

  var options: SamplingOptions {
    SamplingOptions(
      temperature: temperature, repetitionPenalty: repetitionPenalty, topK: topK, topP: topP,
      minP: minP, seed: seed)
  }
}

/// How `generate` fills and verifies blocks.
struct BlockArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "diffusion: unmask every slot with at least this confidence, and always the best. (default: 0.9) self-spec: draft in several passes by the same rule.",
      valueName: "p"))
  var threshold: Double?

  @Option(
    help: ArgumentHelp("diffusion: fill a block in this many steps instead.", valueName: "n"))
  var steps: Int?

  @Option(
    help: ArgumentHelp(
      "diffusion: scale of classifier-free guidance; each step then makes a second pass without the prompt.",
      valueName: "x"))
  var guidance: Double = 0

  @Option(help: ArgumentHelp("quadratic: tokens in a draft.", valueName: "n"))
  var draft: Int = 8

  @Flag(
    inversion: .prefixedNo,
    help: "self-spec: use the drafter beside the checkpoint.")
  var drafter = true

  @Flag(help: "diffusion with sub-blocks: sub-blocks share the block's KV cache.")
  var blockCache = false

  func validate() throws {
    if let threshold, !(threshold > 0 && threshold <= 1) {
      throw ValidationError("--threshold \(threshold) is not above 0 and at most 1.")
    }
    if let steps, !(1...1024).contains(steps) {
      throw ValidationError("--steps \(steps) is not in 1...1024.")
    }
    if steps != nil && threshold != nil {
      throw ValidationError("--steps and --threshold cannot be combined.")
    }
    guard (0...10).contains(guidance) else {
      throw ValidationError("--guidance \(guidance) is not in 0...10.")
    }
    guard (1...64).contains(draft) else {
      throw ValidationError("--draft \(draft) is not in 1...64.")
    }
  }

  /// The policy of --steps or --threshold for diffusion; nil if neither is given.
  var unmasking: UnmaskingPolicy? {
    steps.map { .quota(.even, steps: $0) } ?? threshold.map { .threshold($0, always: .best) }
  }
}
