public import ArgumentParser
public import DecodingPolicies
internal import Inference

extension Schedule: ExpressibleByArgument {}

extension DecodingMode: ExpressibleByArgument {
  /// By the names that `generate` has for them.
  public init?(argument: String) {
    self.init(name: argument)
  }

  public var defaultValueDescription: String { name }

  public static var allValueStrings: [String] { allCases.map(\.name) }

  public static var allValueDescriptions: [String: String] {
    Dictionary(uniqueKeysWithValues: allCases.map { ($0.name, $0.explanation) })
  }

  private var explanation: String {
    switch self {
    case .diffusion:
      "fills masks in any order, both sides in view, or searches if the model fills none or has an adapter"
    case .search:
      "drafts from the left, closed where the text after the passage follows; the best is kept"
    case .autoregressive: "from left to right, without the text after the passage"
    case .selfSpeculation: "the text of ar, several tokens drafted at a time"
    case .quadratic: "the text of ar, drafted and verified in one pass"
    }
  }
}

/// How a passage is denoised.
struct DenoisingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Number of steps; in a search, fewer steps mean fewer drafts and less polish.",
      valueName: "n"))
  var steps: Int?

  @Option(help: "How the number of masks falls over --steps: linear or cosine.")
  var schedule: Schedule = .linear

  @Option(
    help: ArgumentHelp(
      "Without a search: unmask every slot at least this probable, and always one.",
      valueName: "p"))
  var threshold: Double?

  @Option(
    help: ArgumentHelp(
      "Time to take: as many drafts or steps as fit at the measured speed.",
      valueName: "ms"))
  var budget: Int?

  @Option(
    help: ArgumentHelp(
      "Drafts and polish: 1 is the quickest, 5 the best. Without a search, a threshold. (default: 3)",
      valueName: "1-5"))
  var quality: Int?

  @Option(
    help: ArgumentHelp(
      "How the passage is written.",
      valueName: "mode"))
  var mode: DecodingMode = .diffusion

  @Option(
    help: ArgumentHelp(
      "Sampling temperature. 0 leaves it to the decoder: a search samples, others take the most probable token.",
      valueName: "t"))
  var temperature: Double = 0

  @Option(
    help: ArgumentHelp(
      "Scale of classifier-free guidance, towards the instruction if one is given; 0 turns it off.",
      valueName: "g"))
  var guidance: Double?

  @Option(help: ArgumentHelp("The same seed gives the same text.", valueName: "n"))
  var seed: UInt64 = 0

  @Option(
    help: ArgumentHelp(
      "Slots to start with, or the length a search aims for, in tokens. (default: from the length of the passage)",
      valueName: "n"))
  var slots: Int?

  func validate() throws {
    if let steps, !(1...10_000).contains(steps) {
      throw ValidationError("--steps \(steps) is not in 1...10000.")
    }
    if let threshold {
      guard threshold > 0, threshold <= 1 else {
        throw ValidationError("--threshold \(threshold) is not above 0 and at most 1.")
      }
    }
    if let budget, !(1...UnmaskingPolicy.longestBudget).contains(budget) {
      throw ValidationError(
        "--budget \(budget) is not in 1...\(UnmaskingPolicy.longestBudget).")
    }
    if let quality, !UnmaskingPolicy.qualities.contains(quality) {
      throw ValidationError("--quality \(quality) is not in \(UnmaskingPolicy.qualities).")
    }
    guard temperature >= 0, temperature <= 10 else {
      throw ValidationError("--temperature \(temperature) is not in 0...10.")
    }
    if let guidance, !(0...10).contains(guidance) {
      throw ValidationError("--guidance \(guidance) is not in 0...10.")
    }
    if let slots, !(1...4096).contains(slots) {
      throw ValidationError("--slots \(slots) is not in 1...4096.")
    }
  }

  /// The options beside --steps that decide which slots a step unmasks, and whether each was given.
  /// A schedule is that of --steps.
  var unmaskingRules: [(name: String, isGiven: Bool)] {
    [
      ("--threshold", threshold != nil), ("--budget", budget != nil),
      ("--quality", quality != nil), ("--schedule", schedule != .linear && steps == nil),
    ]
  }

  var settings: DecodingConfiguration {
    let effort: UnmaskingPolicy? =
      quality.map { .quality($0) } ?? budget.map { .budget(milliseconds: Double($0)) }
      ?? threshold.map { .threshold($0) }
    let planned: UnmaskingPolicy? =
      steps != nil || schedule != .linear ? .steps(steps ?? 20, schedule) : nil
    return DecodingConfiguration(
      unmasking: effort ?? planned ?? DecodingConfiguration().unmasking, temperature: temperature,
      seed: seed, slots: slots, mode: mode, guidance: guidance ?? 0)
  }
}
