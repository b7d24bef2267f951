import DecodingPolicies
import Documents
import Infilling
import Testing

@testable import Editing

/// A race alone, without an editor.
@Suite struct RaceRunningTests {
  private static let request = InfillRequest(prefix: "", original: "x", suffix: "")
  private static let model = ModelSummary(
    name: "scripted", parameters: 1, backend: "none",
    modes: [.diffusion, .autoregressive, .selfSpeculation, .quadratic])

  private var numbering = Numbering()
  private var race: Race

  init() {
    var document = Document("x", path: nil)
    let anchor = document.addAnchor(AnchoredRange(0..<1))
    let modes: [DecodingMode] = [.autoregressive, .diffusion]
    let lanes = modes.enumerated().map { number, mode in
      Race.Lane(
        mode: mode,
        passage: Passage(
          id: Passage.ID(number), run: .lane(number), span: 0..<1, anchor: anchor,
          original: Array("x".utf8), columns: 1, request: Self.request,
          selectionBefore: Selection(0), revisionBefore: 0))
    }
    race = Race(span: 0..<1, before: "", after: "", lanes: lanes, scoring: Self.request)
  }

  private mutating func began(_ lane: Int) -> [Effect] {
    race.handle(.run(.lane(lane), .began(canvas: [.open])), &numbering)
  }

  private mutating func step(_ lane: Int, _ milliseconds: Double, isLast: Bool = false) -> [Effect]
  {
    let cell = isLast ? InfillCell(state: .draft, text: "w\(lane)") : .open
    return race.handle(
      .run(
        .lane(lane),
        .step(
          InfillStep(
            index: 1, cells: [cell], changed: [0], milliseconds: milliseconds, isLast: isLast))),
      &numbering)
  }

  @Test mutating func noStepIsAskedForBeforeAllLanesHaveBegun() {
    #expect(race.handle(.model(Self.model), &numbering).count == 2)
    #expect(began(0) == [])
    #expect(began(1) == [.stepRun(.lane(0), afterMilliseconds: 0)])
    #expect(step(0, 30) == [.stepRun(.lane(1), afterMilliseconds: 0)])
    #expect(step(1, 10) == [.stepRun(.lane(1), afterMilliseconds: 0)])
  }

  /// The lane that was asked for before the model was known must not hold up the others.
  @Test mutating func aLaneThatIsCalledOffHoldsUpNobody() {
    #expect(race.handle(.model(nil), &numbering) == [.beginRun(.lane(1), Self.request)])
    var causal = Self.model
    causal.modes = [.autoregressive]
    #expect(
      race.handle(.model(causal), &numbering)
        == [.beginRun(.lane(0), Self.request), .cancelRun(.lane(1), dropping: true)])
    #expect(began(0) == [.stepRun(.lane(0), afterMilliseconds: 0)])
    #expect(race.selected == 0)
  }

  @Test mutating func lanesThatEndedAreCompared() {
    _ = race.handle(.model(Self.model), &numbering)
    _ = began(0)
    _ = began(1)
    _ = step(0, 10, isLast: true)
    let effects = step(1, 20, isLast: true)
    guard case .scoreTexts(let id, let texts, _)? = effects.last else {
      return #expect(Bool(false), "\(effects)")
    }
    #expect(texts == ["w0", "w1"] && race.verdict == nil)
    #expect(race.handle(.inquiry(.race(99), .failed("no")), &numbering) == [])
    #expect(race.verdict == nil, "the answer to another question")
    _ = race.handle(.inquiry(id, .failed("no")), &numbering)
    #expect(race.verdict == "left to right was the quickest")
  }

  @Test mutating func endingDropsWhatIsUnderWay() {
    _ = race.handle(.model(Self.model), &numbering)
    _ = began(0)
    _ = began(1)
    #expect(
      race.handle(.ended, &numbering)
        == [.cancelRun(.lane(0), dropping: true), .cancelRun(.lane(1), dropping: true)])
    #expect(began(0) == [] && step(0, 1) == [], "late replies")
  }
}
