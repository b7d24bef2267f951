import DecodingPolicies
import Editing
import Foundation
import FoundationXML
import Infilling
import Rendering
import Testing

/// Recordings as files. The text is hostile: nothing of it may become markup or an escape.
@Suite struct FilmTests {
  static let hostile = "</script><b onload=\"x\">&\u{1b}[31m\u{7}'"

  static var recording: Recording {
    let canvas = Array(repeating: InfillCell.open, count: 3)
    var trajectory = Trajectory(canvas: canvas)
    var cells = canvas
    let texts = ["One ", hostile, " end."]
    for (index, slot) in [2, 0, 1].enumerated() {
      cells[slot] = InfillCell(
        state: .draft, token: slot, text: texts[slot], confidence: 0.3 + 0.3 * Float(index))
      trajectory.append(
        InfillStep(
          index: index + 1, cells: cells, changed: [slot], plannedSteps: 3, milliseconds: 200,
          forwardPasses: index + 1, isLast: index == 2))
    }
    return Recording(
      name: "a<b>.txt", before: "Before \(hostile)\n", original: "the old words",
      after: " after.\n", settings: DecodingConfiguration(), trajectory: trajectory)
  }

  /// Every control, what XML does not allow, and markup with marks on it.
  static let controls =
    String(String.UnicodeScalarView((0..<0xA0).compactMap { Unicode.Scalar(UInt32($0)) }))
    + "\u{FFFE}\u{FFFF}\u{2028}\u{202E} <\u{301}b>&\u{301}\"\u{301} ]]> --> \r\n"

