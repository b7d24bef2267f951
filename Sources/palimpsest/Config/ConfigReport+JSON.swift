internal import JSON
internal import Settings

extension ConfigReport {
  var json: JSONValue {
    [
      "file": .string(file), "read": .bool(isRead),
      "folders": .array(
        folders.map {
          .object(
            JSONObject(
              [("name", .string($0.name)), ("path", .string($0.path))] + $0.source.members))
        }),
      "variables": .object(JSONObject(variables.map { ($0.name, .string($0.value)) })),
      "settings": .array((settings + engines.flatMap(\.rows) + languages).map(Self.object)),
      "keys": .array(
        keys.map { row in
          .object(
            JSONObject(
              [
                ("mode", .string(row.path[1])), ("key", .string(row.path[2])),
                ("command", row.value.map(Self.value) ?? .null),
              ] + row.source.members))
        }),
      "themes": .array(
        themes.map {
          [
            "name": .string($0.name), "file": $0.file.map(JSONValue.string) ?? .null,
            "used": .bool($0.isUsed),
          ]
        }),
      "faults": .array(faults.map { .string("\($0)") }),
    ]
  }

  private static func object(_ row: Row) -> JSONValue {
    var members: [(String, JSONValue)] = [
      ("setting", .string(row.path.joined(separator: "."))),
      ("value", row.value.map(value) ?? .null),
    ]
    if row.value == nil { members.append(("note", .string(row.note))) }
    return .object(JSONObject(members + row.source.members))
  }

  private static func value(_ value: SettingValue) -> JSONValue {
    switch value {
    case .bool(let value): .bool(value)
    case .int(let value): .integer(value)
    case .double(let value): .number(value)
    case .text(let value): .string(value)
    case .list(let values): .array(values.map(JSONValue.string))
    }
  }
}

extension ConfigReport.Source {
  fileprivate var members: [(String, JSONValue)] {
    switch self {
    case .standard: [("source", "default")]
    case .file(let line): [("source", "file"), ("line", line.map(JSONValue.integer) ?? .null)]
    case .option(let name): [("source", "command line"), ("option", .string(name))]
    case .variable(let name): [("source", "environment"), ("variable", .string(name))]
    case .setting(let name): [("source", "setting"), ("setting", .string(name))]
    }
  }
}
