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
    case .diffusion: "the text on both sides in view: the best of several drafts, or any word first"
    case .autoregressive: "from the left, blind to what follows"
    case .selfSpeculation: "the same, drafted several words at a time"
    case .quadratic: "the same, drafted and verified in one pass"
    }
  }
}

/// How a passage is denoised.
struct DenoisingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Take so many steps; in a search, the fewer there are, the fewer drafts and the less polish.",
      valueName: "n"))
  var steps: Int?

  @Option(help: "How the masks fall over the steps: linear or cosine.")
  var schedule: InfillSettings.Schedule = .linear

  @Option(
    help: ArgumentHelp(
      "Without a search: reveal every slot at least this probable, and always the surest.",
      valueName: "p"))
  var threshold: Double?

  @Option(
    help: ArgumentHelp(
      "Take so many milliseconds: as many drafts or steps as fit, at the speed measured on the way.",
      valueName: "ms"))
  var budget: Int?

  @Option(
    help: ArgumentHelp(
      "How much is tried and polished: 1 is the quickest, 5 the most careful. Without a search, a threshold by its level. (default: 3)",
      valueName: "1-5"))
  var quality: Int?

  @Option(
    help: ArgumentHelp(
      "What writes the passage.",
      valueName: "mode"))
  var mode: InfillSettings.Mode = .diffusion

  @Option(
    help: ArgumentHelp(
      "Draw tokens at this temperature. 0 is the policy's own: a search draws, else the most probable token is taken.",
      valueName: "t"))
  var temperature: Double = 0

  @Option(
    help: ArgumentHelp(
      "Scale of guidance, towards the instruction where there is one; 0 is none.",
      valueName: "g"))
  var guidance: Double?

  @Option(help: ArgumentHelp("The same seed gives the same text.", valueName: "n"))
  var seed: UInt64 = 0

  @Option(
    help: ArgumentHelp(
      "Slots to begin with, or the length that a search expects. (default: from the passage's length)",
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
      throw ValidationError("\(given.joined(separator: " and ")) exclude each other: give one.")
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
