import Testing

@testable import Evaluation

struct ReportTests {
  static func measure(_ joint: Double, passes: Double = 4) -> FillMeasure {
    var measure = FillMeasure()
    measure.fill = joint + 1
    measure.suffix = joint - 0.5
    measure.joint = joint
    measure.equal = 0.25
    measure.rougeL = 0.5
    measure.tokens = 16
    measure.steps = passes
    measure.forwardPasses = passes
    measure.milliseconds = 120.4
    return measure
  }

  static let report = EvaluationReport(
    settings: [("model", "tiny"), ("seed", "5")], windows: 2,
    middle: [EvaluationReport.Loss("base", nll: 3.25, tokens: 32)],
    table: [EvaluationReport.Loss("frontier", nll: 2.0004, tokens: 48)],
    exact: [
      EvaluationReport.Row("original", measure(3)),
      EvaluationReport.Row("continuation", measure(2.5)),
    ],
    curve: [
      EvaluationReport.Row("threshold 0.5 ar 0.5", measure(4, passes: 4)),
      EvaluationReport.Row("threshold 0.9 ar 0.5", measure(3.5, passes: 8)),
    ],
    examples: [
      EvaluationReport.Example(
        policy: "steps 8", before: "One.\n\u{1B}", original: " Two.", fill: " Too.",
        after: " Three.")
    ])

  @Test func tableIsReadable() {
    #expect(
      Self.report.text == """
        model  tiny
        seed   5

        NLL of held-out windows, nats a token
        frontier   2.000       48 tokens

        NLL of the middle by share of masks, 2 windows, nats a token
        base   3.250       32 tokens

        Exact length
        policy                    fill  suffix   joint   equal  rougeL  length   steps tok/fwd      ms
        original                 4.000   2.500   3.000   0.250   0.500    0.00     4.0    4.00     120
        continuation             3.500   2.000   2.500   0.250   0.500    0.00     4.0    4.00     120

        Quality and speed by threshold, exact length
        policy                    fill  suffix   joint   equal  rougeL  length   steps tok/fwd      ms
        threshold 0.5 ar 0.5     5.000   3.500   4.000   0.250   0.500    0.00     4.0    4.00     120
        threshold 0.9 ar 0.5     4.500   3.000   3.500   0.250   0.500    0.00     8.0    2.00     120

        Example, steps 8
        before  One.↵␛
        was      Two.
        is       Too.
        after    Three.

        """)
  }

  @Test func differencesHaveTheirError() throws {
    let difference = try #require(EvaluationReport.Difference([1, 2, 3, 6]))
    #expect(difference.mean == 3)
    #expect(abs(difference.standardError - (14.0 / 3 / 4).squareRoot()) < 1e-12)
    #expect(EvaluationReport.Difference([1]) == nil)
    var report = EvaluationReport()
    report.exact = [
      EvaluationReport.Row("continuation", Self.measure(2), suffixGain: nil),
      EvaluationReport.Row("steps 8", Self.measure(2), suffixGain: difference),
    ]
    #expect(report.text.hasSuffix("standard error\nsteps 8                  3.000   1.080\n"))
    #expect(report.json.contains(#""suffixGainError":1.080123"#))
  }

  @Test func jsonKeepsAllValues() {
    let json = Self.report.json
    #expect(json.hasSuffix("}\n") && json.count { $0 == "\n" } == 1)
    #expect(json.contains(#""frontier":{"nll":2.0004,"tokens":48}"#))
    #expect(json.contains(#""policy":"threshold 0.9 ar 0.5""#))
    #expect(json.contains(#""tokensPerForwardPass":2"#))
  }

  @Test func plotShowsEveryPointAndLevel() throws {
    let svg = try #require(CurvePlot(Self.report)).svg
    #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>\n"))
    #expect(svg.components("<circle").count == 5)
    for label in ["0.5", "0.9", "original", "continuation"] {
      #expect(svg.contains(">\(label)</text>"))
    }
    #expect(CurvePlot(EvaluationReport()) == nil)
  }

  @Test(arguments: [[1.0, 2], [0.001, 0.0013], [-3, 4], [7, 7], [0, 1e6], []])
  func axesCoverTheirValues(_ values: [Double]) {
    let axis = Axis(values, from: 0, to: 100)
    let ticks = axis.ticks
    #expect((2...9).contains(ticks.count), "\(ticks)")
    for value in values {
      #expect(value >= axis.low - 1e-9 && value <= axis.high + 1e-9)
      #expect((-1e-6...100 + 1e-6).contains(axis.place(value)))
    }
  }

  @Test(arguments: [
    ("steps 16", true), ("threshold 0.9 ar 0.5", true), ("threshold 2 ar 0.3", true),
    ("steps 0", false), ("threshold x", false), ("threshold 0.9 ar 1", false), ("", false),
    ("threshold 0.9 ar", false), ("steps 1.5", false), ("threshold -1", false),
  ])
  func policies(_ text: String, _ isOne: Bool) {
    #expect((FillPolicy(parsing: text) != nil) == isOne)
  }
}

extension String {
  /// Parts between occurrences of `separator`, without Foundation.
  func components(_ separator: String) -> [Substring] {
    split(separator: separator, omittingEmptySubsequences: false)
  }
}
