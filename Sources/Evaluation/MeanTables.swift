/// Losses by name, in the order the names came.
struct LossTable {
  private var names: [String] = []
  private var values: [String: [Double]] = [:]

  mutating func add(_ losses: [Double], to name: String) {
    if values[name] == nil { names.append(name) }
    values[name, default: []] += losses
  }

  /// Means over tokens.
  var losses: [EvaluationReport.Loss] {
    names.map { name in
      let all = values[name] ?? []
      return EvaluationReport.Loss(
        name, nll: all.reduce(0, +) / Double(max(all.count, 1)), tokens: all.count)
    }
  }
}

/// Measures by part and policy, in the order the policies came.
struct RowTable {
  enum Part { case exact, free, curve }

  var examples: [EvaluationReport.Example] = []

  private var names: [Part: [String]] = [:]
  private var measures: [Part: [String: [FillMeasure]]] = [:]

  mutating func add(_ measure: FillMeasure, _ part: Part, _ name: String) {
    if measures[part]?[name] == nil { names[part, default: []].append(name) }
    measures[part, default: [:]][name, default: []].append(measure)
  }

  func means(_ part: Part) -> [EvaluationReport.Row] {
    let continuation = measures[.exact]?["continuation"] ?? []
    return (names[part] ?? []).map { name in
      let all = measures[part]?[name] ?? []
      let differences = zip(all, continuation).map { $0.suffix - $1.suffix }
      return EvaluationReport.Row(
        name, FillMeasure.mean(all), suffixGain: EvaluationReport.Difference(differences))
    }
  }
}
