public import Editing
internal import Infilling
internal import JSON
public import Strings

/// A recording as JSON lines: an object about the passage, then one for each step.
///
/// The first has "palimpsest" (the version, 1), "name", "before", "original", "after", "settings",
/// "instruction" and "canvas". A step has "step", "milliseconds", "forwardPasses", "plannedSteps",
/// "changed" (slots), of a search "search" ("stage", "tries", "alive", "join"), and either "slots",
/// the changed ones as [slot, cell], or, if their number changed, all "cells".
public enum RecordFile {
  public static let version = 1

  // MARK: Writing

  public static func text(of recording: Recording) -> String {
    var lines = [head(recording)]
    for (index, step) in recording.trajectory.steps.enumerated() {
      lines.append(line(step, index + 1, cells: recording.trajectory.cells(at: index + 1)))
    }
    return lines.map { $0.serialized() + "\n" }.joined()
  }

  private static func head(_ recording: Recording) -> JSONValue {
    [
      "palimpsest": .integer(version), "name": .string(recording.name),
      "before": .string(recording.before), "original": .string(recording.original),
      "after": .string(recording.after),
      "settings": value(recording.settings),
      "instruction": recording.instruction.map(JSONValue.string) ?? .null,
      "canvas": .array(recording.trajectory.canvas.map(value)),
    ]
  }

  private static func line(
    _ step: Trajectory.Step, _ index: Int, cells: [InfillCell]
  ) -> JSONValue {
    var object = JSONObject([
      ("step", .integer(index)), ("milliseconds", .number(step.milliseconds)),
      ("forwardPasses", .integer(step.forwardPasses)),
      ("plannedSteps", step.plannedSteps.map(JSONValue.integer) ?? .null),
      ("changed", .array(step.changed.map(JSONValue.integer))),
    ])
    if let search = step.search {
      object["search"] = [
        "stage": .string(search.stage.rawValue), "tries": .integer(search.drafts),
        "alive": .integer(search.alive),
        "join": search.join.map { .number(Double($0)) } ?? .null,
      ]
    }
    if step.delta.removed.isEmpty, step.delta.inserted.isEmpty {
      object["slots"] = .array(
        step.delta.updated.map { .array([.integer($0), value(cells[$0])]) })
    } else {
      object["cells"] = .array(cells.map(value))
    }
    return .object(object)
  }

  private static let states: [(name: String, state: InfillCell.State)] = [
    ("open", .open), ("draft", .draft), ("pinned", .pinned), ("deleted", .deleted),
  ]

  private static func value(_ cell: InfillCell) -> JSONValue {
    let state = states.first { $0.state == cell.state }?.name ?? "draft"
    return [
      "state": .string(state), "token": cell.token.map(JSONValue.integer) ?? .null,
      "text": .string(cell.text), "confidence": .number(Double(cell.confidence)),
      "alternatives": .array(
        cell.alternatives.map {
          [
            "token": .integer($0.token), "text": .string($0.text),
            "probability": .number(Double($0.probability)),
          ]
        }),
    ]
  }

  // MARK: Reading

  /// Most slots of a canvas and steps of a recording that are believed.
  static let mostCells = 1 << 16
  private static let mostSteps = 1 << 16
  /// Most slots of all steps together: what reading them costs.
  private static let mostWork = 1 << 24
  private static let mostDrafts = 1 << 16

  /// Reads what `text(of:)` writes. `file` names it in errors.
  public static func recording(_ bytes: [UInt8], file: String) throws(FileError) -> Recording {
    func wrong(_ line: Int, _ expected: String, _ found: JSONValue?) -> FileError {
      FileError(
        file: file, place: "line \(line)", expected: expected, found: found?.summary ?? "nothing")
    }
    let lines = bytes.split(separator: UInt8(ascii: "\n"))
    guard let first = lines.first, lines.count <= mostSteps else {
      throw FileError(
        file: file, expected: "a recording of 1 to \(mostSteps) lines", found: "\(lines.count)")
    }
    let head = try JSONValue.parse(Array(first), file: file)
    guard head["palimpsest"]?.int == version else {
      throw wrong(
        1, "a recording of version \(version), as fill --record writes it", head["palimpsest"])
    }
    guard let original = head["original"]?.string, let before = head["before"]?.string,
      let after = head["after"]?.string, let canvas = cells(head["canvas"])
    else { throw wrong(1, "before, original, after and canvas", head) }
    var trajectory = Trajectory(canvas: canvas)
    var present = canvas
    var work = 0
    for (index, line) in lines.dropFirst().enumerated() {
      work += present.count
      guard work <= mostWork else {
        throw FileError(
          file: file, place: "line \(index + 2)",
          expected: "at most \(mostWork) slots in all steps together", found: "more")
      }
      let value = try JSONValue.parse(Array(line), file: file)
      guard let step = step(value, index + 1, after: present) else {
        throw wrong(index + 2, "step \(index + 1)", value)
      }
      present = step.cells
      trajectory.append(step)
    }
    return Recording(
      name: head["name"]?.string ?? "recording", before: before, original: original, after: after,
      settings: settings(head["settings"]), instruction: head["instruction"]?.string,
      trajectory: trajectory)
  }

  private static func step(
    _ value: JSONValue, _ index: Int, after before: [InfillCell]
  ) -> InfillStep? {
    guard value["step"]?.int == index else { return nil }
    var present = before
    var delta: CanvasDelta?
    if let all = value["cells"] {
      guard let read = cells(all) else { return nil }
      present = read
    } else {
      guard let slots = value["slots"]?.array else { return nil }
      for entry in slots {
        guard let slot = entry[0]?.int, present.indices.contains(slot),
          let read = entry[1].flatMap(cell)
        else { return nil }
        present[slot] = read
      }
      delta = CanvasDelta(updated: slots.compactMap { $0[0]?.int })
    }
    return InfillStep(
      index: index, cells: present, changed: (value["changed"]?.array ?? []).compactMap(\.int),
      delta: delta, plannedSteps: value["plannedSteps"]?.int,
      milliseconds: value["milliseconds"]?.double ?? 0,
      forwardPasses: value["forwardPasses"]?.int ?? 0, search: search(value["search"]))
  }

  private static func search(_ value: JSONValue?) -> SearchProgress? {
    guard let stage = value?["stage"]?.string.flatMap({ SearchProgress.Stage(rawValue: $0) }),
      let drafts = value?["tries"]?.int, (1...mostDrafts).contains(drafts),
      let alive = value?["alive"]?.int, (0...drafts).contains(alive)
    else { return nil }
    return SearchProgress(
      stage: stage, drafts: drafts, alive: alive, join: value?["join"]?.double.map { Float($0) })
  }

  private static func cells(_ value: JSONValue?) -> [InfillCell]? {
    guard let array = value?.array, array.count <= mostCells else { return nil }
    let cells = array.compactMap(cell)
    return cells.count == array.count ? cells : nil
  }

  private static func cell(_ value: JSONValue) -> InfillCell? {
    guard let name = value["state"]?.string,
      let state = states.first(where: { $0.name == name })?.state, let text = value["text"]?.string
    else { return nil }
    let alternatives = (value["alternatives"]?.array ?? []).compactMap { entry in
      entry["text"]?.string.map {
        InfillAlternative(
          token: entry["token"]?.int ?? -1, text: $0,
          probability: Float(entry["probability"]?.double ?? 0))
      }
    }
    return InfillCell(
      state: state, token: value["token"]?.int, text: text,
      confidence: Float(value["confidence"]?.double ?? 0),
      alternatives: InfillAlternatives(alternatives))
  }
}
