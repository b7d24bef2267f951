public import ArgumentParser
public import DecodingPolicies
internal import Inference
internal import Transformers

extension Confidence: ExpressibleByArgument {}

/// How a diffusion model fills masks, for `fill` and `generate`. Options that do not apply to a
/// model are refused once it is loaded.
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
      "Unmask the n most confident slots, for the largest n with confidence 1 - f/(n + 1); at least one.",
      valueName: "f"))
  var factor: Double?

  @Option(
    help: ArgumentHelp(
      "Unmask the most confident slots while their entropies sum to at most this.",
      valueName: "nats"))
  var entropyBudget: Double?

  @Option(
    help: ArgumentHelp(
      "Unmask slots at random over --steps: origin as in Dream, never as in MDLM; cap, rescale, confidence and loop also mask committed tokens again (ReMDM).",
      valueName: "way"))
  var remasking: Way?

  @Option(
    help: ArgumentHelp(
      "Rate of remasking. (default: 0.008 with cap, 0.015 with rescale, 0.02 with loop)",
      valueName: "p"))
  var eta: Double?

  @Option(
    help: ArgumentHelp(
      "What ranks slots: \(Confidence.allCases.map(\.rawValue).joined(separator: ", ")). (default: probability)",
      valueName: "measure"))
  var confidence: Confidence?

  @Option(
    help: ArgumentHelp(
      "Replace a committed token when the probability of another exceeds this.",
      valueName: "p"))
  var edit: Double?

  @Option(
    help: ArgumentHelp(
      "KV cache: \(Cache.allCases.map(\.rawValue).joined(separator: ", ")). (default: the model's own)",
      valueName: "kind"))
  var cache: Cache?

  @Option(
    help: ArgumentHelp("Steps after which a dual cache is refreshed.", valueName: "n"))
  var refresh: Int?

  @Option(
    help: ArgumentHelp(
      "When the end-of-text token may be chosen: free, last (only if no other token can be), never.",
      valueName: "when"))
  var eos: End?

  @Option(
    help: ArgumentHelp("Subtract this from the logit of the end-of-text token.", valueName: "x"))
  var eosPenalty: Double?

  @Option(
    help: ArgumentHelp(
      "Tokens in a block; with self-spec, in a verification. (default: the model's own)",
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
      throw ValidationError("--eta requires --remasking cap, rescale or loop.")
    }
    if let edit, !(edit >= 0 && edit <= 1) {
      throw ValidationError("--edit \(edit) is not in 0...1.")
    }
    if let refresh {
      guard cache == .dual else { throw ValidationError("--refresh requires --cache dual.") }
      guard (1...10_000).contains(refresh) else {
        throw ValidationError("--refresh \(refresh) is not in 1...10000.")
      }
    }
    if let eosPenalty, !(eosPenalty >= 0 && eosPenalty <= 1000) {
      throw ValidationError("--eos-penalty \(eosPenalty) is not in 0...1000.")
    }
    if eos != nil && eosPenalty != nil {
      throw ValidationError("--eos and --eos-penalty cannot be combined.")
    }
    if let block, !(1...1024).contains(block) {
      throw ValidationError("--block \(block) is not in 1...1024.")
    }
  }

  /// Throws where more than one option decides which slots a step unmasks: a passage would be
  /// decoded by one of them, and its record would name it alone.
  ///
  /// - Parameters:
  ///   - steps: whether the command was given --steps, which --remasking needs.
  ///   - others: options of the command that decide it, and whether they were given.
  func check(steps: Bool, others: [(name: String, isGiven: Bool)]) throws {
    let rules =
      [("--steps", steps && remasking == nil)] + others
      + [
        ("--factor", factor != nil), ("--entropy-budget", entropyBudget != nil),
        ("--remasking", remasking != nil),
      ]
    let given = rules.filter(\.1).map(\.0)
    guard given.count > 1 else { return }
    throw ValidationError("\(given[0]) and \(given[1]) cannot be combined.")
  }

  /// Sets what was given. `steps`: those of the command, for policies that need them.
  func apply(to decoding: inout DecodingConfiguration, steps: Int) {
    if let unmasking = unmasking(steps: steps) { decoding.unmasking = unmasking }
    decoding.confidence = confidence
    decoding.cache = cachePolicy
    decoding.editing = edit.map { TokenEditing(threshold: $0) }
    decoding.endOfText = endOfText
    decoding.blockLength = block
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

  private var endOfText: DecodingConfiguration.EndOfText {
    if let eosPenalty { return .penalty(Float(eosPenalty)) }
    switch eos {
    case nil, .free: return .free
    case .last: return .last
    case .never: return .never
    }
  }
}
