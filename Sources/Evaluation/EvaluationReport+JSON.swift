internal import JSON

extension EvaluationReport {
  /// The report as one JSON object, values to six decimals.
  public var json: String {
    let object: JSONValue = [
      "settings": .object(JSONObject(settings.map { ($0.name, .string($0.value)) })),
      "windows": .integer(windows),
      "table": Self.value(table),
      "middle": Self.value(middle),
      "exact": Self.value(exact),
      "free": Self.value(free),
      "curve": Self.value(curve),
      "examples": .array(
        examples.map {
          [
            "policy": .string($0.policy), "before": .string($0.before),
            "original": .string($0.original), "fill": .string($0.fill),
            "after": .string($0.after),
          ]
        }),
    ]
    return object.serialized() + "\n"
  }

  private static func value(_ losses: [Loss]) -> JSONValue {
    .object(
      JSONObject(
        losses.map { ($0.name, ["nll": .rounded($0.nll), "tokens": .integer($0.tokens)]) }))
  }

  private static func value(_ rows: [Row]) -> JSONValue {
    .array(
      rows.map { row in
        var members: [(String, JSONValue)] = [("policy", .string(row.name))]
        members += FillMeasure.fields.map { ($0.name, .rounded(row.mean[keyPath: $0.path])) }
        members.append(("tokensPerForwardPass", .rounded(row.mean.tokensPerForwardPass)))
        if let gain = row.suffixGain {
          members.append(("suffixGain", .rounded(gain.mean)))
          members.append(("suffixGainError", .rounded(gain.standardError)))
        }
        return .object(JSONObject(members))
      })
  }
}
