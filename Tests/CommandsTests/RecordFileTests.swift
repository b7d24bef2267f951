import DecodingPolicies
import Editing
import Infilling
import JSON
import Recordings
import Strings
import TestSupport
import Testing

@testable import palimpsest

@Suite struct RecordFileTests {
  static var recording: Recording {
    let canvas = [
      InfillCell.open, .open, InfillCell(state: .pinned, text: " typed", confidence: 1),
    ]
    var trajectory = Trajectory(canvas: canvas)
    var cells = canvas
    cells[0] = InfillCell(
      state: .draft, token: 5, text: "One\n\u{2028}\"", confidence: 0.1,
      alternatives: [InfillAlternative(token: 7, text: " é", probability: 1 / 3)])
    trajectory.append(
      InfillStep(index: 1, cells: cells, changed: [0], milliseconds: 12.25, forwardPasses: 1))
    cells.insert(.open, at: 1)
    trajectory.append(
      InfillStep(
        index: 2, cells: cells, changed: [1, 2], plannedSteps: 4, milliseconds: 0.5,
        forwardPasses: 3))
    cells[1] = InfillCell(state: .deleted, token: 9)
    trajectory.append(
      InfillStep(
        index: 3, cells: cells, changed: [1], forwardPasses: 4,
        search: SearchProgress(stage: .polishing, drafts: 16, alive: 0, join: 1.75)))
    return Recording(
      name: "n.txt", before: "a\n", original: "b", after: "c",
      settings: DecodingConfiguration(unmasking: .threshold(0.8), temperature: 0.7, seed: .max),
      instruction: "more\nformal", trajectory: trajectory)
  }

  @Test func isReadBack() throws {
    let text = RecordFile.text(of: Self.recording)
    #expect(text.split(separator: "\n").count == 4)
    let read = try RecordFile.recording(Array(text.utf8), file: "x")
    #expect(read == Self.recording)
  }

  @Test(arguments: [
    DecodingConfiguration(),
    DecodingConfiguration(unmasking: .steps(7, .cosine), mode: .autoregressive),
    DecodingConfiguration(unmasking: .budget(milliseconds: 450), slots: 9, lengthMayChange: false),
    DecodingConfiguration(unmasking: .quality(2), mode: .selfSpeculation, guidance: 2.5),
    DecodingConfiguration(unmasking: .factor(1.5)),
    DecodingConfiguration(unmasking: .entropyBudget(0.25)),
    DecodingConfiguration(unmasking: .independent(steps: 8, epsilon: 0.5)),
    DecodingConfiguration(unmasking: .ancestral(steps: 8, .never)),
    DecodingConfiguration(unmasking: .ancestral(steps: 8, .byConfidence)),
    DecodingConfiguration(unmasking: .ancestral(steps: 8, .capped(0.25))),
    DecodingConfiguration(unmasking: .ancestral(steps: 8, .loop(0.02))),
  ])
  func settingsAreReadBack(_ settings: DecodingConfiguration) throws {
    var recording = Self.recording
    recording.settings = settings
    recording.instruction = nil
    let read = try RecordFile.recording(Array(RecordFile.text(of: recording).utf8), file: "x")
    #expect(read == recording)
  }

  @Test(arguments: ["", "x", "{}", "{\"palimpsest\":2}", "[1]"])
  func otherFilesAreRefused(_ text: String) {
    #expect(throws: (any Error).self) {
      try RecordFile.recording(Array(text.utf8), file: "x")
    }
  }

  /// Many steps of many slots would take minutes to read.
  @Test func hugeRecordingsAreRefused() {
    let cell = #"{"state":"open","text":""}"#
    let cells = Array(repeating: cell, count: 1 << 14).joined(separator: ",")
    let head = #"{"palimpsest":1,"before":"","original":"","after":"","canvas":[\#(cells)]}"#
    let steps = (1...1100).map { #"{"step":\#($0),"slots":[]}"# }
    let error = #expect(throws: FileError.self) {
      try RecordFile.recording(
        Array(([head] + steps).joined(separator: "\n").utf8), file: "x")
    }
    #expect(error?.place == "line 1026" && error?.expected.contains("slots") == true)
  }

  /// Damage is refused or read, and never a trap.
  @Test func damagedFilesDoNotTrap() {
    let bytes = Array(RecordFile.text(of: Self.recording).utf8)
    for end in stride(from: 0, to: bytes.count, by: 7) {
      _ = try? RecordFile.recording(Array(bytes[..<end]), file: "x")
    }
    for index in stride(from: 0, to: bytes.count, by: 3) {
      var damaged = bytes
      damaged[index] = damaged[index] &+ 13
      _ = try? RecordFile.recording(damaged, file: "x")
    }
  }

  /// A search exchanges all cells at once, and their number with them.
  @Test func aSearchIsReadBack() throws {
    var trajectory = Trajectory(canvas: [.open, .open, .open])
    func words(_ count: Int) -> [InfillCell] {
      (0..<count).map { InfillCell(state: .draft, token: $0, text: " w\($0)", confidence: 0.5) }
    }
    for (index, count) in [1, 4, 2, 2].enumerated() {
      trajectory.append(
        InfillStep(
          index: index + 1, cells: words(count), changed: Array(0..<count), milliseconds: 5,
          forwardPasses: index + 1,
          search: SearchProgress(stage: .drafting, drafts: 4, alive: 4 - index)))
    }
    let recording = Recording(
      name: "n", before: "", original: "b", after: "", settings: DecodingConfiguration(),
      trajectory: trajectory)
    let read = try RecordFile.recording(Array(RecordFile.text(of: recording).utf8), file: "x")
    #expect(read == recording)
    #expect(
      ReplayCommand.lines(read).split(separator: "\n").map { $0.split(separator: "\t").last }
        == ["░░░", " w0", " w0 w1 w2 w3", " w0 w1", " w0 w1"])
  }

  @Test(arguments: [
    #"{"stage":"x","tries":4,"alive":1}"#, #"{"stage":"drafting","tries":0,"alive":0}"#,
    #"{"stage":"drafting","tries":4,"alive":5}"#, "[]", "null",
  ])
  func aSearchThatCannotBeIsNone(_ search: String) throws {
    let head = RecordFile.text(of: Self.recording).split(separator: "\n")[0]
    let step = #"{"step":1,"changed":[],"slots":[],"search":\#(search)}"#
    let read = try RecordFile.recording(Array((head + "\n" + step).utf8), file: "x")
    #expect(read.trajectory.steps.map(\.search) == [nil])
  }

  @Test func textOfEveryStep() {
    let lines = ReplayCommand.lines(Self.recording).split(separator: "\n")
    #expect(lines.count == 4)
    #expect(lines[0] == "0\t░░ typed")
  }

  @Test func numbersTheFilesOfSeveralPassages() {
    #expect(FillCommand.path("a.b.svg", passage: 2, of: 3) == "a.b-2.svg")
    #expect(FillCommand.path("a.svg", passage: 1, of: 1) == "a.svg")
  }
}
