import Checkpoints
import Pictures
import Tensors
import TestSupport
import Testing

@testable import Transformers

/// What the reference data does not show of tower and projector.
@Suite struct VisionTests {
  static let folder = SharedFiles.path("golden/open/nemotron_labs_diffusion_vlm") ?? ""

  /// Features of a made-up picture of 4 by 3 cells, `[12, width]`.
  func features(
    _ format: LinearWeights.Format, threads: Int = 2, level: KernelLevel? = nil
  ) throws -> [Float] {
    let kernels = try Kernels(level: level, threads: threads)
    let model = try Transformer(Checkpoint.open(Self.folder), kernels: kernels, format: format)
    let vision = try #require(model.vision)
    let (width, height) = (4 * vision.configuration.cellSize, 3 * vision.configuration.cellSize)
    let values = (0..<3 * width * height).map { Float(($0 * 37 + $0 / width * 11) % 101) / 25 - 2 }
    let run = vision.begin(PicturePixels(width: width, height: height, values: values))
    while run.advance() {}
    return try run.finish().values()
  }

  /// Relative root of the mean square of the differences.
  private func difference(_ a: [Float], _ b: [Float]) -> Float {
    let error = zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    return (error / b.reduce(0) { $0 + $1 * $1 }).squareRoot()
  }

  @Test(arguments: zip([LinearWeights.Format.bf16, .int8], [0.02, 0.04] as [Float]))
  func roundedWeightsSeeTheSame(format: LinearWeights.Format, limit: Float) throws {
    let difference = try difference(features(format), features(.f32))
    #expect(difference > 0 && difference < limit, "\(format): \(difference)")
  }

  @Test func featuresAreTheSameForAnyNumberOfThreads() throws {
    #expect(try features(.int8, threads: 1) == features(.int8, threads: 3))
    #expect(try features(.f32, threads: 1) == features(.f32, threads: 3))
  }

  @Test func featuresAreTheSameAtEveryLevel() throws {
    let portable = try features(.int8, level: .portable)
    for level in KernelLevel.allCases where level != .openblas {
      guard (try? Kernels(level: level, threads: 1)) != nil else { continue }
      #expect(try features(.int8, level: level) == portable, "\(level)")
    }
  }

  @Test func rowsOfPicturesHaveIdsOfTheirOwn() {
    let pictures = PictureRows(vocabularySize: 10)
    let target = Matrix(rows: 1, columns: 2)
    var first: PictureFeatures? = pictures.add(Matrix(rows: 2, columns: 2, [1, 2, 3, 4]))
    let second = pictures.add(Matrix(rows: 1, columns: 2, [5, 6]))
    #expect(first?.ids == 10..<12 && second.ids == 12..<13)
    pictures.copy(11, to: 0, of: target)
    #expect(target.values() == [3, 4])
    #expect(!pictures.contains(9) && pictures.contains(12) && !pictures.contains(13))
    first = nil
    #expect(!pictures.contains(10))
    let third = pictures.add(Matrix(rows: 1, columns: 2))
    #expect(third.ids == 13..<14)
  }

  @Test func aTextThatBeginsWithAnotherPictureIsAnotherText() throws {
    let kernels = try Kernels(threads: 1)
    let model = try Transformer(Checkpoint.open(Self.folder), kernels: kernels)
    let width = model.configuration.width
    func shown(_ value: Float) -> PictureFeatures {
      model.pictures.add(Matrix(rows: 1, columns: width, [Float](repeating: value, count: width)))
    }
    let (one, other) = (shown(0.5), shown(-0.5))
    func logits(_ picture: PictureFeatures) throws -> [Float] {
      let ids = [10] + picture.ids + [204, 202]
      try model.run(ForwardPass(ids, positions: Array(ids.indices)))
      return model.logits(rows: [ids.count - 1]).values()
    }
    #expect(try logits(one) != logits(other))
    withExtendedLifetime((one, other)) {}
  }
}
