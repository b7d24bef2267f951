internal import DecodingPolicies
internal import JSON

// How the run was asked for. The policy that fills masks is "reveal": "steps" with "schedule",
// "threshold", "milliseconds", "factor", "entropyBudget", or "steps" with "remasking" and its
// numbers.

extension RecordFile {
  static func value(_ settings: DecodingConfiguration) -> JSONValue {
    [
      "reveal": value(settings.unmasking), "temperature": .number(settings.temperature),
      "seed": .string("\(settings.seed)"), "mode": .string(settings.mode.rawValue),
      "guidance": .number(settings.guidance),
      "slots": settings.slots.map(JSONValue.integer) ?? .null,
      "lengthMayChange": .bool(settings.lengthMayChange),
    ]
  }

  /// Of policies that no option asks for, their steps, or the default.
  private static func value(_ unmasking: UnmaskingPolicy) -> JSONValue {
    switch unmasking {
    case .steps(let count, let schedule):
      ["steps": .integer(count), "schedule": .string(schedule.rawValue)]
    case .threshold(let threshold, _): ["threshold": .number(threshold)]
    case .budget(let milliseconds): ["milliseconds": .integer(Int(milliseconds))]
    case .factor(let factor): ["factor": .number(factor)]
    case .entropyBudget(let nats): ["entropyBudget": .number(nats)]
    case .independent(let steps, let epsilon):
      [
        "steps": .integer(steps), "remasking": "origin", "epsilon": .number(Double(epsilon)),
      ]
    case .ancestral(let steps, let remasking):
      .object(JSONObject([("steps", .integer(steps))] + members(remasking)))
    default: value(unmasking.plannedSteps.map { .steps($0, .linear) } ?? .quality(3))
    }
  }

  private static func members(_ remasking: Remasking) -> [(String, JSONValue)] {
    switch remasking {
    case .never: [("remasking", "never")]
    case .forwardBackward: [("remasking", "forward-backward")]
    case .capped(let rate): [("remasking", "cap"), ("rate", .number(rate))]
    case .rescaled(let rate): [("remasking", "rescale"), ("rate", .number(rate))]
    case .byConfidence: [("remasking", "confidence")]
    case .loop(let rate, let from, let until, let shown):
      [
        ("remasking", "loop"), ("rate", .number(rate)), ("from", .number(from)),
        ("until", .number(until)), ("shown", .number(shown)),
      ]
    }
  }

  static func settings(_ value: JSONValue?) -> DecodingConfiguration {
    var settings = DecodingConfiguration()
    if let temperature = value?["temperature"]?.double, (0...10).contains(temperature) {
      settings.temperature = temperature
    }
    if let seed = value?["seed"]?.string.flatMap({ UInt64($0) }) { settings.seed = seed }
    if let mode = value?["mode"]?.string.flatMap({ DecodingMode(rawValue: $0) }) {
      settings.mode = mode
    }
    if let guidance = value?["guidance"]?.double, (0...10).contains(guidance) {
      settings.guidance = guidance
    }
    if let slots = value?["slots"]?.int, (1...mostCells).contains(slots) { settings.slots = slots }
    if let changes = value?["lengthMayChange"]?.bool { settings.lengthMayChange = changes }
    if let policy = value?["reveal"].flatMap(unmasking) { settings.unmasking = policy }
    return settings
  }

  /// nil for what is no policy, and for numbers out of range.
  private static func unmasking(_ value: JSONValue) -> UnmaskingPolicy? {
    if let steps = value["steps"]?.int, (1...10_000).contains(steps) {
      if let name = value["remasking"]?.string { return random(name, steps: steps, value) }
      return .steps(steps, value["schedule"]?.string.flatMap(Schedule.init) ?? .linear)
    }
    if let threshold = value["threshold"]?.double, threshold > 0, threshold <= 1 {
      return .threshold(threshold)
    }
    if let time = value["milliseconds"]?.int, (1...UnmaskingPolicy.longestBudget).contains(time) {
      return .budget(milliseconds: Double(time))
    }
    if let factor = value["factor"]?.double, factor > 0, factor <= 100 { return .factor(factor) }
    if let nats = value["entropyBudget"]?.double, nats >= 0 { return .entropyBudget(nats) }
    return nil
  }

  /// A policy that unmasks at random.
  private static func random(_ name: String, steps: Int, _ value: JSONValue) -> UnmaskingPolicy? {
    func share(_ key: String) -> Double? {
      value[key]?.double.flatMap { (0...1).contains($0) ? $0 : nil }
    }
    switch name {
    case "origin":
      return share("epsilon").map { .independent(steps: steps, epsilon: Float($0)) }
    case "never": return .ancestral(steps: steps, .never)
    case "forward-backward": return .ancestral(steps: steps, .forwardBackward)
    case "confidence": return .ancestral(steps: steps, .byConfidence)
    case "cap": return share("rate").map { .ancestral(steps: steps, .capped($0)) }
    case "rescale": return share("rate").map { .ancestral(steps: steps, .rescaled($0)) }
    case "loop":
      guard let rate = share("rate"), let from = share("from"), let until = share("until"),
        let shown = share("shown")
      else { return nil }
      return .ancestral(steps: steps, .loop(rate, from: from, until: until, shown: shown))
    default: return nil
    }
  }
}
