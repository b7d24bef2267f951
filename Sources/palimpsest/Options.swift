public import ArgumentParser
internal import Inference
public import Infilling

extension InfillSettings.Schedule: ExpressibleByArgument {}

extension InfillSettings.Mode: ExpressibleByArgument {
  /// By the names that `generate` has for them.
  public init?(argument: String) {
    guard let mode = Self.allCases.first(where: { $0.defaultValueDescription == argument }) else {
      return nil
    }
    self = mode
  }

  public var defaultValueDescription: String {
    switch self {
    case .diffusion: GenerationMode.diffusion.rawValue
    case .autoregressive: GenerationMode.autoregressive.rawValue
    case .selfSpeculation: GenerationMode.selfSpeculation.rawValue
    case .quadratic: GenerationMode.quadratic.rawValue
    }
  }

  public static var allValueStrings: [String] { allCases.map(\.defaultValueDescription) }

  public static var allValueDescriptions: [String: String] {
    Dictionary(
      uniqueKeysWithValues: allCases.map { ($0.defaultValueDescription, $0.explanation) })
  }

  private var explanation: String {
    switch self {
    case .diffusion: "sees the text on both sides: searches drafts, or fills masks in any order"
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
  var schedule: InfillSettings.Schedule = .linear

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
  var mode: InfillSettings.Mode = .diffusion

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
    if let budget, !(1...InfillSettings.Reveal.longestBudget).contains(budget) {
      throw ValidationError(
        "--budget \(budget) is not in 1...\(InfillSettings.Reveal.longestBudget).")
    }
    if let quality, !InfillSettings.Reveal.qualities.contains(quality) {
      throw ValidationError("--quality \(quality) is not in \(InfillSettings.Reveal.qualities).")
    }
    let given = [
      ("--steps", steps != nil), ("--threshold", threshold != nil), ("--budget", budget != nil),
      ("--quality", quality != nil),
    ].filter(\.1).map(\.0)
    guard given.count <= 1 else {
      throw ValidationError("\(given.joined(separator: " and ")) cannot be combined.")
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

  var settings: InfillSettings {
    let reveal: InfillSettings.Reveal? =
      quality.map { .quality($0) } ?? budget.map { .budget(milliseconds: $0) }
      ?? threshold.map { .threshold($0) }
    let planned: InfillSettings.Reveal? =
      steps != nil || schedule != .linear ? .steps(steps ?? 20, schedule) : nil
    return InfillSettings(
      reveal: reveal ?? planned ?? InfillSettings().reveal, temperature: temperature, seed: seed,
      slots: slots, mode: mode, guidance: guidance ?? 0)
  }
}
