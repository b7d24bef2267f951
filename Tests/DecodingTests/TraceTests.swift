import Decoding
import DecodingPolicies
import Foundation
import TestSupport
import Testing

/// The default model's recorded traces, with the recorded confidences as the model: the loop and
/// its counting must choose the same slots and make the same canvases.
@Suite struct TraceTests {
  struct Golden: Decodable {
    struct Case: Decodable {
      var name: String
      var slots: Int?
      var options: Options?
      var trace: [Record]?
    }
    struct Options: Decodable {
      var steps: Int?
      var threshold: Double?
      var exact: Bool?
    }
    struct Record: Decodable {
      var conf: [[Double]]
      var commit: [Int]
      var canvas: [Int]
    }
    var cases: [Case]
  }

  struct Recorded: MaskPredictor {
    var canvasTokens = CanvasTokens(mask: 16, delete: 14, expand: 15)
    var records: ArraySlice<Golden.Record>

    mutating func predict(_ canvas: Canvas, _ query: PredictionQuery) throws -> Prediction {
      let next = records.popFirst()
      let record = try #require(next)
      #expect(record.conf.map { Int($0[0]) } == query.slots)
      return Prediction(
        slots: record.conf.map {
          SlotPrediction(slot: Int($0[0]), token: Int($0[1]), probability: Float($0[2]))
        }, forwardPasses: 1)
    }
  }

  /// The values of the default model's training code.
  private static var folder: String {
    SharedFiles.packageRoot + "/Tests/InferenceTests/Golden"
  }

  @Test func replay() throws {
    let name = try #require(SharedFiles.names(in: Self.folder).first { !$0.contains(".") })
    let path = "\(Self.folder)/\(name)/golden.json"
    let golden = try JSONDecoder().decode(
      Golden.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    for item in golden.cases {
      guard let records = item.trace, let options = item.options, let slots = item.slots else {
        continue
      }
      let unmasking: UnmaskingPolicy =
        options.steps.map { .steps($0, .linear) }
        ?? .threshold(options.threshold ?? 1, always: .frontier)
      var denoiser = Denoiser(
        Recorded(records: records[...]), canvas: Canvas(masks: slots),
        policy: DenoisingPolicy(unmasking: unmasking, lengthMayChange: options.exact == false))
      for record in records {
        let step = try #require(try denoiser.next(), "\(item.name) ends early")
        #expect(step.committed == record.commit, "\(item.name) step \(step.index)")
        let canvas = step.canvas.slots.map { slot in
          switch slot.content {
          case .masked: 16
          case .deleted: 14
          case .token(let token): token
          }
        }
        #expect(canvas == record.canvas, "\(item.name) step \(step.index)")
      }
      #expect(try denoiser.next() == nil, "\(item.name) goes on")
    }
  }
}