  @Test func everyFormIsWellFormedWhateverTheTextHolds() throws {
    var cells = [InfillCell(state: .draft, token: 1, text: Self.controls, confidence: 0.5)]
    var trajectory = Trajectory(canvas: [.open])
    for text in [Self.controls, "plain"] {
      cells[0].text = text
      trajectory.append(
        InfillStep(
          index: trajectory.end + 1, cells: cells, changed: [0], plannedSteps: 2, milliseconds: 1,
          forwardPasses: 1, isLast: text == "plain"))
    }
    let recording = Recording(
      name: Self.controls, before: Self.controls, original: Self.controls, after: Self.controls,
      settings: DecodingConfiguration(), trajectory: trajectory)
    let film = Film(recording, columns: 80, rows: 24)
    let svg = film.svg()
    let parser = XMLParser(data: Data(svg.utf8))
    #expect(parser.parse(), "\(String(describing: parser.parserError))")
    let still = film.shots[0].frame.svg(theme: .standard, title: Self.controls)
    #expect(XMLParser(data: Data(still.utf8)).parse())
    for line in film.asciicast().split(separator: "\n") {
      #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(line.utf8)) }
    }
    let page = RecordingPage(recording).html()
    #expect(!page.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" && $0 != "\t" })
    let record = try #require(page.firstRange(of: "id=\"record\">"))
    let json = page[record.upperBound...].prefix { $0 != "<" }
    #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(json.utf8)) }
    // Markup of ours alone.
    #expect(
      page.unicodeScalars.count { $0 == "<" }
        == RecordingPage(Self.recording).html().unicodeScalars.count { $0 == "<" })
  }

  static var film: Film { Film(recording, columns: 40, rows: 8) }

  @Test func aShotAStep() {
    let film = Self.film
    #expect(film.shots.count == 4)
    #expect(film.shots[0].frame.plainText.contains("░"))
    #expect(film.shots[3].frame.plainText.contains(" end."))
    #expect(film.shots.map(\.milliseconds) == [700, 200, 200, 2500])
  }

  @Test func asciicastIsOneEventALine() throws {
    let lines = Self.film.asciicast().split(separator: "\n")
    let header = try JSONSerialization.jsonObject(with: Data(lines[0].utf8)) as? [String: Any]
    #expect(header?["version"] as? Int == 2)
    #expect(header?["width"] as? Int == 40)
    #expect(header?["title"] as? String == "Palimpsest rewriting a<b>.txt")
    var time = -1.0
    for line in lines.dropFirst() {
      let event = try #require(
        try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [Any])
      let next = try #require(event[0] as? Double)
      #expect(next >= time)
      time = next
      #expect(event[1] as? String == "o")
      // The only escapes are ours: cursor, clearing, rendition.
      let output = try #require(event[2] as? String)
      let rest = output.replacing(/\u{1b}\[[?0-9;]*[HJmhl]/, with: "")
      #expect(!rest.unicodeScalars.contains { $0.value < 0x20 && $0 != "\r" && $0 != "\n" })
    }
    #expect(time == 3.6)
  }

  @Test func pictureStandsStillWhereNoMotionIsWanted() throws {
    let svg = Self.film.svg()
    #expect(XMLParser(data: Data(svg.utf8)).parse())
    #expect(svg.contains("prefers-reduced-motion:reduce"))
    // Where nothing is animated, the last screen is what shows.
    #expect(svg.contains(".s{visibility:hidden}.z{visibility:visible}"))
    #expect(svg.contains(" z\">"))
    #expect(svg.contains("@keyframes"))
    #expect(!svg.contains("<script") && !svg.contains("<b "))
    #expect(svg.components(separatedBy: "http").count == 2)
    #expect(svg == Self.film.svg())
  }

  /// A span given by line and column may begin with a blank, one between markers with none.
  @Test(arguments: [" warm ", ""])
  func blanksAroundAPassageStay(_ original: String) {
    var trajectory = Trajectory(canvas: [.open, .open])
    let cells = [" a", " door"].map { InfillCell(state: .draft, text: $0, confidence: 1) }
    trajectory.append(
      InfillStep(index: 1, cells: cells, changed: [0, 1], forwardPasses: 1, isLast: true))
    let recording = Recording(
      name: "x", before: "Inside it was", original: original,
      after: original.isEmpty ? " and so on." : "and so on.", settings: DecodingConfiguration(),
      trajectory: trajectory)
    let shots = Film(recording).shots.map(\.frame.plainText)
    #expect(shots[0].contains("Inside it was ░"))
    #expect(shots[1].contains("Inside it was a door and so on."))
    let page = RecordingPage(recording).html()
    #expect(page.contains("Inside it was <span id=\"passage\">a door</span> and so on."))
  }

  @Test func aFilmLooksLikeTheRun() {
    let shots = Self.film.shots.map(\.frame.plainText)
    #expect(shots[1].contains(" rewriting ") && shots[1].contains("Esc stop"))
    #expect(shots[3].contains(" settled ") && shots[3].contains("Enter accept"))
    #expect(!shots.contains { $0.contains("quit") || $0.contains("read-only") })
  }

  @Test func onePictureNeedsNoStyle() {
    var trajectory = Trajectory(canvas: [InfillCell(state: .pinned, text: "word")])
    trajectory.append(InfillStep(index: 1, cells: trajectory.canvas, changed: []))
    let recording = Recording(
      name: "x", before: "", original: "word", after: "", settings: DecodingConfiguration(),
      trajectory: trajectory)
    #expect(XMLParser(data: Data(Film(recording).svg().utf8)).parse())
  }

  @Test func thePageIsWholeAndEscaped() throws {
    let page = RecordingPage(Self.recording).html()
    #expect(page.components(separatedBy: "</script>").count == 3)
    #expect(!page.contains("<b ") && !page.contains("http:") && !page.contains("https:"))
    #expect(page.contains("default-src 'none'"))
    let start = try #require(page.range(of: "id=\"record\">"))
    let end = try #require(page.range(of: "</script>", range: start.upperBound..<page.endIndex))
    let data = page[start.upperBound..<end.lowerBound]
    let object = try JSONSerialization.jsonObject(with: Data(data.utf8)) as? [String: Any]
    let steps = try #require(object?["steps"] as? [[String: Any]])
    #expect(steps.count == 4)
    let runs = try #require(steps[3]["runs"] as? [[String]])
    #expect(runs.map { $0[1] }.joined() == "One \(Self.hostile) end.")
    #expect(object?["original"] as? String == "the old words")
  }
}
