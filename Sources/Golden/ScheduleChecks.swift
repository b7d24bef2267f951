internal import Decoding
internal import DecodingPolicies
internal import JSON

extension CheckRegistry {
  /// Tables and probabilities that need no model.
  static var schedules: [String: CaseCheck] {
    [
      "quota_table": checkQuotas,
      "alpha_table": { item in
        let schedule: NoiseSchedule = item.name.hasSuffix("cosine") ? .cosine : .linear
        let times = try item["t"].doubles
        try compare(times.map(schedule.shown), item["alpha"], "shares")
        try compare(times.map(schedule.slope), item["alpha_derivative"], "slopes")
        let weights = times.filter { $0 > 0 }.map {
          -schedule.slope($0) / (1 - schedule.shown($0) + 1e-6)
        }
        try compare(weights, item["weight"], "weights")
      },
      "mdlm_noise_schedule": { item in
        let schedules: [String: NoiseSchedule] = [
          "noise.LogLinearNoise": .logLinear, "noise.CosineNoise": .logCosine,
          "noise.CosineSqrNoise": .logCosineSquared, "noise.GeometricNoise": .geometric,
        ]
        guard let schedule = schedules[item.name] else {
          throw GoldenMismatch("no schedule \(item.name)")
        }
        let times = try item["t"].doubles
        try compare(times.map(schedule.shown), item["alpha"], "shares")
        try compare(times.map(schedule.totalNoise), item["sigma"], "total noise")
        try compare(times.map(schedule.rate), item["dsigma"], "rates")
      },
      "remdm_step_probabilities": checkRemasking,
    ]
  }

  private static func compare(_ found: [Double], _ expected: JSONValue, _ place: String) throws {
    try expectClose(
      found.map { Float($0) }, expected.doubles.map { Float($0) }, tolerance: 2e-4, place)
  }

  private static func checkQuotas(_ item: GoldenCase) throws {
    for row in try item["table"].array ?? [] {
      guard let masks = (row["masks"] ?? row["block_length"])?.int, let steps = row["steps"]?.int
      else { throw GoldenMismatch("a row without masks or steps") }
      let quota: TransferSchedule
      switch item.name {
      case "llada.get_num_transfer_tokens": quota = .even
      case "sdar.get_num_transfer_tokens": quota = .evenOf(masks)
      case "dllm.get_num_transfer_tokens.linear": quota = .rounded(.linear)
      case "dllm.get_num_transfer_tokens.cosine": quota = .rounded(.cosine)
      case "dream.number_transfer_tokens":
        quota = .truncated(epsilon: Float(row["eps"]?.double ?? 1e-3))
      default: throw GoldenMismatch("no quota \(item.name)")
      }
      let expected = (row["n"] ?? row["k"])?.ints ?? []
      var left = masks
      let found = expected.indices.map { step in
        let count = quota.count(step: step, of: steps, first: masks, left: left)
        left -= count
        return count
      }
      try expectEqual(found, expected, "\(masks) masks in \(steps) steps")
      try expectEqual(left, 0, "\(masks) masks in \(steps) steps, left over")
    }
  }

  /// Each row of `q_xs` has the weights of a draw. If the sampler does not remask, the reference
  /// copies committed tokens and ignores their rows.
  private static func checkRemasking(_ item: GoldenCase) throws {
    guard let time = item.parameter("t")?.double, let duration = item.parameter("dt")?.double,
      let mask = item.parameter("mask_id")?.int
    else { throw GoldenMismatch("no t, dt or mask_id") }
    let remasking = try remasking(item)
    let ids = try item.ints("x")
    let shown = ids.indices.filter { ids[$0] != mask }
    let stored = item.json["conf_before"]?.array
    let chances = remasking.chances(
      time: time, duration: duration,
      confidences: shown.map { Float(-(stored?[$0].double ?? 0)) })
    let weights = try item.floats("q_xs")
    let columns = weights.count / ids.count
    for (index, id) in ids.enumerated() {
      let row = weights[index * columns..<(index + 1) * columns].map(Double.init)
      let taken = row[mask] / row.reduce(0, +)
      if id == mask {
        try compare([1 - chances.unmask], .array([.number(taken)]), "mask \(index)")
      } else if let place = shown.firstIndex(of: index), chances.remask[place] > 0 {
        try compare([chances.remask[place]], .array([.number(taken)]), "token \(index)")
      }
    }
  }

  private static func remasking(_ item: GoldenCase) throws -> Remasking {
    let rate = item.parameter("eta")?.double ?? 0
    switch item.parameter("sampler")?.string {
    case "mdlm": return .never
    case "forward-backward": return .forwardBackward
    case "remdm-cap": return .capped(rate)
    case "remdm-rescale": return .rescaled(rate)
    case "remdm-conf": return .byConfidence
    case "remdm-loop":
      return .loop(
        rate, from: item.parameter("t_on")?.double ?? 0.55,
        until: item.parameter("t_off")?.double ?? 0.05,
        shown: item.parameter("alpha_on")?.double ?? 0.9)
    case let other: throw GoldenMismatch("no sampler \(other ?? "")")
    }
  }
}
