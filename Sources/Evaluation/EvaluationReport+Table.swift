extension EvaluationReport {
  /// The report for people: lines of at most 100 columns, each ending in a newline.
  public var text: String {
    var lines: [String] = []
    let width = settings.map(\.name.count).max() ?? 0
    lines += settings.map { padded($0.name, width, left: true) + "  " + $0.value }
    if !table.isEmpty {
      lines += ["", "NLL of held-out windows, nats a token"]
      lines += Self.losses(table)
    }
    if !middle.isEmpty {
      lines += ["", "NLL of the middle by share of masks, \(windows) windows, nats a token"]
      lines += Self.losses(middle)
    }
    lines += Self.rows("Exact length", exact)
    lines += Self.rows("Free length, from a quarter more slots", free)
    lines += Self.rows("Quality and speed by threshold, exact length", curve)
    return lines.map { $0 + "\n" }.joined()
  }

  private static func losses(_ losses: [Loss]) -> [String] {
    let width = losses.map(\.name.count).max() ?? 0
    return losses.map {
      padded($0.name, width, left: true) + padded(fixed($0.nll, 3), 8)
        + padded("\($0.tokens) tokens", 16)
    }
  }

  private static func rows(_ title: String, _ rows: [Row]) -> [String] {
    guard !rows.isEmpty else { return [] }
    let names = ["fill", "suffix", "joint", "equal", "rougeL", "length", "steps", "tok/fwd", "ms"]
    let width = max(22, (rows.map(\.name.count).max() ?? 0) + 1)
    var lines = [
      "", title, padded("policy", width, left: true) + names.map { padded($0, 8) }.joined(),
    ]
    for row in rows {
      let mean = row.mean
      let values = [
        fixed(mean.fill, 3), fixed(mean.suffix, 3), fixed(mean.joint, 3), fixed(mean.equal, 3),
        fixed(mean.rougeL, 3), fixed(mean.lengthError, 2), fixed(mean.steps, 1),
        fixed(mean.tokensPerForwardPass, 2), fixed(mean.milliseconds, 0),
      ]
      lines.append(padded(row.name, width, left: true) + values.map { padded($0, 8) }.joined())
    }
    return lines
  }
}
