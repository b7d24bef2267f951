public import ArgumentParser
internal import Decoding
public import Denoising
internal import Inference
internal import Transformers

extension Confidence: ExpressibleByArgument {}

/// How a diffusion model fills masks, for `fill` and `generate` alike. What makes no sense for a
/// model is refused once it is known.
struct DecodingArguments: ParsableArguments {
  enum Cache: String, CaseIterable, ExpressibleByArgument {
    case none, prefix, dual
    case twoSided = "two-sided"
  }

  enum End: String, CaseIterable, ExpressibleByArgument {
    case free, last, never
  }

  enum Way: String, CaseIterable, ExpressibleByArgument {
    case origin, never, cap, rescale, confidence, loop
  }

  @Option(
    help: ArgumentHelp(
      "Reveal as many of the surest slots n as have confidence 1 - f/(n + 1), the surest always.",
      valueName: "f"))
  var factor: Double?

  @Option(
    help: ArgumentHelp(
      "Reveal the surest slots while their entropies sum to at most this.", valueName: "nats"))
  var entropyBudget: Double?

  @Option(
    help: ArgumentHelp(
      "Reveal each slot by chance, over --steps: origin as Dream does it, never as MDLM; cap, rescale, confidence and loop also take words back (ReMDM).",
      valueName: "way"))
  var remasking: Way?

  @Option(
    help: ArgumentHelp(
      "Rate of taking back. (default: 0.008 with cap, 0.015 with rescale, 0.02 with loop)",
      valueName: "p"))
  var eta: Double?

  @Option(
    help: ArgumentHelp(
      "What ranks slots: \(Confidence.allCases.map(\.rawValue).joined(separator: ", ")). (default: probability)",
      valueName: "measure"))
  var confidence: Confidence?

  @Option(
    help: ArgumentHelp(
      "Look at words again that are shown, and replace those of which the model is this sure that another is right.",
      valueName: "p"))
  var edit: Double?

  @Option(
    help: ArgumentHelp(
      "Keys and values kept between steps: \(Cache.allCases.map(\.rawValue).joined(separator: ", ")). (default: the model's own)",
      valueName: "kind"))
  var cache: Cache?

  @Option(
    help: ArgumentHelp("Steps after which a dual cache is made anew.", valueName: "n"))
  var refresh: Int?

  @Option(
    help: ArgumentHelp(
      "The token that ends a text: free, last (only where nothing else is left), never.",
      valueName: "when"))
  var eos: End?

  @Option(
    help: ArgumentHelp("Take this much off the logit of that token.", valueName: "x"))
  var eosPenalty: Double?

  @Option(
    help: ArgumentHelp(
      "Tokens of a block; of a verification with self-spec. (default: the model's own)",
      valueName: "n"))
  var block: Int?

  func validate() throws {
    if let factor, !(factor > 0 && factor <= 100) {
      throw ValidationError("--factor \(factor) is not above 0 and at most 100.")
    }
    if let entropyBudget, !(entropyBudget >= 0) {
      throw ValidationError("--entropy-budget \(entropyBudget) is not at least 0.")
    }
    if let eta, !(0...1).contains(eta) { throw ValidationError("--eta \(eta) is not in 0...1.") }
    if eta != nil && ![.cap, .rescale, .loop].contains(remasking) {
      throw ValidationError("--eta goes with --remasking cap, rescale or loop.")
    }
    if let edit, !(edit >= 0 && edit <= 1) {
      throw ValidationError("--edit \(edit) is not in 0...1.")
    }
    if let refresh {
      guard cache == .dual else { throw ValidationError("--refresh goes with --cache dual.") }
      guard (1...10_000).contains(refresh) else {
        throw ValidationError("--refresh \(refresh) is not in 1...10000.")
      }
    }
    if let eosPenalty, !(eosPenalty >= 0 && eosPenalty <= 1000) {
      throw ValidationError("--eos-penalty \(eosPenalty) is not in 0...1000.")
    }
    if eos != nil && eosPenalty != nil {
      throw ValidationError("--eos and --eos-penalty exclude each other: give one.")
    }
    if let block, !(1...1024).contains(block) {
      throw ValidationError("--block \(block) is not in 1...1024.")
    }
  }

  /// Throws where more than one rule says which slots a step reveals; `steps` and `threshold` are
  /// those of the command.
  func check(steps: Int?, threshold: Double?) throws {
    let rules =
      [("--threshold", threshold != nil), ("--factor", factor != nil)]
      + [("--entropy-budget", entropyBudget != nil), ("--remasking", remasking != nil)]
    var given = rules.filter(\.1).map(\.0)
    if steps != nil && remasking == nil { given.insert("--steps", at: 0) }
    guard given.count > 1 else { return }
    throw ValidationError("\(given[0]) and \(given[1]) exclude each other: give one.")
  }

  /// `steps`: those of the command, for rules that need them.
  func options(steps: Int) -> DecodingOptions {
    DecodingOptions(
      unmasking: unmasking(steps: steps), confidence: confidence, cache: cachePolicy,
      editing: edit.map { TokenEditing(threshold: $0) }, endOfText: endOfText, blockLength: block)
  }

  private func unmasking(steps: Int) -> UnmaskingPolicy? {
    if let factor { return .factor(factor) }
    if let entropyBudget { return .entropyBudget(entropyBudget) }
    switch remasking {
    case nil: return nil
    case .origin: return .independent(steps: steps, epsilon: 1e-3)
    case .never: return .ancestral(steps: steps, .never)
    case .cap: return .ancestral(steps: steps, .capped(eta ?? 0.008))
    case .rescale: return .ancestral(steps: steps, .rescaled(eta ?? 0.015))
    case .confidence: return .ancestral(steps: steps, .byConfidence)
    case .loop: return .ancestral(steps: steps, .loop(eta ?? 0.02))
    }
  }

  private var cachePolicy: CachePolicy? {
    switch cache {
    case nil: nil
    case .none?: CachePolicy.none
    case .prefix: .prefix
    case .dual: .dual(refresh: refresh)
    case .twoSided: .twoSided
    }
  }

  private var endOfText: DecodingOptions.EndOfText {
    if let eosPenalty { return .penalty(Float(eosPenalty)) }
    switch eos {
    case nil, .free: return .free
    case .last: return .last
    case .never: return .never
    }
  }
}
