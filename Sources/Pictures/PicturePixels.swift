/// A picture as a vision tower takes it: resized to whole cells and normalised.
///
/// Follows `ImageEncoder` of mistral_common, of which the published checkpoint's `image_processing.py`
/// is a port, and OpenCV's `resize` with `INTER_CUBIC`: bicubic with a = −3/4, edges repeated, also
/// where it enlarges, and without a filter where it shrinks. It agrees with OpenCV to 5e-6.
public struct PicturePixels: Sendable, Equatable {
  public let width: Int
  public let height: Int
  /// `[3, height, width]`: red, green, blue, about −1.8...2.2.
  public let values: [Float]

  /// Mean and standard deviation of red, green and blue, of samples between 0 and 1 (CLIP).
  private static let means: [Float] = [0.481_454_66, 0.457_827_5, 0.408_210_73]
  private static let deviations: [Float] = [0.268_629_54, 0.261_302_58, 0.275_777_11]

  /// Resizes `picture` to the cells of `grid`, each of `cell` by `cell` pixels. `checkpoint` is called
  /// before each row; what it throws ends the work. O(pixels of source and result).
  public init(
    _ picture: Picture, grid: PictureGrid, cell: Int, checkpoint: () throws -> Void = {}
  ) rethrows {
    let (width, height) = (grid.columns * cell, grid.rows * cell)
    let across = CubicTaps(from: picture.size.width, to: width)
    let down = CubicTaps(from: picture.size.height, to: height)
    var values = [Float](repeating: 0, count: 3 * width * height)
    // Rows of the source, resized across, the latest ones: four of them make a row of the result.
    var resized: [Int: [Float]] = [:]
    for y in 0..<height {
      try checkpoint()
      let places = down.places(y)
      resized = resized.filter { places.contains($0.key) }
      for place in places where resized[place] == nil {
        resized[place] = across.resize(row: place, of: picture)
      }
      let rows = places.map { resized[$0] ?? [] }
      let weights = down.weights(y)
      for channel in 0..<3 {
        let (mean, deviation) = (Self.means[channel], Self.deviations[channel])
        let target = (channel * height + y) * width
        for x in 0..<width {
          let at = 3 * x + channel
          let sum =
            rows[0][at] * weights[0] + rows[1][at] * weights[1] + rows[2][at] * weights[2]
            + rows[3][at] * weights[3]
          values[target + x] = (sum / 255 - mean) / deviation
        }
      }
    }
    self.width = width
    self.height = height
    self.values = values
  }

  /// Pixels that are normalised already. Traps unless there are `3 · height · width` values.
  public init(width: Int, height: Int, values: [Float]) {
    precondition(values.count == 3 * width * height, "\(values.count) for \(width) by \(height)")
    self.width = width
    self.height = height
    self.values = values
  }
}

/// Which four source pixels make each pixel along one axis, and their weights.
private struct CubicTaps {
  private let count: Int
  private let source: Int
  private var firsts: [Int] = []
  private var factors: [Float] = []

  init(from source: Int, to target: Int) {
    self.source = source
    count = target
    for index in 0..<target {
      let place = (Double(index) + 0.5) * (Double(source) / Double(target)) - 0.5
      let whole = place.rounded(.down)
      firsts.append(Int(whole) - 1)
      factors += Self.weights(Float(place - whole))
    }
  }

  private static func weights(_ t: Float) -> [Float] {
    let a: Float = -0.75
    let s = t + 1
    let u = 1 - t
    let first = ((a * s - 5 * a) * s + 8 * a) * s - 4 * a
    let second = ((a + 2) * t - (a + 3)) * t * t + 1
    let third = ((a + 2) * u - (a + 3)) * u * u + 1
    return [first, second, third, 1 - first - second - third]
  }

  func weights(_ index: Int) -> [Float] { Array(factors[4 * index..<4 * index + 4]) }

  func places(_ index: Int) -> [Int] {
    (0..<4).map { min(max(firsts[index] + $0, 0), source - 1) }
  }

  /// Row `row` of a picture, resized: red, green and blue of each pixel.
  func resize(row: Int, of picture: Picture) -> [Float] {
    var result = [Float](repeating: 0, count: 3 * count)
    let start = 3 * row * picture.size.width
    for x in 0..<count {
      let first = firsts[x]
      for channel in 0..<3 {
        var sum: Float = 0
        for tap in 0..<4 {
          let place = min(max(first + tap, 0), source - 1)
          sum += Float(picture.rgb[start + 3 * place + channel]) * factors[4 * x + tap]
        }
        result[3 * x + channel] = sum
      }
    }
    return result
  }
}
