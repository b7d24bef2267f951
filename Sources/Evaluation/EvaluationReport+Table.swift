internal import Strings

extension EvaluationReport {
  /// The report for people. Tables have at most 100 columns, examples a line each part.
  public var text: String {
    var lines: [String] = []
    let width = settings.map(\.name.count).max() ?? 0
    lines += settings.map { $0.name.leading(width) + "  " + $0.value }
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
    lines += Self.gains(
      exact + free.map { Row("\($0.name), free", $0.mean, suffixGain: $0.suffixGain) })
    for example in examples {
      lines += ["", "Example, \(example.policy)"]
      lines += [
        ("before", example.before), ("was", example.original), ("is", example.fill),
        ("after", example.after),
      ].map { $0.0.leading(8) + Self.oneLine($0.1) }
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// How fills join, with the spread that a mean hides.
  private static func gains(_ rows: [Row]) -> [String] {
    let compared = rows.filter { $0.name != "continuation" }
    guard compared.contains(where: { $0.suffixGain != nil }) else { return [] }
    let width = max(22, (compared.map(\.name.count).max() ?? 0) + 1)
    return ["", "NLL of the suffix less that after the continuation, and its standard error"]
      + compared.compactMap { row in
        row.suffixGain.map {
          row.name.leading(width) + $0.mean.fixed(3).trailing(8)
            + $0.standardError.fixed(3).trailing(8)
        }
      }
  }

  /// Line ends as ↵, other control characters as ␀ and so on.
  private static func oneLine(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x0A: result += "↵"
      case 0..<0x20: result.unicodeScalars.append(Unicode.Scalar(0x2400 + scalar.value) ?? "␀")
      case 0x7F..<0xA0: result += "␡"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func losses(_ losses: [Loss]) -> [String] {
    let width = losses.map(\.name.count).max() ?? 0
    return losses.map {
      $0.name.leading(width) + $0.nll.fixed(3).trailing(8)
        + "\($0.tokens) tokens".trailing(16)
    }
  }

  private static func rows(_ title: String, _ rows: [Row]) -> [String] {
    guard !rows.isEmpty else { return [] }
    let names = ["fill", "suffix", "joint", "equal", "rougeL", "length", "steps", "tok/fwd", "ms"]
    let width = max(22, (rows.map(\.name.count).max() ?? 0) + 1)
    var lines = [
      "", title, "policy".leading(width) + names.map { $0.trailing(8) }.joined(),
    ]
    for row in rows {
      let mean = row.mean
      let values = [
        mean.fill.fixed(3), mean.suffix.fixed(3), mean.joint.fixed(3), mean.equal.fixed(3),
        mean.rougeL.fixed(3), mean.lengthError.fixed(2), mean.steps.fixed(1),
        mean.tokensPerForwardPass.fixed(2), mean.milliseconds.fixed(0),
      ]
      lines.append(row.name.leading(width) + values.map { $0.trailing(8) }.joined())
    }
    return lines
  }
}
